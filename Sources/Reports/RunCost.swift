internal import Events

/// What one event says about its cost.
struct RunCost {
  /// The tokens that the run took.
  let usage: TokenUsage
  /// The cost that the event names; `nil` when it names none.
  let named: MicroDollars?
  /// Whether that cost was estimated when the event was recorded.
  let isEstimate: Bool

  private static let estimated = TextCondition(CostSource.estimated.rawValue)

  init(_ line: EventLine, in bytes: Span<UInt8>) {
    func known(_ key: PayloadKey) -> Range<Int>? {
      line[key].flatMap { bytes[$0.lowerBound] == UInt8(ascii: "n") ? nil : $0 }
    }
    func tokens(_ key: PayloadKey) -> Int128? {
      known(key).flatMap { range in
        // Nearly all counts are a few digits.
        bytes.wholeNumber(in: range).map { Int128($0) } ?? JSONValue(bytes, in: range).flatMap(Int128.init(tokens:))
      }
    }
    usage = TokenUsage(
      input: tokens(.inputTokens), output: tokens(.outputTokens), cacheRead: tokens(.cacheReadTokens),
      cacheWrite: tokens(.cacheWriteTokens))
    named = known(.costUSD).flatMap { range in
      // So few digits are the amount itself: the binary fraction that they stand for rounds back to them.
      bytes.millionths(in: range).map { MicroDollars(Int128($0)) } ?? JSONValue(bytes, in: range)?.cost
    }
    isEstimate = RunCost.isEstimate(line[.costSource], in: bytes)
  }

  /// Whether a cost of that source, if one is told, was estimated when the event was recorded.
  @inline(__always)
  static func isEstimate(_ source: Range<Int>?, in bytes: Span<UInt8>) -> Bool {
    source.map { estimated.holds(for: $0, in: bytes) } ?? false
  }
}
