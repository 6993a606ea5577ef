/// What a report may ask of a payload.
@usableFromInline
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
  private(set) var places: LinePlaces

  /// Creates the record of an event's line that begins at `start`, before any member is known.
  init(start: Int) { places = LinePlaces(start: start) }

  /// Creates the record of what is known of a line.
  init(_ places: LinePlaces) { self.places = places }

  /// The spelling of the value under `key`, quotes included; `nil` when the payload has none.
  package subscript(key: PayloadKey) -> Range<Int>? { places[key] }

  /// Reads the payload that begins at `position`, which moves behind it; false when it is broken.
  mutating func read(_ bytes: Span<UInt8>, _ position: inout Int, _ end: Int) -> Bool {
    var places = places
    let isObject = JSONScanner.forEachMember(bytes, &position, end) { key, position in
      let start = position
      guard JSONScanner.skipMember(bytes, &position, end, depth: 2) != nil else { return false }
      if let key = PayloadKey(of: key, in: bytes) {
        places.set(LineRole(key), start, position)
      }
      return true
    }
    self.places = places
    return isObject
  }
}
