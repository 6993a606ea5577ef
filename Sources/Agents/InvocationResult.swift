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
  /// Tokens read that did not come from a cache.
  public var inputTokens: Int?
  /// Tokens written, reasoning included.
  public var outputTokens: Int?
  /// What the run cost, in US dollars.
  public var costUSD: Double?

  /// Creates a result.
  public init(
    success: Bool, exitCode: Int, stdout: String, stderr: String, durationSeconds: Double,
    filesModified: [String] = [], commitsMade: [String] = [], errors: [String] = [], warnings: [String] = [],
    model: String? = nil, inputTokens: Int? = nil, outputTokens: Int? = nil, costUSD: Double? = nil
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
  }
}
