internal import Events

/// What one event says about its cost.
struct RunCost {
  /// The tokens that the run took.
  let usage: TokenUsage
  /// The cost that the event names; `nil` when it names none.
  let named: MicroDollars?
  /// Whether that cost was estimated when the event was recorded.
  let isEstimate: Bool

  init(_ members: PayloadMembers, in bytes: Span<UInt8>) {
    func tokens(_ key: PayloadKey) -> Int128? {
      members[key].flatMap { range in
        RunCost.wholeNumber(range, in: bytes) ?? JSONValue(bytes, in: range).flatMap(Int128.init(tokens:))
      }
    }
    usage = TokenUsage(
      input: tokens(.inputTokens), output: tokens(.outputTokens), cacheRead: tokens(.cacheReadTokens),
      cacheWrite: tokens(.cacheWriteTokens))
    named = members[.costUSD].flatMap { RunCost.amount($0, in: bytes) ?? JSONValue(bytes, in: $0)?.cost }
    isEstimate = members[.costSource].map { JSONValue(bytes, in: $0) == .string("estimated") } ?? false
  }

  /// The number that a few digits spell, as nearly all counts are; `nil` for anything else.
  private static func wholeNumber(_ range: Range<Int>, in bytes: Span<UInt8>) -> Int128? {
    guard range.count <= 18 else { return nil }
    var value: Int64 = 0
    for index in range {
      guard let digit = digit(bytes[index]) else { return nil }
      value = value * 10 + digit
    }
    return Int128(value)
  }

  /// The amount that a few digits spell, at most six of them behind the point, as nearly all costs are; `nil` for
  /// anything else.
  ///
  /// So many digits are the amount itself: the binary fraction that they stand for rounds back to them.
  private static func amount(_ range: Range<Int>, in bytes: Span<UInt8>) -> MicroDollars? {
    guard range.count <= 15 else { return nil }
    var value: Int64 = 0
    var decimals: Int?
    for index in range {
      if let digit = digit(bytes[index]) {
        value = value * 10 + digit
        decimals = decimals.map { $0 + 1 }
      } else {
        guard bytes[index] == UInt8(ascii: "."), decimals == nil else { return nil }
        decimals = 0
      }
    }
    guard decimals ?? 0 <= 6 else { return nil }
    for _ in (decimals ?? 0)..<6 { value *= 10 }
    return MicroDollars(Int128(value))
  }

  private static func digit(_ byte: UInt8) -> Int64? {
    byte &- UInt8(ascii: "0") < 10 ? Int64(byte &- UInt8(ascii: "0")) : nil
  }
}
