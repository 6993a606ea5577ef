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

/// A literal in the shape of a line (see LineShapes), and what the scalar behind it is.
struct LinePart: Equatable {
  /// The literal's length in bytes.
  var length: UInt8
  var role: LineRole
  /// The line ends behind the literal.
  var isLast: Bool
  /// How many bytes of the literal there are up to and with the payload's first brace, and its last; else 0.
  var payloadOpens: UInt8 = 0
  var payloadCloses: UInt8 = 0
  /// The literal goes on behind this piece of it.
  var goesOn = false

  @inline(__always)
  var hasPayloadBrace: Bool { payloadOpens | payloadCloses != 0 }

  /// The parts of the literal at `range` cut into pieces of at most `length` bytes.
  func pieces(of range: Range<Int>, atMost length: Int) -> [(Range<Int>, LinePart)] {
    stride(from: 0, to: range.count, by: length).map { start in
      let end = min(start + length, range.count)
      var piece = self
      piece.length = UInt8(end - start)
      if end < range.count { (piece.role, piece.isLast, piece.goesOn) = (.none, false, true) }
      func offset(_ brace: UInt8) -> UInt8 { start < brace && brace <= end ? brace - UInt8(start) : 0 }
      (piece.payloadOpens, piece.payloadCloses) = (offset(payloadOpens), offset(payloadCloses))
      return (range.lowerBound + start..<range.lowerBound + end, piece)
    }
  }

  private static let names = KeyTable([
    "aggregate_id", "causation_id", "event_id", "event_type", "lamport_clock", "node_id", "timestamp", "payload",
  ])

  private static let maximumParts = 256

  /// The literals of the event that fills `range`, which is known to be one; `nil` when it is an odd one.
  ///
  /// Odd is what must not be told from its shape alone: two members of one name, names with escapes, a value that is no
  /// scalar where readers expect one. So is what would take too much room.
  static func parts(of range: Range<Int>, in bytes: Span<UInt8>) -> [(Range<Int>, LinePart)]? {
    var parts: [(Range<Int>, LinePart)] = []
    var start = range.lowerBound
    var position = start
    var depth = 0
    var part = LinePart(length: 0, role: .none, isLast: false)
    // A bit for each: the type of a set costs the runtime more to make than a whole line to read.
    var seen: UInt32 = 0
    func isNew(_ number: UInt8) -> Bool {
      defer { seen |= 1 << number }
      return seen & 1 << number == 0
    }
    /// Whether the member of the envelope that is gone through is the payload.
    var isPayload = false
    func isLong() -> Bool { position - start > Int(UInt8.max) || parts.count == maximumParts }
    while position < range.upperBound {
      switch bytes[position] {
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        // The value of a member that readers look at.
        guard part.role == .none else { return nil }
        depth += 1
        position += 1
        if isLong() { return nil }
        if isPayload, depth == 2 { part.payloadOpens = UInt8(position - start) }
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth -= 1
        position += 1
        if isLong() { return nil }
        if isPayload, depth == 1 { part.payloadCloses = UInt8(position - start) }
      case UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: " "), UInt8(ascii: "\t"): position += 1
      default:
        let scalar = position
        guard let facts = JSONScanner.skipMember(bytes, &position, range.upperBound, depth: depth) else { return nil }
        if let end = endOfKey(bytes, position, range.upperBound), bytes[scalar] == UInt8(ascii: "\"") {
          guard !facts.hasEscapes else { return nil }
          let key = JSONScanner.MemberKey(spelling: scalar + 1..<position - 1, hasEscapes: false)
          if depth == 1 {
            let name = names.index(of: key, in: bytes)
            isPayload = name == 7
            part.role = name.flatMap { LineRole(rawValue: UInt8($0 + 1)) }.flatMap { isPayload ? nil : $0 } ?? .none
            if let name, !isNew(UInt8(name)) { return nil }
          } else if depth == 2, isPayload {
            part.role = PayloadKey(of: key, in: bytes).map(LineRole.init) ?? .none
            if part.role != .none, !isNew(part.role.rawValue) { return nil }
          } else {
            part.role = .none
          }
          position = end
        } else {
          let literal = start..<scalar
          guard literal.count <= Int(UInt8.max), parts.count < maximumParts else { return nil }
          part.length = UInt8(literal.count)
          parts.append((literal, part))
          part = LinePart(length: 0, role: .none, isLast: false)
          start = position
        }
      }
    }
    guard range.upperBound - start <= Int(UInt8.max) else { return nil }
    part.length = UInt8(range.upperBound - start)
    part.isLast = true
    return parts + [(start..<range.upperBound, part)]
  }

  /// Where the value of a member begins whose key ends at `position`; `nil` when what ends there is no key.
  private static func endOfKey(_ bytes: Span<UInt8>, _ position: Int, _ end: Int) -> Int? {
    var position = position
    return JSONScanner.skipColon(bytes, &position, end) ? position : nil
  }
}
