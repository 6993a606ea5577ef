// The payload of an execution event always has these eleven members, `null` where a value is not known:
//
//   wp_id          string   the work package            cost_usd      float    US dollars
//   agent          string   who ran                     duration_ms   integer  wall time in milliseconds
//   role           string   see Role                    success       boolean
//   model          string                               error         string   the first error
//   input_tokens   integer  not from a cache            exit_code     integer  of the agent's process
//   output_tokens  integer  reasoning included
//
// A recorder that knows more adds members and never leaves one of these out. These are there only where they are known:
//
//   cache_read_tokens   integer  read from a cache               usage          what the agent said of its usage, as
//   cache_write_tokens  integer  read and put into a cache                      it said it
//   reasoning_tokens    integer  the part of output_tokens       model_usage    the same, model by model
//                                that is reasoning               cost_source    `reported` where the agent said the
//   session_id          string   the agent's name for the                       cost itself, see CostSource
//                                conversation                    attributed_by  how `feature`, `wp_id` and `role` were
//                                                               found out, by member: an object of texts
//
// The classes of tokens are disjoint but for reasoning, whatever the agent's own habit.

/// What an agent was asked to be.
public enum Role: String, CaseIterable, Sendable {
  case specifier, planner, implementer, reviewer, merger
}

/// Where a cost comes from.
public enum CostSource: String, Sendable {
  /// The agent said it.
  case reported
  /// It was worked out from tokens and prices.
  case estimated
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
  /// Tokens read that have nothing to do with a cache.
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
  /// Tokens read from a cache.
  public var cacheReadTokens: Int?
  /// Tokens read and put into a cache.
  public var cacheWriteTokens: Int?
  /// The part of the tokens written that is reasoning.
  public var reasoningTokens: Int?
  /// The agent's name for the conversation.
  public var sessionID: String?
  /// Where the cost comes from.
  public var costSource: CostSource?
  /// What the agent said of its usage, as it said it.
  public var usage: JSONValue?
  /// What the agent said of its usage model by model, as it said it.
  public var modelUsage: JSONValue?
  /// How feature, work package and role were found out, by member; `nil` where the caller named them.
  public var attributedBy: JSONValue?

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
    var payload = JSONObject([
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
    payload["cache_read_tokens"] = cacheReadTokens.map { .integer($0) }
    payload["cache_write_tokens"] = cacheWriteTokens.map { .integer($0) }
    payload["reasoning_tokens"] = reasoningTokens.map { .integer($0) }
    payload["session_id"] = sessionID.map { .string($0) }
    payload["cost_source"] = costSource.map { .string($0.rawValue) }
    payload["usage"] = usage
    payload["model_usage"] = modelUsage
    payload["attributed_by"] = attributedBy
    return payload
  }
}
