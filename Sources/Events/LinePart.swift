/// What a scalar in the line of an event is to those who read it.
@usableFromInline
enum LineRole: UInt8, Sendable {
  case none
  case aggregateID, causationID, eventID, eventType, lamportClock, nodeID, timestamp
  case agent, cacheReadTokens, cacheWriteTokens, costSource, costUSD, inputTokens, model, outputTokens, role, success
  case wpID

  /// The role of a member of the payload.
  init(_ key: PayloadKey) { self = LineRole(rawValue: UInt8(LineRole.index(of: key))) ?? .none }

  /// The number of the role of a member of the payload; the keys are in the order of the roles.
  @inlinable
  @inline(__always)
  static func index(of key: PayloadKey) -> Int { Int(LineRole.agent.rawValue) &+ key.rawValue }

  /// The bit that stands for it among those of other roles.
  @inline(__always)
  var bit: UInt32 { 1 &<< UInt32(rawValue) }

  /// Whether it is a member of the payload.
  @inline(__always)
  var isOfPayload: Bool { rawValue >= LineRole.agent.rawValue }
}

/// What stands between a literal in the shape of a line (see LineShapes) and the next one.
///
/// Each is a bit of its own: of an enumeration's cases the compiler would make a jump through a table.
struct LineGap: Equatable {
  private let bit: UInt8

  /// Nothing is known of what stands there.
  static var unknown: LineGap { LineGap(bit: 0) }
  /// A text, whose quotes belong to the literals.
  static var text: LineGap { LineGap(bit: 1) }
  /// A number, or a word where it varies.
  static var bare: LineGap { LineGap(bit: 2) }
  /// The texts of an event's id and of its timestamp, which are of one length nearly always.
  static var identity: LineGap { LineGap(bit: 4) }
  static var moment: LineGap { LineGap(bit: 8) }
  /// Nothing: the literal goes on.
  static var nothing: LineGap { LineGap(bit: 16) }
  /// The end of the line.
  static var end: LineGap { LineGap(bit: 32) }

  /// Whether it is `gap`.
  @inline(__always)
  func `is`(_ gap: LineGap) -> Bool { bit & gap.bit != 0 }
}

/// A literal in the shape of a line, or a piece of a long one, and what follows it.
struct LinePart: Equatable {
  /// The literal's length in bytes.
  var length: UInt8
  var gap: LineGap
  /// What the scalar in the gap is.
  var role = LineRole.none
  /// How many bytes of the literal there are up to and with the payload's first brace, and its last; else 0.
  var payloadOpens: UInt8 = 0
  var payloadCloses: UInt8 = 0
  /// A word in the literal that readers look at: what it is, and where it begins and ends.
  var word = LineRole.none
  var wordStart: UInt8 = 0
  var wordEnd: UInt8 = 0

  /// Whether the payload begins or ends here, or a word stands here that readers look at.
  var hasMarks: Bool { payloadOpens | payloadCloses != 0 || word != .none }
}
