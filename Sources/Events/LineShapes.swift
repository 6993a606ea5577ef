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
  /// A literal and what follows it; forty bytes.
  private struct Node {
    /// The literal's bytes are so many words, of which the last one counts as far as `mask` reaches.
    let firstWord: Int32
    let words: UInt8
    let part: LinePart
    let mask: UInt64
    /// The next literal that may stand in the place of this one, and the first that may follow its scalar; 0 is none.
    var sibling: Int32 = 0
    var child: Int32 = 0
  }

  /// The first node is the beginning of all lines, and has no literal.
  private var nodes: [Node] = [
    Node(firstWord: 0, words: 0, part: LinePart(length: 0, role: .none, isLast: false), mask: 0)
  ]
  private var literals: [UInt64] = []
  private var attempts = 0

  /// What is learned has bounds, so that no log, whatever is in it, makes the reading of its lines slow.
  private static let (maximumNodes, maximumSiblings, maximumAttempts) = (4096, 16, 4096)

  /// Reads the line that begins at `start` into `line`; false when it has no known shape, or is no plain event.
  @inline(__always)
  func read(_ bytes: Span<UInt8>, at start: Int, into line: inout ShapedLine) -> Bool {
    let (nodes, literals) = (nodes.span, literals.span)
    var position = start
    var node = nodes[0]
    line.begin(at: start)
    while !node.part.isLast {
      guard node.child > 0 else { return false }
      node = nodes[Int(node.child)]
      while !LineShapes.stands(node, literals, in: bytes, at: position) {
        guard node.sibling > 0 else { return false }
        node = nodes[Int(node.sibling)]
      }
      if node.part.hasPayloadBrace { line.note(node.part, at: position &- start) }
      position &+= Int(node.part.length)
      if node.part.isLast { break }
      let scalar = position
      guard let isPlain = LineShapes.skipScalar(bytes, &position) else { return false }
      if node.part.role != .none {
        guard isPlain || node.part.role.isOfPayload else { return false }
        line.set(node.part.role, scalar &- start, position &- start)
      }
    }
    guard position == bytes.count || bytes[position] == 0x0A || bytes[position] == 0x0D,
      position &- start <= LineScanner.maximumLength
    else { return false }
    line.end = position
    return line.readEnvelope(bytes)
  }

  @inline(__always)
  private static func stands(
    _ node: Node, _ literals: Span<UInt64>, in bytes: Span<UInt8>, at position: Int
  ) -> Bool {
    var offset = position
    var word = Int(node.firstWord)
    let last = word &+ Int(node.words) &- 1
    while word < last {
      guard let found = bytes.word(at: offset), found == literals[word] else { return false }
      offset &+= 8
      word &+= 1
    }
    guard let found = bytes.word(at: offset) else { return false }
    return (found ^ literals[last]) & node.mask == 0
  }

  /// Moves `position` behind the scalar that begins there and says whether its bytes stand for themselves; `nil` when
  /// there is no well-formed one.
  @inline(__always)
  private static func skipScalar(_ bytes: Span<UInt8>, _ position: inout Int) -> Bool? {
    guard let word = bytes.word(at: position) else { return nil }
    switch UInt8(truncatingIfNeeded: word) {
    case UInt8(ascii: "\""):
      var end = position &+ 1
      while let text = bytes.word(at: end) {
        let ends = Words.endsOfPlainText(text)
        guard ends != 0 else {
          end &+= 8
          continue
        }
        end &+= Words.offset(of: ends)
        guard bytes[end] == UInt8(ascii: "\"") else { break }
        position = end &+ 1
        return true
      }
      return JSONScanner.skipString(bytes, &position, bytes.count).map { !$0.hasEscapes }
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
      return JSONScanner.skipNumber(bytes, &position, bytes.count) ? true : nil
    default:
      switch UInt32(truncatingIfNeeded: word) {
      case LineShapes.null, LineShapes.true: position &+= 4
      case LineShapes.fals where word &>> 32 & 0xFF == UInt64(UInt8(ascii: "e")): position &+= 5
      default: return nil
      }
      return true
    }
  }

  private static let (null, `true`, fals): (UInt32, UInt32, UInt32) = (0x6C6C_756E, 0x6575_7274, 0x736C_6166)
}

extension LineShapes {
  /// Learns the shape of the event that fills `range`, unless it is an odd one.
  mutating func learn(_ range: Range<Int>, in bytes: Span<UInt8>) {
    guard attempts < LineShapes.maximumAttempts, nodes.count < LineShapes.maximumNodes else { return }
    attempts += 1
    guard let parts = LinePart.parts(of: range, in: bytes) else { return }
    var parent = 0
    for (literal, part) in parts {
      guard let node = node(of: part, literal, in: bytes, below: parent) else { return }
      parent = node
    }
  }

  /// The node of a literal behind the scalar of `parent`, a new one where there is none yet; `nil` when there are too
  /// many.
  private mutating func node(
    of part: LinePart, _ literal: Range<Int>, in bytes: Span<UInt8>, below parent: Int
  ) -> Int? {
    var siblings = 0
    var previous = 0
    var next = Int(nodes[parent].child)
    while next > 0 {
      if nodes[next].part == part, LineShapes.stands(nodes[next], literals.span, in: bytes, at: literal.lowerBound) {
        return next
      }
      siblings += 1
      if nodes[next].part.length >= part.length { previous = next }
      next = Int(nodes[next].sibling)
    }
    guard siblings < LineShapes.maximumSiblings else { return nil }
    var node = Node(
      firstWord: Int32(literals.count), words: UInt8((literal.count + 7) / 8), part: part,
      mask: Words.mask((literal.count - 1) % 8 + 1))
    for (offset, index) in literal.enumerated() {
      if offset % 8 == 0 { literals.append(0) }
      literals[literals.count - 1] |= UInt64(bytes[index]) << UInt64(offset % 8 * 8)
    }
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
