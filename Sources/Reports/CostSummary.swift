package import Events

/// An amount of money as a whole number of millionths of a US dollar, so that sums do not depend on their order.
package struct MicroDollars: Hashable, Sendable, Comparable, AdditiveArithmetic {
  /// The amount.
  package let value: Int64

  /// Creates an amount.
  package init(_ value: Int64) { self.value = value }

  /// Creates the amount nearest to a number of dollars, or the largest there is; `nil` for what is no number.
  package init?(dollars: Double) {
    guard !dollars.isNaN else { return nil }
    let scaled = (dollars * 1e6).rounded(.toNearestOrEven)
    value = Int64(exactly: scaled) ?? (scaled < 0 ? .min : .max)
  }

  /// No money.
  package static let zero = MicroDollars(0)

  /// Orders by amount.
  package static func < (left: MicroDollars, right: MicroDollars) -> Bool { left.value < right.value }

  /// The sum, or the largest amount there is.
  package static func + (left: MicroDollars, right: MicroDollars) -> MicroDollars {
    let (sum, overflows) = left.value.addingReportingOverflow(right.value)
    return MicroDollars(overflows ? (left.value < 0 ? .min : .max) : sum)
  }

  /// The difference.
  package static func - (left: MicroDollars, right: MicroDollars) -> MicroDollars {
    left + MicroDollars(right.value == .min ? .max : -right.value)
  }
}

/// What the runs of one agent on one work package cost.
package struct CostSummary: Hashable, Sendable {
  /// What events are summed up by.
  package struct Key: Hashable, Sendable, Comparable {
    /// The work package.
    package let wpID: String
    /// The agent.
    package let agent: String

    /// Orders by work package, then by agent.
    package static func < (left: Key, right: Key) -> Bool { (left.wpID, left.agent) < (right.wpID, right.agent) }
  }

  /// The number of events.
  package var events = 0
  /// How many of them have no token counts.
  package var eventsWithoutUsage = 0
  /// How many of them have no cost.
  package var eventsWithoutCost = 0
  /// Tokens read.
  package var inputTokens = 0
  /// Tokens written.
  package var outputTokens = 0
  /// The cost that was reported.
  package var cost = MicroDollars.zero

  /// Creates the summary of nothing.
  package init() {}

  /// The summary of the events of both.
  package static func + (left: CostSummary, right: CostSummary) -> CostSummary {
    var sum = left
    sum.events += right.events
    sum.eventsWithoutUsage += right.eventsWithoutUsage
    sum.eventsWithoutCost += right.eventsWithoutCost
    sum.inputTokens = sum.inputTokens.addingSaturating(right.inputTokens)
    sum.outputTokens = sum.outputTokens.addingSaturating(right.outputTokens)
    sum.cost = sum.cost + right.cost
    return sum
  }

  /// The summaries of the execution events in `set`.
  package static func summaries(of set: EventSet) -> [Key: CostSummary] {
    var summaries: [Key: CostSummary] = [:]
    set.forEachEvent { _, line in
      guard let envelope = LineScanner.envelope(of: line.indices, in: line),
        envelope.string(envelope.eventType, in: line) == Event.executionType
      else { return }
      let payload = envelope.payload.flatMap { JSONValue(line, in: $0)?.object } ?? JSONObject()
      let key = Key(wpID: payload["wp_id"]?.text ?? "", agent: payload["agent"]?.text ?? "unknown")
      summaries[key, default: CostSummary()] = summaries[key, default: CostSummary()] + CostSummary(of: payload)
    }
    return summaries
  }

  private init(of payload: JSONObject) {
    events = 1
    let input = payload["input_tokens"]?.count
    let output = payload["output_tokens"]?.count
    eventsWithoutUsage = input == nil && output == nil ? 1 : 0
    inputTokens = input ?? 0
    outputTokens = output ?? 0
    let reported = payload["cost_usd"]?.dollars
    eventsWithoutCost = reported == nil ? 1 : 0
    cost = reported ?? .zero
  }
}

extension Int {
  /// The sum, or the largest number there is.
  fileprivate func addingSaturating(_ other: Int) -> Int {
    let (sum, overflows) = addingReportingOverflow(other)
    return overflows ? (self < 0 ? .min : .max) : sum
  }
}

extension JSONValue {
  /// The number of tokens that this value gives; `nil` when it gives none.
  fileprivate var count: Int? {
    switch self {
    case .integer(let integer): integer.int64.map { Int(clamping: $0) } ?? (integer.digits.hasPrefix("-") ? .min : .max)
    case .float(let float): float.isFinite ? Int(exactly: float.rounded()) ?? (float < 0 ? .min : .max) : nil
    default: nil
    }
  }

  /// The amount that this value gives in dollars; `nil` when it gives none.
  fileprivate var dollars: MicroDollars? {
    switch self {
    case .integer(let integer): Double(integer.digits).flatMap { MicroDollars(dollars: $0) }
    case .float(let float): MicroDollars(dollars: float)
    default: nil
    }
  }
}
