public import Events

// The classes of tokens are disjoint, whatever the agent's own habit, so that their sum is all that was processed and
// each has a price of its own:
//
//   inputTokens        read, and neither from nor into a cache
//   cacheReadTokens    read from a cache
//   cacheWriteTokens   read and put into a cache
//   outputTokens       written, reasoning included
//   reasoningTokens    the part of outputTokens that is reasoning
//
// What an agent does not say is `nil`, never 0.

/// What running an agent once came to.
///
/// The telemetry fields are `nil` where the agent did not say; code that was built before there were any compiles
/// unchanged.
public struct InvocationResult: Hashable, Sendable {
  /// Whether the agent did what it was asked to.
  public var success: Bool
  /// The exit status of the agent's process.
  public var exitCode: Int
  /// What the agent wrote to standard output.
  public var stdout: String
  /// What the agent wrote to standard error.
  public var stderr: String
  /// Wall time in seconds.
  public var durationSeconds: Double
  /// The paths that the agent changed.
  public var filesModified: [String]
  /// The ids of the commits that the agent made.
  public var commitsMade: [String]
  /// What went wrong, a sentence each, the first one first.
  public var errors: [String]
  /// What may be wrong, a sentence each.
  public var warnings: [String]
  /// The model that answered.
  public var model: String?
  /// Tokens read that have nothing to do with a cache.
  public var inputTokens: Int?
  /// Tokens written, reasoning included.
  public var outputTokens: Int?
  /// What the run cost, in US dollars.
  public var costUSD: Double?
  /// Tokens read from a cache.
  public var cacheReadTokens: Int?
  /// Tokens read and put into a cache.
  public var cacheWriteTokens: Int?
  /// The part of the tokens written that is reasoning.
  public var reasoningTokens: Int?
  /// The agent's name for the conversation.
  public var sessionID: String?
  /// What the agent reported of its usage, as it reported it.
  public var usage: JSONValue?
  /// What the agent reported of its usage model by model, as it reported it.
  public var modelUsage: JSONValue?

  /// Creates a result.
  public init(
    success: Bool, exitCode: Int, stdout: String, stderr: String, durationSeconds: Double,
    filesModified: [String] = [], commitsMade: [String] = [], errors: [String] = [], warnings: [String] = [],
    model: String? = nil, inputTokens: Int? = nil, outputTokens: Int? = nil, costUSD: Double? = nil,
    cacheReadTokens: Int? = nil, cacheWriteTokens: Int? = nil, reasoningTokens: Int? = nil, sessionID: String? = nil,
    usage: JSONValue? = nil, modelUsage: JSONValue? = nil
  ) {
    self.success = success
    self.exitCode = exitCode
    self.stdout = stdout
    self.stderr = stderr
    self.durationSeconds = durationSeconds
    self.filesModified = filesModified
    self.commitsMade = commitsMade
    self.errors = errors
    self.warnings = warnings
    self.model = model
    self.inputTokens = inputTokens
    self.outputTokens = outputTokens
    self.costUSD = costUSD
    self.cacheReadTokens = cacheReadTokens
    self.cacheWriteTokens = cacheWriteTokens
    self.reasoningTokens = reasoningTokens
    self.sessionID = sessionID
    self.usage = usage
    self.modelUsage = modelUsage
  }
}
