extension JSONScanner {
  /// The key of a member as it is spelled.
  struct MemberKey {
    /// The bytes between the quotes.
    let spelling: Range<Int>
    /// The bytes stand for something else than themselves.
    let hasEscapes: Bool
  }

  /// Where the value of the member `key` stands in `bytes`, one object; `nil` when there is none.
  ///
  /// The object itself does not count as a level, so that a member may be nested as deep as a line of its own.
  package static func range(ofMember key: JSONString, in bytes: Span<UInt8>) -> Range<Int>? {
    var found: Range<Int>?
    let names = KeyTable([key])
    let isObject = forEachMember(of: bytes.indices, in: bytes, depth: 0) { key, value, _ in
      if names.index(of: key, in: bytes) != nil { found = value }
    }
    return isObject ? found : nil
  }

  /// Calls `body` with the key, the value's range and what was seen of a string, for each member of the object that
  /// fills `range`; false when no well-formed object does.
  ///
  /// The values stand at `depth`.
  static func forEachMember(
    of range: Range<Int>, in bytes: Span<UInt8>, depth: Int = 1, _ body: (MemberKey, Range<Int>, StringFacts) -> Void
  ) -> Bool {
    var position = range.lowerBound
    let isObject = forEachMember(bytes, &position, range.upperBound) { key, position in
      let start = position
      guard let facts = skipMember(bytes, &position, range.upperBound, depth: depth) else { return false }
      body(key, start..<position, facts)
      return true
    }
    return isObject && position == range.upperBound
  }

  /// Calls `body` with the key of each member of the object that begins at `position`, and moves `position` behind the
  /// object; false when no well-formed one begins there.
  ///
  /// `body` moves the position from the beginning of the value to its end, and answers false when that is broken.
  static func forEachMember(
    _ bytes: Span<UInt8>, _ position: inout Int, _ end: Int, _ body: (MemberKey, inout Int) -> Bool
  ) -> Bool {
    guard position < end, bytes[position] == UInt8(ascii: "{") else { return false }
    position += 1
    skipSpace(bytes, &position, end)
    if position < end, bytes[position] == UInt8(ascii: "}") {
      position += 1
      return true
    }
    while true {
      let start = position + 1
      guard position < end, bytes[position] == UInt8(ascii: "\""), let facts = skipString(bytes, &position, end)
      else { return false }
      let key = MemberKey(spelling: start..<position - 1, hasEscapes: facts.hasEscapes)
      guard skipColon(bytes, &position, end), position < end, body(key, &position) else { return false }
      switch skipSeparator(bytes, &position, end, closing: UInt8(ascii: "}")) {
      case .next: continue
      case .closed: return true
      case .broken: return false
      }
    }
  }

  /// Moves `position` behind the value of a member, at `depth`, and says what was seen if it is a string; `nil` when
  /// it is broken.
  static func skipMember(_ bytes: Span<UInt8>, _ position: inout Int, _ end: Int, depth: Int) -> StringFacts? {
    guard bytes[position] != UInt8(ascii: "\"") else { return skipString(bytes, &position, end) }
    return skipValue(bytes, &position, end, depth: depth) ? StringFacts() : nil
  }
}

/// Names of members, to be found by the bytes of a key.
///
/// They are compared where they stand: as strings, Swift would call differently composed ones equal, and making
/// something of each key would take longer than reading the line.
struct KeyTable {
  private let bytes: [UInt8]
  /// Where each name ends, after a 0 where the first one begins.
  private let ends: [Int]

  init(_ names: [JSONString]) {
    bytes = names.flatMap(\.bytes)
    ends = names.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1.bytes.count) }
  }

  /// The position among the names of the one that `key` spells.
  func index(of key: JSONScanner.MemberKey, in line: Span<UInt8>) -> Int? {
    guard !key.hasEscapes else {
      let name = JSONString(unescaping: line, in: key.spelling).bytes
      return index(of: 0..<name.count, in: name.span)
    }
    return index(of: key.spelling, in: line)
  }

  private func index(of name: Range<Int>, in text: Span<UInt8>) -> Int? {
    for index in 0..<ends.count - 1 where ends[index + 1] - ends[index] == name.count {
      let start = ends[index]
      var length = 0
      while length < name.count, bytes[start + length] == text[name.lowerBound + length] { length += 1 }
      if length == name.count { return index }
    }
    return nil
  }
}
