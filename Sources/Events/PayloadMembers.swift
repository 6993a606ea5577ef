/// What a report may ask of a payload.
package enum PayloadKey: Int, CaseIterable, Sendable {
  case agent, cacheReadTokens, cacheWriteTokens, costSource, costUSD, inputTokens, model, outputTokens, role, success
  case wpID

  /// The names in the order of the cases.
  static let names = KeyTable([
    "agent", "cache_read_tokens", "cache_write_tokens", "cost_source", "cost_usd", "input_tokens", "model",
    "output_tokens", "role", "success", "wp_id",
  ])

  /// The one that `key` spells, if any.
  init?(of key: JSONScanner.MemberKey, in bytes: Span<UInt8>) {
    guard let index = PayloadKey.names.index(of: key, in: bytes) else { return nil }
    self.init(rawValue: index)
  }
}

/// Where the members of a payload stand in the bytes that were scanned.
package struct PayloadMembers: Sendable {
  /// An empty range stands for a member that is absent, since no value is empty.
  private var ranges = InlineArray<11, Range<Int>>(repeating: 0..<0)

  init() {}

  /// The spelling of the value under `key`, quotes included; `nil` when the payload has none.
  package subscript(key: PayloadKey) -> Range<Int>? {
    let range = ranges[key.rawValue]
    return range.isEmpty ? nil : range
  }

  /// Says where the value under `key` stands.
  mutating func set(_ range: Range<Int>, under key: PayloadKey) { ranges[key.rawValue] = range }

  /// Reads the payload that begins at `position`, which moves behind it; false when it is broken.
  mutating func read(_ bytes: Span<UInt8>, _ position: inout Int, _ end: Int) -> Bool {
    var ranges = ranges
    let isObject = JSONScanner.forEachMember(bytes, &position, end) { key, position in
      let start = position
      guard JSONScanner.skipMember(bytes, &position, end, depth: 2) != nil else { return false }
      if let index = PayloadKey.names.index(of: key, in: bytes) { ranges[index] = start..<position }
      return true
    }
    self.ranges = ranges
    return isObject
  }
}
