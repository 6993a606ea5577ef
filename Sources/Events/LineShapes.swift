// Most lines of a log look like one before them: the same members in the same order with the same spacing, and other
// values. What is the same, the line without its scalars, is its shape: a sequence of literals, `{"aggregate_id": `,
// `, "causation_id": ` and so on to the last brace, with a scalar (a string, a number, `true`, `false`, `null`) between
// each two. A line that consists of the literals of a shape and of well-formed scalars is well formed, and where its
// members stand is known, so that nothing but the scalars has to be looked at closely.
//
// Shapes are learned from lines that LineScanner has found to be events, and kept as a tree, so that a line whose shape
// differs from the last one's costs no more: shapes that begin alike share nodes, and where they part, the literals that
// may follow are siblings, the longest first. A line that has no known shape, or anything unusual in its envelope, is
// left to LineScanner: shapes say "this is an event", or nothing.

/// What lines look like, as far as it has been learned.
struct LineShapes {
  /// The first node is the beginning of all lines, and has no literal.
  private var nodes = [LiteralNode()]
  private var attempts = 0
  private let digits = CrockfordDigits()

  /// What is learned has bounds, so that no log, whatever is in it, makes the reading of its lines slow.
  private static let maximumNodes = 4096
  private static let maximumSiblings = 16
  private static let maximumAttempts = 4096

  /// Reads the line that begins at `start` into `line`; false when it has no known shape, or is no plain event.
  @inline(never)
  func read(_ bytes: Span<UInt8>, at start: Int, into line: inout ShapedLine) -> Bool {
    let nodes = nodes.span
    // What is left of the bytes. Taking from its front needs no check beyond the one for what is there.
    var rest = bytes.extracting(droppingFirst: start)
    let size = rest.count
    var texts = PlainTexts()
    line.begin(at: start)
    var next = nodes[0].child
    while next > 0 {
      // Behind the last lines of a log there is too little to look at.
      guard rest.count >= LiteralNode.reach else { return false }
      var index = Int(next)
      while !nodes[index].stands(at: rest) {
        index = Int(nodes[index].sibling)
        guard index > 0 else { return false }
      }
      let literal = size &- rest.count
      rest = rest.extracting(droppingFirst: Int(nodes[index].length))
      next = nodes[index].child
      if nodes[index].isOdd {
        let part = nodes[index].part
        line.note(part, at: literal)
        if part.isLast { break }
        if part.goesOn { continue }
      }
      let scalar = size &- rest.count
      let role = nodes[index].part.role
      let length = LineShapes.length(ofScalar: rest, role, digits, &texts)
      guard length > 0 else { return false }
      line.set(role, scalar, scalar &+ length)
      rest = rest.extracting(droppingFirst: length)
    }
    let length = size &- rest.count
    guard next == 0, let end = rest.first, end == 0x0A || end == 0x0D, length <= LineScanner.maximumLength else {
      return false
    }
    line.end = start &+ length
    return line.readEnvelope(bytes, texts)
  }

  /// The length of the scalar that `rest` begins with; 0 when no well-formed one is there, or one that takes a closer
  /// look.
  @inline(__always)
  private static func length(
    ofScalar rest: Span<UInt8>, _ role: LineRole, _ digits: CrockfordDigits, _ texts: inout PlainTexts
  ) -> Int {
    guard let word = rest.firstWord else { return 0 }
    switch UInt8(truncatingIfNeeded: word) {
    case UInt8(ascii: "\""):
      if role == .eventID, let id = EventID(quoted: rest, digits) {
        texts.setID(id)
        return 28
      }
      if role == .timestamp, Timestamp.isUsual(rest) {
        texts.setTime()
        return 34
      }
      return LineShapes.length(ofText: rest, role, &texts)
    case UInt8(ascii: "0")...UInt8(ascii: "9"): return LineShapes.length(ofNumber: rest, word)
    case UInt8(ascii: "-"): return LineShapes.length(ofOther: rest)
    default:
      switch UInt32(truncatingIfNeeded: word) {
      case LineShapes.null, LineShapes.true: return 4
      case LineShapes.fals where word &>> 32 & 0xFF == UInt64(UInt8(ascii: "e")): return 5
      default: return 0
      }
    }
  }

