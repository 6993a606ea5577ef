/// An event's line: where its members stand in the bytes that were scanned, and what orders it.
///
/// There is nothing in it but numbers, so that a reader fills the same one again for each line of a log.
@usableFromInline
package struct EventLine: Sendable {
  @usableFromInline private(set) var places = LinePlaces(start: 0)
  /// Where the line ends.
  private(set) var end = 0
  /// The normalised id.
  package private(set) var id = EventID.zero
  /// The logical clock, or the largest number where it is beyond.
  package private(set) var lamportClock: UInt64 = 0
  /// Where the payload stands; it ends at 0 when there is none.
  private var payload: (start: Int, end: Int) = (0, 0)

  /// How long the texts of nearly all ids and timestamps are, in bytes.
  static var usualIDLength: Int { 26 }
  static var usualTimeLength: Int { 32 }

  /// Forgets the line that was read before.
  @inline(__always)
  mutating func begin(at start: Int) {
    places.begin(at: start)
    payload = (0, 0)
  }

  /// Takes in where the scalar of `role` stands, counted from the beginning of the line.
  @inline(__always)
  mutating func set(_ role: LineRole, _ start: Int, _ end: Int) { places.setInLine(role, start, end) }

  /// Takes note of where the payload begins or ends, and of a word, in the literal at `position`.
  @inline(__always)
  mutating func note(_ part: LinePart, at position: Int) {
    if part.payloadOpens > 0 { payload.start = position &+ Int(part.payloadOpens) &- 1 }
    if part.payloadCloses > 0 { payload.end = position &+ Int(part.payloadCloses) }
    if part.word != .none {
      let position = position &- places.start
      places.setInLine(part.word, position &+ Int(part.wordStart), position &+ Int(part.wordEnd))
    }
  }

  /// The node's id, quotes excluded.
  @inline(__always)
  var node: Range<Int> { places.text(of: .nodeID) }

  /// Moves the line, which was read from a copy, to where it stands.
  mutating func move(by distance: Int) {
    places.move(by: distance)
    end += distance
    if payload.end > 0 { payload = (payload.start + distance, payload.end + distance) }
  }

  /// Takes in where the line ends, and which roles its scalars have.
  @inline(__always)
  mutating func end(at end: Int, withRoles roles: UInt32) {
    self.end = end
    places.roles = roles
  }

  /// Reads the envelope, whose texts are known to stand for themselves; false when LineScanner has to have a look at it.
  @inline(__always)
  mutating func readEnvelope(_ bytes: Span<UInt8>) -> Bool {
    guard end &- places.start <= LineScanner.maximumLength, places.hasEnvelope, isText(.aggregateID, bytes),
      isText(.eventType, bytes), isText(.nodeID, bytes),
      let clock = bytes.smallNumber(at: places.start(of: .lamportClock), digits: places.length(of: .lamportClock))
    else { return false }
    lamportClock = clock
    return readID(bytes) && hasTime(bytes) && (!places.has(.causationID) || isCausation(bytes))
  }

  /// Whether the scalar of `role`, which the line has, is a text, and not an empty one.
  @inline(__always)
  private func isText(_ role: LineRole, _ bytes: Span<UInt8>) -> Bool {
    places.length(of: role) > 2 && bytes[places.start(of: role)] == UInt8(ascii: "\"")
  }

  /// Reads the id, of whose bytes nothing is known yet.
  @inline(__always)
  private mutating func readID(_ bytes: Span<UInt8>) -> Bool {
    let start = places.start(of: .eventID)
    let length = EventLine.usualIDLength &+ 2
    if places.length(of: .eventID) == length, start >= 0, start <= bytes.count &- length,
      let id = EventID(quoted: bytes.extracting(start..<start &+ length))
    {
      self.id = id
      return true
    }
    return readUnusualID(bytes)
  }

  @inline(never)
  private mutating func readUnusualID(_ bytes: Span<UInt8>) -> Bool {
    guard isText(.eventID, bytes), let id = EventID(ascii: bytes.extracting(places.text(of: .eventID))) else {
      return false
    }
    self.id = id
    return true
  }

  /// Whether the timestamp is one; of its bytes nothing is known yet.
  @inline(__always)
  private func hasTime(_ bytes: Span<UInt8>) -> Bool {
    let start = places.start(of: .timestamp)
    let length = EventLine.usualTimeLength &+ 2
    if places.length(of: .timestamp) == length, start >= 0, start <= bytes.count &- length,
      Timestamp.isUsual(bytes.extracting(start..<start &+ length))
    {
      return true
    }
    return hasUnusualTime(bytes)
  }

  @inline(never)
  private func hasUnusualTime(_ bytes: Span<UInt8>) -> Bool {
    let range = places.range(of: .timestamp)
    var end = range.lowerBound
    // A time may have nearly any character between its date and its hours.
    guard bytes[end] == UInt8(ascii: "\""), JSONScanner.skipString(bytes, &end, range.upperBound)?.isPlain == true,
      end == range.upperBound
    else { return false }
    return Timestamp(bytes, in: range) != nil
  }

  /// Whether the cause, which the line has, is an event's id or null.
  @inline(never)
  private func isCausation(_ bytes: Span<UInt8>) -> Bool {
    bytes[places.start(of: .causationID)] == UInt8(ascii: "n")
      || isText(.causationID, bytes) && EventID(ascii: bytes.extracting(places.text(of: .causationID))) != nil
  }

  /// What LineScanner would have read of a line of known shape.
  var envelope: Envelope {
    Envelope(
      line: start..<end, id: id, lamportClock: LamportValue(lamportClock), clock: places.range(of: .lamportClock),
      node: node, nodeHasEscapes: false, aggregateID: aggregateID, eventType: eventType, timestamp: timestamp,
      payload: payload.end > 0 ? payload.start..<payload.end : nil)
  }
}

