// A log, and the body of a note, is a sequence of lines, each ended by LF, CR LF or a lone CR; the last one may lack its
// end. A line is what is left of those bytes without a byte-order mark and without the blanks around it, where a blank
// is what Python's `str.strip` takes away. Empty lines do not count.
//
// A line is one of:
//
//   an event          a JSON object whose envelope the reference accepts (see below)
//   a conflict record `{"conflict": ` + an event's line + `}`, exactly: an event that lost against another of its id
//   a marker          `<<<<<<<`, `|||||||`, `=======` or `>>>>>>>`, alone or before a space: what git leaves in a
//                     conflicted file
//   unreadable        anything else: torn, not JSON, not UTF-8, not an event, longer than `maximumLength`
//
// The envelope, with duplicate keys dropped (the last one counts):
//
//   aggregate_id   string, not empty            lamport_clock  integer from 0 on, also as `1.0`, `"7"` or `true`
//   causation_id   an id, null or absent        node_id        string, not empty
//   event_id       an id                        payload        object or absent
//   event_type     string, not empty            timestamp      a time (see Timestamp)

/// What a line of a log or note is.
package enum LineContent {
  case event(Envelope)
  /// The envelope's ranges lie inside the record.
  case conflict(Envelope)
  case marker
  case unreadable
}

/// Where the parts of an event stand in the bytes that were scanned, and those that order it.
package struct Envelope: Sendable {
  /// The event's own line.
  package let line: Range<Int>
  /// The normalised id.
  package let id: EventID
  /// The logical clock.
  package let lamportClock: LamportValue
  /// The clock as it is spelled.
  let clock: Range<Int>
  /// The string, quotes excluded; it holds escapes where `nodeHasEscapes`.
  package let node: Range<Int>
  package let nodeHasEscapes: Bool
  /// The values as they are spelled, quotes included.
  package let aggregateID: Range<Int>
  package let eventType: Range<Int>
  package let timestamp: Range<Int>
  /// `nil` when the event has none.
  package let payload: Range<Int>?

  /// The envelope of no event.
  static let none = Envelope(
    line: 0..<0, id: .zero, lamportClock: LamportValue(0), clock: 0..<0, node: 0..<0, nodeHasEscapes: false,
    aggregateID: 0..<0, eventType: 0..<0, timestamp: 0..<0, payload: nil)

  /// The node's id.
  package func nodeID(in bytes: Span<UInt8>) -> JSONString {
    nodeHasEscapes ? JSONString(unescaping: bytes, in: node) : JSONString(bytes: [UInt8](copying: bytes, in: node))
  }

  /// The text of a member that is a string.
  package func string(_ value: Range<Int>, in bytes: Span<UInt8>) -> JSONString {
    JSONString(unescaping: bytes, in: value.lowerBound + 1..<value.upperBound - 1)
  }
}