  private static let null: UInt32 = 0x6C6C_756E
  private static let `true`: UInt32 = 0x6575_7274
  private static let fals: UInt32 = 0x736C_6166

  @inline(__always)
  private static func length(ofText rest: Span<UInt8>, _ role: LineRole, _ texts: inout PlainTexts) -> Int {
    var text = rest.extracting(droppingFirst: 1)
    while let word = text.firstWord {
      let ends = Words.endsOfPlainText(word)
      guard ends != 0 else {
        text = text.extracting(droppingFirst: 8)
        continue
      }
      let offset = Words.offset(of: ends)
      guard text.extracting(droppingFirst: offset).first == UInt8(ascii: "\"") else { break }
      let length = rest.count &- text.count &+ offset &+ 1
      if length > 2 { texts.insert(role) }
      return length
    }
    // Texts of the envelope are read where they stand, so they must stand for themselves.
    return role == .none || role.isOfPayload ? length(ofOther: rest) : 0
  }

  @inline(__always)
  private static func length(ofNumber rest: Span<UInt8>, _ word: UInt64) -> Int {
    let digits = Words.digits(word)
    guard digits < 8 else { return length(ofOther: rest) }
    let end = UInt8(truncatingIfNeeded: word &>> (8 &* UInt64(digits)))
    // Most numbers are whole and short. A digit more than zero has none before it.
    guard end != UInt8(ascii: "."), end | 0x20 != UInt8(ascii: "e"),
      digits == 1 || UInt8(truncatingIfNeeded: word) != UInt8(ascii: "0")
    else { return length(ofOther: rest) }
    return digits
  }

  /// The same for any text or number.
  private static func length(ofOther rest: Span<UInt8>) -> Int {
    var position = 0
    let isWellFormed =
      rest[0] == UInt8(ascii: "\"")
      ? JSONScanner.skipString(rest, &position, rest.count) != nil
      : JSONScanner.skipNumber(rest, &position, rest.count)
    return isWellFormed ? position : 0
  }
}

extension LineShapes {
  /// Learns the shape of the event that fills `range`, unless it is an odd one.
  mutating func learn(_ range: Range<Int>, in bytes: Span<UInt8>) {
    guard attempts < LineShapes.maximumAttempts, nodes.count < LineShapes.maximumNodes else { return }
    attempts += 1
    guard let parts = LinePart.parts(of: range, in: bytes) else { return }
    var parent = 0
    for (literal, part) in parts {
      for (literal, part) in part.pieces(of: literal, atMost: LiteralNode.maximumLength) {
        guard let node = number(of: LiteralNode(part, literal, in: bytes), below: parent) else { return }
        parent = node
      }
    }
  }

  /// The number of the node that is like `node` and follows `parent`, a new one where there is none yet; `nil` when
  /// there are too many.
  private mutating func number(of node: LiteralNode, below parent: Int) -> Int? {
    var siblings = 0
    var previous = 0
    var next = Int(nodes[parent].child)
    while next > 0 {
      if nodes[next].isSame(as: node) { return next }
      siblings += 1
      if nodes[next].length >= node.length { previous = next }
      next = Int(nodes[next].sibling)
    }
    guard siblings < LineShapes.maximumSiblings else { return nil }
    var node = node
    let number = Int32(nodes.count)
    if previous > 0 {
      node.sibling = nodes[previous].sibling
      nodes[previous].sibling = number
    } else {
      node.sibling = nodes[parent].child
      nodes[parent].child = number
    }
    nodes.append(node)
    return Int(number)
  }
}
