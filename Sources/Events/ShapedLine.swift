/// An event whose line has a known shape (see LineShapes): where its members stand, and what orders it.
struct ShapedLine {
  /// Where the line begins and ends.
  private(set) var start = 0
  var end = 0
  /// The normalised id and the logical clock.
  private(set) var id = EventID.zero
  private(set) var lamportClock: UInt64 = 0
  /// A bit for each role that a scalar of this line has.
  private var roles: UInt32 = 0

  /// Where a scalar stands, counted from the beginning of the line.
  private struct Place {
    var start: UInt32 = 0
    var end: UInt32 = 0
  }

  /// Places of roles that the line does not have are those of another line.
  private var places = InlineArray<19, Place>(repeating: Place())
  private var payload = Place()

  /// Forgets the line that was read before.
  @inline(__always)
  mutating func begin(at start: Int) {
    self.start = start
    roles = 0
    payload = Place()
  }

  /// Takes in where the scalar of `role` stands, counted from the beginning of the line.
  @inline(__always)
  mutating func set(_ role: LineRole, _ start: Int, _ end: Int) {
    places[Int(role.rawValue)] = Place(start: UInt32(truncatingIfNeeded: start), end: UInt32(truncatingIfNeeded: end))
    roles |= 1 &<< UInt32(role.rawValue)
  }

  /// Notes where the payload begins or ends, from the literal at `offset`.
  mutating func note(_ part: LinePart, at offset: Int) {
    if part.payloadOpens > 0 { payload.start = UInt32(offset + Int(part.payloadOpens) - 1) }
    if part.payloadCloses > 0 { payload.end = UInt32(offset + Int(part.payloadCloses)) }
  }

  @inline(__always)
  private func has(_ role: LineRole) -> Bool { roles & (1 &<< UInt32(role.rawValue)) != 0 }

  /// Where the scalar of `role`, which the line has, stands in the bytes.
  @inline(__always)
  private func range(of role: LineRole) -> Range<Int> {
    let place = places[Int(role.rawValue)]
    return start &+ Int(place.start)..<start &+ Int(place.end)
  }

  /// The node's id, quotes excluded.
  @inline(__always)
  var node: Range<Int> { text(.nodeID) }

  @inline(__always)
  private func text(_ role: LineRole) -> Range<Int> {
    let place = places[Int(role.rawValue)]
    return start &+ Int(place.start) &+ 1..<start &+ Int(place.end) &- 1
  }

  /// Reads the envelope, whose strings are without escapes; false when LineScanner has to have a look at it.
  @inline(__always)
  mutating func readEnvelope(_ bytes: Span<UInt8>) -> Bool {
    guard isText(.aggregateID, bytes), isText(.eventType, bytes), isText(.nodeID, bytes),
      isString(.eventID, bytes), let id = EventID(ascii: bytes.extracting(text(.eventID))),
      let clock = LamportValue.smallNumber(bytes, in: range(of: .lamportClock)),
      Timestamp.isTime(bytes, in: range(of: .timestamp))
    else { return false }
    if has(.causationID), bytes[range(of: .causationID).lowerBound] != UInt8(ascii: "n") {
      guard isString(.causationID, bytes), EventID(ascii: bytes.extracting(text(.causationID))) != nil else {
        return false
      }
    }
    self.id = id
    lamportClock = clock
    return true
  }

  @inline(__always)
  private func isString(_ role: LineRole, _ bytes: Span<UInt8>) -> Bool {
    bytes[range(of: role).lowerBound] == UInt8(ascii: "\"")
  }

  /// Whether the scalar is a string that is not empty.
  @inline(__always)
  private func isText(_ role: LineRole, _ bytes: Span<UInt8>) -> Bool {
    isString(role, bytes) && range(of: role).count > 2
  }

  /// What LineScanner would have read.
  var envelope: Envelope {
    let payload = payload.end > 0 ? start + Int(payload.start)..<start + Int(payload.end) : nil
    return Envelope(
      line: start..<self.end, id: id, lamportClock: LamportValue(lamportClock), node: node, nodeHasEscapes: false,
      aggregateID: range(of: .aggregateID), eventType: range(of: .eventType), timestamp: range(of: .timestamp),
      payload: payload)
  }

  /// Where the payload's members stand.
  var members: PayloadMembers {
    var members = PayloadMembers()
    for key in PayloadKey.allCases where has(LineRole(key)) { members.set(range(of: LineRole(key)), under: key) }
    return members
  }
}