/// The lines of a byte sequence and what they are.
package enum LineScanner {
  /// The longest line that is looked into, in bytes.
  ///
  /// A longer one is kept and counted, and never parsed.
  package static let maximumLength = 1 << 20

  private static let conflictPrefix = Array(#"{"conflict": "#.utf8)

  /// The line that records `line` as the loser against another event of its id.
  package static func conflictRecord(of line: [UInt8]) -> [UInt8] {
    conflictPrefix + line + [UInt8(ascii: "}")]
  }

  /// Calls `body` with the range of each line of `bytes` that is not empty.
  package static func forEachLine<E>(
    in bytes: Span<UInt8>, _ body: (Range<Int>) throws(E) -> Void
  ) throws(E) {
    var start = 0
    while start < bytes.count {
      let end = endOfLine(bytes, start)
      let line = trimmed(bytes, start..<end)
      if !line.isEmpty { try body(line) }
      start = end + 1
    }
  }

  /// Where the line that begins at `start`, or in which it lies, ends.
  package static func endOfLine(_ bytes: Span<UInt8>, _ start: Int) -> Int {
    var end = start
    while true {
      // A line may be as long as the file: what is certainly no end is passed over as fast as memory gives it.
      while let first = bytes.word(at: end), let second = bytes.word(at: end &+ 8),
        let third = bytes.word(at: end &+ 16), let fourth = bytes.word(at: end &+ 24),
        Words.controls(first) | Words.controls(second) | Words.controls(third) | Words.controls(fourth) == 0
      {
        end &+= 32
      }
      guard let word = bytes.word(at: end) else { break }
      let ends = Words.endsOfLine(word)
      if ends != 0 { return end &+ Words.offset(of: ends) }
      end &+= 8
    }
    while end < bytes.count, bytes[end] != 0x0A, bytes[end] != 0x0D { end += 1 }
    return end
  }

  /// Says what the line at `range`, already without blanks, is.
  package static func content(of range: Range<Int>, in bytes: Span<UInt8>) -> LineContent {
    if range.count <= maximumLength, let envelope = envelope(of: range, in: bytes) { return .event(envelope) }
    if let inner = conflictedLine(in: range, of: bytes), inner.count <= maximumLength,
      let envelope = envelope(of: inner, in: bytes)
    {
      return .conflict(envelope)
    }
    return isMarker(range, in: bytes) ? .marker : .unreadable
  }

  private static func conflictedLine(in range: Range<Int>, of bytes: Span<UInt8>) -> Range<Int>? {
    guard range.count > conflictPrefix.count + 1, bytes[range.upperBound - 1] == UInt8(ascii: "}") else { return nil }
    for (offset, byte) in conflictPrefix.enumerated() where bytes[range.lowerBound + offset] != byte { return nil }
    let inner = range.lowerBound + conflictPrefix.count..<range.upperBound - 1
    // Blanks around the inner line would be another spelling of the record, which reading and writing would lose.
    return trimmed(bytes, inner) == inner ? inner : nil
  }

  private static func isMarker(_ range: Range<Int>, in bytes: Span<UInt8>) -> Bool {
    let first = bytes[range.lowerBound]
    guard "<|=>".utf8.contains(first), range.count >= 7,
      range.count == 7 || bytes[range.lowerBound + 7] == UInt8(ascii: " ")
    else { return false }
    for index in range.lowerBound..<range.lowerBound + 7 where bytes[index] != first { return false }
    return true
  }

  /// The members of an envelope that say something about the event as such.
  private enum Key: Int {
    case aggregateID, causationID, eventID, eventType, lamportClock, nodeID, payload, timestamp

    /// The names in the order of the cases.
    static let names = KeyTable([
      "aggregate_id", "causation_id", "event_id", "event_type", "lamport_clock", "node_id", "payload", "timestamp",
    ])
  }

  private struct Member {
    let range: Range<Int>
    let facts: JSONScanner.StringFacts
  }

  private struct Members {
    private var members = InlineArray<8, Member?>(repeating: nil)

    subscript(key: Key) -> Member? { members[key.rawValue] }

    mutating func set(_ member: Member, under index: Int) { members[index] = member }
  }

  /// The envelope of the event at `range`; `nil` when no event that the reference would accept stands there.
  package static func envelope(of range: Range<Int>, in bytes: Span<UInt8>) -> Envelope? {
    var position = range.lowerBound
    var members = Members()
    let isObject = JSONScanner.forEachMember(bytes, &position, range.upperBound) { key, position in
      let start = position
      guard let facts = JSONScanner.skipMember(bytes, &position, range.upperBound, depth: 1) else { return false }
      if let index = Key.names.index(of: key, in: bytes) {
        members.set(Member(range: start..<position, facts: facts), under: index)
      }
      return true
    }
    return isObject && position == range.upperBound ? envelope(of: range, members, in: bytes) : nil
  }

  /// The envelope of the event at `range`, and where the members of its payload stand, found in the same pass; `nil`
  /// when no event that the reference would accept stands there.
  package static func event(of range: Range<Int>, in bytes: Span<UInt8>) -> (Envelope, PayloadMembers)? {
    var position = range.lowerBound
    var members = Members()
    var payload = PayloadMembers(start: range.lowerBound)
    let isObject = JSONScanner.forEachMember(bytes, &position, range.upperBound) { key, position in
      let start = position
      let index = Key.names.index(of: key, in: bytes)
      var facts = JSONScanner.StringFacts()
      if index == Key.payload.rawValue, bytes[position] == UInt8(ascii: "{") {
        // Of two payloads the last one counts.
        payload = PayloadMembers(start: range.lowerBound)
        guard payload.read(bytes, &position, range.upperBound) else { return false }
      } else {
        guard let seen = JSONScanner.skipMember(bytes, &position, range.upperBound, depth: 1) else { return false }
        facts = seen
      }
      if let index { members.set(Member(range: start..<position, facts: facts), under: index) }
      return true
    }
    guard isObject, position == range.upperBound, let envelope = envelope(of: range, members, in: bytes) else {
      return nil
    }
    return (envelope, payload)
  }

  private static func envelope(of range: Range<Int>, _ members: Members, in bytes: Span<UInt8>) -> Envelope? {
    guard let eventID = members[.eventID], let id = identity(eventID, in: bytes),
      let aggregateID = members[.aggregateID], isText(aggregateID, in: bytes),
      let eventType = members[.eventType], isText(eventType, in: bytes),
      let nodeID = members[.nodeID], isText(nodeID, in: bytes),
      let clock = members[.lamportClock], let lamportClock = LamportValue(bytes, in: clock.range),
      let timestamp = members[.timestamp], Timestamp(bytes, in: timestamp.range) != nil
    else { return nil }
    if let payload = members[.payload], bytes[payload.range.lowerBound] != UInt8(ascii: "{") { return nil }
    if let causation = members[.causationID], bytes[causation.range.lowerBound] != UInt8(ascii: "n"),
      identity(causation, in: bytes) == nil
    {
      return nil
    }
    return Envelope(
      line: range, id: id, lamportClock: lamportClock, clock: clock.range,
      node: nodeID.range.lowerBound + 1..<nodeID.range.upperBound - 1, nodeHasEscapes: nodeID.facts.hasEscapes,
      aggregateID: aggregateID.range, eventType: eventType.range, timestamp: timestamp.range,
      payload: members[.payload]?.range)
  }

  /// The id that the beginning of an event's line spells; `nil` when it ends before that.
  static func identity(ofFragment bytes: Span<UInt8>) -> EventID? {
    var id: EventID?
    // The object is broken, yet the members before the break are not.
    _ = JSONScanner.forEachMember(of: bytes.indices, in: bytes) { key, value, facts in
      guard Key.names.index(of: key, in: bytes) == Key.eventID.rawValue else { return }
      id = identity(Member(range: value, facts: facts), in: bytes)
    }
    return id
  }

  private static func isText(_ member: Member, in bytes: Span<UInt8>) -> Bool {
    bytes[member.range.lowerBound] == UInt8(ascii: "\"") && member.range.count > 2 && !member.facts.hasLoneSurrogate
  }

  private static func identity(_ member: Member, in bytes: Span<UInt8>) -> EventID? {
    guard bytes[member.range.lowerBound] == UInt8(ascii: "\"") else { return nil }
    let inner = member.range.lowerBound + 1..<member.range.upperBound - 1
    guard member.facts.hasEscapes else { return EventID(ascii: bytes.extracting(inner)) }
    return EventID(ascii: JSONString(unescaping: bytes, in: inner).bytes.span)
  }
}

extension LineScanner {
  /// `range` without a byte-order mark and without the blanks at its ends.
  package static func trimmed(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
    var start = range.lowerBound
    var end = range.upperBound
    while let length = blank(bytes, start, end) { start += length }
    while let length = blankBefore(bytes, start, end) { end -= length }
    return start..<end
  }

  /// The length of the blank or byte-order mark that begins at `start`.
  private static func blank(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int? {
    guard start < end else { return nil }
    switch bytes[start] {
    case 0x09...0x0D, 0x1C...0x20: return 1
    case 0x21..<0xC2: return nil
    default:
      for length in 2...3 where start + length <= end && isWideBlank(bytes, start, length) { return length }
      return nil
    }
  }

  /// The length of the blank or byte-order mark that ends at `end`.
  private static func blankBefore(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int? {
    guard start < end else { return nil }
    switch bytes[end - 1] {
    case 0x09...0x0D, 0x1C...0x20: return 1
    case 0x21..<0x80, 0xC0...: return nil
    default:
      for length in 2...3 where end - length >= start && isWideBlank(bytes, end - length, length) { return length }
      return nil
    }
  }

  /// Whether the `length` bytes at `start` are one blank of Unicode beyond ASCII, or a byte-order mark.
  private static func isWideBlank(_ bytes: Span<UInt8>, _ start: Int, _ length: Int) -> Bool {
    if length == 2 { return bytes[start] == 0xC2 && (bytes[start + 1] == 0x85 || bytes[start + 1] == 0xA0) }
    switch (bytes[start], bytes[start + 1], bytes[start + 2]) {
    case (0xE1, 0x9A, 0x80), (0xE2, 0x80, 0x80...0x8A), (0xE2, 0x80, 0xA8...0xA9), (0xE2, 0x80, 0xAF),
      (0xE2, 0x81, 0x9F), (0xE3, 0x80, 0x80), (0xEF, 0xBB, 0xBF):
      return true
    default: return false
    }
  }
}
