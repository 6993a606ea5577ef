/// An event whose line has a known shape (see LineShapes): where its members stand, and what orders it.
struct ShapedLine {
  private(set) var places = LinePlaces(start: 0)
  /// Where the line ends.
  var end = 0
  /// The normalised id and the logical clock.
  private(set) var id = EventID.zero
  private(set) var lamportClock: UInt64 = 0
  /// Where the payload stands, counted from the beginning of the line; it ends at 0 when there is none.
  private var payload: (start: Int, end: Int) = (0, 0)

  /// Forgets the line that was read before.
  @inline(__always)
  mutating func begin(at start: Int) {
    places.begin(at: start)
    payload = (0, 0)
  }

  /// Takes in where the scalar of `role` stands, counted from the beginning of the line.
  @inline(__always)
  mutating func set(_ role: LineRole, _ start: Int, _ end: Int) { places.set(role, start, end) }

  /// Notes where the payload begins or ends, from the literal at `offset`.
  mutating func note(_ part: LinePart, at offset: Int) {
    if part.payloadOpens > 0 { payload.start = offset + Int(part.payloadOpens) - 1 }
    if part.payloadCloses > 0 { payload.end = offset + Int(part.payloadCloses) }
  }

  /// The node's id, quotes excluded.
  @inline(__always)
  var node: Range<Int> { places.text(of: .nodeID) }

  /// Reads the envelope, whose strings are without escapes; false when LineScanner has to have a look at it.
  @inline(__always)
  mutating func readEnvelope(_ bytes: Span<UInt8>, _ texts: PlainTexts) -> Bool {
    guard texts.contains(.aggregateID), texts.contains(.eventType), texts.contains(.nodeID),
      let clock = bytes.smallNumber(in: places.range(of: .lamportClock))
    else { return false }
    lamportClock = clock
    if texts.hasID {
      id = texts.id
    } else {
      guard texts.contains(.eventID), let id = EventID(ascii: bytes.extracting(places.text(of: .eventID))) else {
        return false
      }
      self.id = id
    }
    guard texts.hasTime || Timestamp(bytes, in: places.range(of: .timestamp)) != nil else { return false }
    if places.has(.causationID), bytes[places.range(of: .causationID).lowerBound] != UInt8(ascii: "n") {
      guard texts.contains(.causationID), EventID(ascii: bytes.extracting(places.text(of: .causationID))) != nil
      else { return false }
    }
    return true
  }

  /// What LineScanner would have read.
  var envelope: Envelope {
    let start = places.start
    return Envelope(
      line: start..<end, id: id, lamportClock: LamportValue(lamportClock), node: node, nodeHasEscapes: false,
      aggregateID: places.range(of: .aggregateID), eventType: places.range(of: .eventType),
      timestamp: places.range(of: .timestamp),
      payload: payload.end > 0 ? start + payload.start..<start + payload.end : nil)
  }
}

/// Which scalars of a line are texts that stand for themselves, and are not empty.
struct PlainTexts {
  private var roles: UInt32 = 0
  /// The event's id, and whether it and the timestamp have been read.
  private(set) var id = EventID.zero
  private(set) var hasID = false
  private(set) var hasTime = false

  @inline(__always)
  mutating func insert(_ role: LineRole) { roles |= 1 &<< UInt32(role.rawValue) }

  @inline(__always)
  func contains(_ role: LineRole) -> Bool { roles & (1 &<< UInt32(role.rawValue)) != 0 }

  @inline(__always)
  mutating func setID(_ id: EventID) {
    self.id = id
    hasID = true
  }

  @inline(__always)
  mutating func setTime() { hasTime = true }
}