extension EventLine {
  /// Creates the line of an event that was parsed.
  package init(_ envelope: Envelope, _ members: PayloadMembers) {
    places = members.places
    end = envelope.line.upperBound
    id = envelope.id
    lamportClock = envelope.lamportClock.saturated
    let node = envelope.node.lowerBound - 1..<envelope.node.upperBound + 1
    for (role, range) in [
      (LineRole.aggregateID, envelope.aggregateID), (.eventType, envelope.eventType), (.lamportClock, envelope.clock),
      (.nodeID, node), (.timestamp, envelope.timestamp),
    ] {
      places.set(role, range.lowerBound, range.upperBound)
    }
    if let range = envelope.payload { payload = (range.lowerBound, range.upperBound) }
  }

  /// Where the line begins.
  package var start: Int { places.start }

  /// Where the line stands.
  package var range: Range<Int> { start..<end }

  /// The values as they are spelled, quotes included.
  package var aggregateID: Range<Int> { places.range(of: .aggregateID) }
  @inlinable
  @inline(__always)
  package var eventType: Range<Int> { places.range(of: .eventType) }
  package var nodeSpelling: Range<Int> { places.range(of: .nodeID) }
  package var timestamp: Range<Int> { places.range(of: .timestamp) }

  /// The spelling of the value under `key` of the payload, quotes included; `nil` when there is none.
  @inlinable
  @inline(__always)
  package subscript(key: PayloadKey) -> Range<Int>? { places[key] }

  /// The logical clock, however large.
  package func clock(in bytes: Span<UInt8>) -> LamportValue {
    lamportClock < .max
      ? LamportValue(lamportClock) : LamportValue(bytes, in: places.range(of: .lamportClock)) ?? LamportValue(.max)
  }

  /// The feature's slug.
  package func feature(in bytes: Span<UInt8>) -> JSONString {
    JSONString(unescaping: bytes, in: places.text(of: .aggregateID))
  }

  /// The node's id.
  package func nodeID(in bytes: Span<UInt8>) -> JSONString { JSONString(unescaping: bytes, in: node) }
}
