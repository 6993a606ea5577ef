/// Where the scalars that readers look at stand in the line of an event.
///
/// Reports ask for them at every line, so that the compiler may put the answers where they ask.
@usableFromInline
struct LinePlaces: Sendable {
  /// Where the line begins.
  @usableFromInline private(set) var start: Int
  /// A bit for each role that a scalar of this line has.
  @usableFromInline var roles: UInt32 = 0

  /// Where a scalar stands, counted from the beginning of the line.
  @usableFromInline
  struct Place: Sendable {
    @usableFromInline var start: UInt32 = 0
    @usableFromInline var end: UInt32 = 0
  }

  /// The scalars' places by their roles, of which five bits need no check; those of roles that the line does not have are
  /// of another line.
  @usableFromInline var places = InlineArray<32, Place>(repeating: Place())

  /// The roles that every event's line has.
  private static let envelope =
    LineRole.aggregateID.bit | LineRole.eventID.bit | LineRole.eventType.bit | LineRole.lamportClock.bit
    | LineRole.nodeID.bit | LineRole.timestamp.bit

  /// Creates the places of a line that begins at `start`, of which nothing is known yet.
  init(start: Int) { self.start = start }

  /// Forgets the line that was read before.
  @inline(__always)
  mutating func begin(at start: Int) {
    self.start = start
    roles = 0
  }

  /// Moves the line.
  mutating func move(by distance: Int) { start += distance }

  /// Takes in where the scalar of `role` stands in the bytes.
  @inline(__always)
  mutating func set(_ role: LineRole, _ start: Int, _ end: Int) {
    setInLine(role, start &- self.start, end &- self.start)
    roles |= role.bit
  }

  /// Takes in where the scalar of `role` stands, counted from the beginning of the line; that the line has such a one is
  /// said elsewhere.
  @inline(__always)
  mutating func setInLine(_ role: LineRole, _ start: Int, _ end: Int) {
    let place = Place(start: UInt32(truncatingIfNeeded: start), end: UInt32(truncatingIfNeeded: end))
    places[Int(role.rawValue & 31)] = place
  }

  /// Whether the line has a scalar for every role that each event's line has.
  @inline(__always)
  var hasEnvelope: Bool { roles & LinePlaces.envelope == LinePlaces.envelope }

  /// Whether the line has a scalar of `role`.
  @inline(__always)
  func has(_ role: LineRole) -> Bool { roles & role.bit != 0 }

  /// Where the scalar of `role`, which the line has, stands in the bytes.
  @inlinable
  @inline(__always)
  func range(of role: LineRole) -> Range<Int> { range(at: Int(role.rawValue)) }

  @inlinable
  @inline(__always)
  func range(at index: Int) -> Range<Int> {
    let place = places[index & 31]
    return start &+ Int(place.start)..<start &+ Int(place.end)
  }

  /// Where the scalar of `role`, which the line has, begins in the bytes.
  @inline(__always)
  func start(of role: LineRole) -> Int { start &+ Int(places[Int(role.rawValue & 31)].start) }

  /// How many bytes the scalar of `role`, which the line has, takes.
  @inline(__always)
  func length(of role: LineRole) -> Int {
    let place = places[Int(role.rawValue & 31)]
    return Int(truncatingIfNeeded: place.end) &- Int(truncatingIfNeeded: place.start)
  }

  /// Where the scalar under `key` of the payload stands in the bytes; `nil` when there is none.
  @inlinable
  @inline(__always)
  subscript(key: PayloadKey) -> Range<Int>? {
    let index = LineRole.index(of: key)
    return roles & (1 &<< UInt32(truncatingIfNeeded: index)) != 0 ? range(at: index) : nil
  }

  /// Where the text of the scalar of `role`, which is a string, stands in the bytes, quotes excluded.
  @inline(__always)
  func text(of role: LineRole) -> Range<Int> {
    let range = range(of: role)
    return range.lowerBound &+ 1..<range.upperBound &- 1
  }
}
