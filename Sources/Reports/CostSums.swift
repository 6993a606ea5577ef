internal import Events

/// What the events of one group come to.
package struct CostSums: Hashable, Sendable {
  /// The number of events.
  package var events = 0
  /// How many of them have no token counts.
  package var eventsWithoutUsage = 0
  /// How many of them neither report a cost nor can be estimated.
  package var eventsWithoutCost = 0
  /// Tokens read that did not come from a cache.
  package var inputTokens: Int128 = 0
  /// Tokens written.
  package var outputTokens: Int128 = 0
  /// Tokens read from a cache.
  package var cacheReadTokens: Int128 = 0
  /// Tokens written to a cache.
  package var cacheWriteTokens: Int128 = 0
  /// The cost that was reported.
  package var reported = MicroDollars.zero
  /// The cost that was estimated.
  package var estimated = MicroDollars.zero

  /// Creates the sums of nothing.
  package init() {}

  /// The whole cost.
  package var cost: MicroDollars { reported + estimated }

  /// The sums of the events of both.
  package static func + (left: CostSums, right: CostSums) -> CostSums {
    var sum = left
    sum += right
    return sum
  }

  /// Adds the events of `right`.
  package static func += (left: inout CostSums, right: CostSums) {
    left.events += right.events
    left.eventsWithoutUsage += right.eventsWithoutUsage
    left.eventsWithoutCost += right.eventsWithoutCost
    left.inputTokens += right.inputTokens
    left.outputTokens += right.outputTokens
    left.cacheReadTokens += right.cacheReadTokens
    left.cacheWriteTokens += right.cacheWriteTokens
    left.reported = left.reported + right.reported
    left.estimated = left.estimated + right.estimated
  }

  /// Adds what one event says that names its cost.
  @inline(__always)
  mutating func add(_ figures: RunFigures, isEstimate: Bool) {
    events += 1
    if !figures.hasUsage { eventsWithoutUsage += 1 }
    inputTokens += Int128(figures.input)
    outputTokens += Int128(figures.output)
    if figures.hasCache {
      cacheReadTokens += Int128(figures.cacheRead)
      cacheWriteTokens += Int128(figures.cacheWrite)
    }
    let cost = MicroDollars(Int128(figures.cost))
    if isEstimate { estimated = estimated + cost } else { reported = reported + cost }
  }

  /// Adds what one event says, where it names no cost what it is estimated to have cost.
  mutating func add(_ run: RunCost, estimate: MicroDollars?) {
    events += 1
    if run.usage.isUnknown { eventsWithoutUsage += 1 }
    if let tokens = run.usage.input { inputTokens += tokens }
    if let tokens = run.usage.output { outputTokens += tokens }
    if let tokens = run.usage.cacheRead { cacheReadTokens += tokens }
    if let tokens = run.usage.cacheWrite { cacheWriteTokens += tokens }
    if let cost = run.named {
      if run.isEstimate { estimated = estimated + cost } else { reported = reported + cost }
    } else if let estimate {
      estimated = estimated + estimate
    } else {
      eventsWithoutCost += 1
    }
  }
}
