/// An event whose line has a known shape (see LineShapes): where its members stand, and what orders it.
struct ShapedLine {
  private(set) var places = LinePlaces(start: 0)
  /// Where the line ends.
  private(set) var end = 0
  /// The normalised id and the logical clock.
  private(set) var id = EventID.zero
  private(set) var lamportClock: UInt64 = 0
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

  /// Takes in where the scalar of `role` stands.
  @inline(__always)
  mutating func set(_ role: LineRole, _ start: Int, _ end: Int) { places.set(role, start, end) }

  /// Takes in the id that `text` begins with, in quotes; false when it is spelled in an unusual way, or is none.
  @inline(__always)
  mutating func readID(_ text: Span<UInt8>) -> Bool {
    guard let id = EventID(quoted: text) else { return false }
    self.id = id
    hasID = true
    return true
  }

  /// Takes in the timestamp that `text` begins with, in quotes; false when it is spelled in an unusual way, or is none.
  @inline(__always)
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

  /// Takes in where the line ends, and reads its envelope; false when LineScanner has to have a look at it.
  @inline(__always)
  mutating func end(at end: Int, before next: UInt8, in bytes: Span<UInt8>) -> Bool {
    self.end = end
    return (next == 0x0A || next == 0x0D) && end &- places.start <= LineScanner.maximumLength && readEnvelope(bytes)
  }

  /// Reads the envelope, whose texts are known to stand for themselves.
  @inline(__always)
  private mutating func readEnvelope(_ bytes: Span<UInt8>) -> Bool {
    guard isText(.aggregateID, bytes), isText(.eventType, bytes), isText(.nodeID, bytes), places.has(.lamportClock),
      let clock = bytes.smallNumber(in: places.range(of: .lamportClock))
    else { return false }
    lamportClock = clock
    if !hasID {
      guard isText(.eventID, bytes), let id = EventID(ascii: bytes.extracting(places.text(of: .eventID))) else {
        return false
      }
      self.id = id
    }
    guard hasTime || places.has(.timestamp) && Timestamp(bytes, in: places.range(of: .timestamp)) != nil else {
      return false
    }
    if places.has(.causationID), bytes[places.range(of: .causationID).lowerBound] != UInt8(ascii: "n") {
      guard isText(.causationID, bytes), EventID(ascii: bytes.extracting(places.text(of: .causationID))) != nil
      else { return false }
    }
    return true
  }

  /// Whether the scalar of `role` is a text, and not an empty one.
  @inline(__always)
  private func isText(_ role: LineRole, _ bytes: Span<UInt8>) -> Bool {
    guard places.has(role) else { return false }
    let range = places.range(of: role)
    return range.count > 2 && bytes[range.lowerBound] == UInt8(ascii: "\"")
  }

  /// What LineScanner would have read.
  var envelope: Envelope {
    let start = places.start
    return Envelope(
      line: start..<end, id: id, lamportClock: LamportValue(lamportClock), node: node, nodeHasEscapes: false,
      aggregateID: places.range(of: .aggregateID), eventType: places.range(of: .eventType),
      timestamp: places.range(of: .timestamp),
      payload: payload.end > 0 ? payload.start..<payload.end : nil)
  }
}
