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
  /// Whether the id and the timestamp have been read.
  private var hasID = false
  private var hasTime = false
  /// Where the payload stands; it ends at 0 when there is none.
  private var payload: (start: Int, end: Int) = (0, 0)

  /// Forgets the line that was read before.
  @inline(__always)
  mutating func begin(at start: Int) {
    places.begin(at: start)
    payload = (0, 0)
    (hasID, hasTime) = (false, false)
  }

  /// Takes in where the scalar of `role` stands, counted from the beginning of the line.
  @inline(__always)
  mutating func set(_ role: LineRole, _ start: Int, _ end: Int) { places.setInLine(role, start, end) }

  /// Takes in the id that `text` begins with, in quotes; false when it is spelled in an unusual way, or is none.
  ///
  /// It is no part of the loop over scalars, which needs the processor's registers for itself; nor is that of the time.
  @inline(never)
  mutating func readID(_ text: Span<UInt8>) -> Bool {
    guard let id = EventID(quoted: text) else { return false }
    self.id = id
    hasID = true
    return true
  }

  /// Takes in the timestamp that `text` begins with, in quotes; false when it is spelled in an unusual way, or is none.
  @inline(never)
  mutating func readTime(_ text: Span<UInt8>) -> Bool {
    hasTime = Timestamp.isUsual(text)
    return hasTime
  }

  /// Notes where the payload begins or ends, from the literal at `position`.
  @inline(__always)
  mutating func note(_ part: LinePart, at position: Int) {
    if part.payloadOpens > 0 { payload.start = position &+ Int(part.payloadOpens) &- 1 }
    if part.payloadCloses > 0 { payload.end = position &+ Int(part.payloadCloses) }
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
  @inline(never)
  mutating func readEnvelope(_ bytes: Span<UInt8>) -> Bool {
    guard end &- places.start <= LineScanner.maximumLength, places.hasEnvelope, isText(.aggregateID, bytes),
      isText(.eventType, bytes), isText(.nodeID, bytes),
      let clock = bytes.smallNumber(in: places.range(of: .lamportClock))
    else { return false }
    lamportClock = clock
    if !hasID {
      guard isText(.eventID, bytes), let id = EventID(ascii: bytes.extracting(places.text(of: .eventID))) else {
        return false
      }
      self.id = id
    }
    guard hasTime || Timestamp(bytes, in: places.range(of: .timestamp)) != nil else {
      return false
    }
    if places.has(.causationID), bytes[places.range(of: .causationID).lowerBound] != UInt8(ascii: "n") {
      guard isText(.causationID, bytes), EventID(ascii: bytes.extracting(places.text(of: .causationID))) != nil
      else { return false }
    }
    return true
  }

  /// Whether the scalar of `role`, which the line has, is a text, and not an empty one.
  @inline(__always)
  private func isText(_ role: LineRole, _ bytes: Span<UInt8>) -> Bool {
    let range = places.range(of: role)
    return range.count > 2 && bytes[range.lowerBound] == UInt8(ascii: "\"")
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
