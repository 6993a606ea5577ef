// The payload of an execution event always has these eleven members, `null` where a value is not known:
//
//   wp_id          string   the work package            cost_usd      float    US dollars
//   agent          string   who ran                     duration_ms   integer  wall time in milliseconds
//   role           string   see Role                    success       boolean
//   model          string                               error         string   the first error
//   input_tokens   integer  not from a cache            exit_code     integer  of the agent's process
//   output_tokens  integer  reasoning included
//
// A recorder that knows more adds members and never leaves one of these out.

/// What an agent was asked to be.
public enum Role: String, CaseIterable, Sendable {
  case specifier, planner, implementer, reviewer, merger
}

/// One run of an agent: the payload of an execution event.
public struct Invocation: Sendable {
  /// The work package, `N/A` outside of one.
  public var wpID: String
  /// The agent's name.
  public var agent: String
  /// What the agent was asked to be.
  public var role: Role
  /// The model that answered.
  public var model: String?
  /// Tokens read that did not come from a cache.
  public var inputTokens: Int?
  /// Tokens written, reasoning included.
  public var outputTokens: Int?
  /// What the run cost, in US dollars.
  public var costUSD: Double?
  /// Wall time in milliseconds.
  public var durationMS: Int
  /// Whether the agent did what it was asked to.
  public var success: Bool
  /// The first error.
  public var error: String?
  /// The exit status of the agent's process.
  public var exitCode: Int

  /// Creates an invocation; what is not given is unknown.
  public init(
    wpID: String, agent: String, role: Role, model: String? = nil, inputTokens: Int? = nil, outputTokens: Int? = nil,
    costUSD: Double? = nil, durationMS: Int = 0, success: Bool = true, error: String? = nil, exitCode: Int = 0
  ) {
    self.wpID = wpID
    self.agent = agent
    self.role = role
    self.model = model
    self.inputTokens = inputTokens
    self.outputTokens = outputTokens
    self.costUSD = costUSD
    self.durationMS = durationMS
    self.success = success
    self.error = error
    self.exitCode = exitCode
  }

  /// The payload.
  package var payload: JSONObject {
    JSONObject([
      ("wp_id", .string(wpID)),
      ("agent", .string(agent)),
      ("role", .string(role.rawValue)),
      ("model", model.map { .string($0) } ?? .null),
      ("input_tokens", inputTokens.map { .integer($0) } ?? .null),
      ("output_tokens", outputTokens.map { .integer($0) } ?? .null),
      ("cost_usd", costUSD.map { .float($0) } ?? .null),
      ("duration_ms", .integer(durationMS)),
      ("success", .bool(success)),
      ("error", error.map { .string($0) } ?? .null),
      ("exit_code", .integer(exitCode)),
    ])
  }
}
