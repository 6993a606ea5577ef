package import Events

/// What an agent's output says of the run.
package struct AgentReport: Sendable {
  /// How the run ended, in the agent's own words.
  package enum Outcome: Sendable {
    /// The agent finished its work.
    case succeeded
    /// The agent says that it failed.
    case failed
    /// A format that ends with a result has begun, and there is none.
    case unfinished
  }

  /// How the run ended; `nil` when the output does not say.
  package internal(set) var outcome: Outcome?
  /// The first thing that went wrong.
  package internal(set) var error: String?
  /// The model that answered; of several the one that wrote most.
  package internal(set) var model: String?
  /// The agent's name for the conversation.
  package internal(set) var sessionID: String?
  /// Wall time in milliseconds, as the agent measured it.
  package internal(set) var durationMS: Int?
  /// The exit status that the agent announced.
  package internal(set) var exitCode: Int?
  /// What the run cost, in US dollars.
  package internal(set) var costUSD: Double?
  /// What the agent reported of its usage, as it reported it.
  package internal(set) var usage: JSONValue?
  /// What the agent reported of its usage model by model, as it reported it.
  package internal(set) var modelUsage: JSONValue?
  var tokens = TokenCounts.unknown

  /// Tokens read that have nothing to do with a cache.
  package var inputTokens: Int? { tokens.input }
  /// Tokens read from a cache.
  package var cacheReadTokens: Int? { tokens.cacheRead }
  /// Tokens read and put into a cache.
  package var cacheWriteTokens: Int? { tokens.cacheWrite }
  /// Tokens written, reasoning included.
  package var outputTokens: Int? { tokens.output }
  /// The part of the tokens written that is reasoning.
  package var reasoningTokens: Int? { tokens.reasoning }

  /// The most bytes that are kept of what an agent reported as it is.
  static let maximumUsageLength = 8 << 10

  /// The report without what is too long to be kept, cut off or empty.
  var bounded: AgentReport {
    var report = self
    report.usage = usage.flatMap(AgentReport.kept)
    report.modelUsage = modelUsage.flatMap(AgentReport.kept)
    report.model = model.flatMap(AgentReport.name)
    report.sessionID = sessionID.flatMap(AgentReport.name)
    return report
  }

  private static func kept(_ value: JSONValue) -> JSONValue? {
    value != .null && value.canonicalText.count <= maximumUsageLength ? value : nil
  }

  /// A name that is one: not empty, and not a text that has got into its place.
  private static func name(_ text: String) -> String? {
    text.isEmpty || text.utf8.count > 256 ? nil : text
  }
}

extension JSONObject {
  /// The text of a member; `nil` for an empty one.
  func text(_ key: JSONString) -> String? {
    self[key]?.text.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// The count that a member gives: a whole number from 0 on.
  func count(_ key: JSONString) -> Int? {
    switch self[key] {
    case .integer(let number): number.int64.flatMap { $0 >= 0 ? Int($0) : nil }
    // JavaScript has no other numbers, and some serialisers show it.
    case .float(let number): number >= 0 ? Int(exactly: number) : nil
    default: nil
    }
  }

  /// The amount that a member gives: a number from 0 on.
  func amount(_ key: JSONString) -> Double? {
    let number: Double?
    switch self[key] {
    case .integer(let integer): number = Double(integer.digits)
    case .float(let float): number = float
    default: number = nil
    }
    return number.flatMap { $0.isFinite && $0 >= 0 ? $0 : nil }
  }

  /// The object under a key.
  func object(_ key: JSONString) -> JSONObject? { self[key]?.object }

  /// The sentence in a member that is a text, or an object with a message.
  func message(_ key: JSONString) -> String? {
    text(key) ?? object(key).flatMap { $0.text("message") ?? $0.object("data")?.text("message") ?? $0.text("name") }
  }
}
