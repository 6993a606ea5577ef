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

  /// What is learned has bounds, so that no log, whatever is in it, makes the reading of its lines slow.
  private static let maximumNodes = 4096
  private static let maximumSiblings = 16
  private static let maximumAttempts = 4096

  /// How far into a window literals may begin; behind it there are as many bytes as a literal and nearly any scalar
  /// reach to.
  private static var stride: Int { 512 }
  private static var window: Int { stride &+ LiteralNode.reach }

  /// Reads the line that begins at `start` into `line`; false when it has no known shape, or is no plain event.
  @inline(__always)
  func read(_ bytes: Span<UInt8>, at start: Int, into line: inout EventLine) -> Bool {
    start <= bytes.count &- LineShapes.window
      ? readInWindows(bytes, at: start, into: &line) : readAtEnd(bytes, at: start, into: &line)
  }

  @inline(never)
  private func readAtEnd(_ bytes: Span<UInt8>, at start: Int, into line: inout EventLine) -> Bool {
    // Behind the last lines of a log there is too little to look at; behind their copy there is enough.
    let copy =
      [UInt8](copying: bytes, in: start..<bytes.count) + [UInt8](repeating: 0, count: LineShapes.window)
    guard readInWindows(copy.span, at: 0, into: &line) else { return false }
    line.move(by: start)
    return true
  }

  /// Reads a line as above in windows of fixed size, nearly always in one: one check serves all that is looked at in it.
  @inline(never)
  private func readInWindows(_ bytes: Span<UInt8>, at start: Int, into line: inout EventLine) -> Bool {
    let nodes = nodes.span
    line.begin(at: start)
    var next = Int(nodes[0].child)
    var base = start
    while base >= 0, base <= bytes.count &- LineShapes.window {
      let window = bytes.extracting(base..<base &+ LineShapes.window)
      let distance = base &- start
      var offset = 0
      while offset < LineShapes.stride {
        guard next > 0 else { return false }
        let position = offset & (LineShapes.stride &- 1)
        while !nodes[next].stands(at: position, in: window) {
          next = Int(nodes[next].sibling)
          guard next > 0 else { return false }
        }
        let scalar = position &+ nodes[next].boundedLength
        let role = nodes[next].role
        if nodes[next].isOdd {
          let part = nodes[next].part
          line.note(part, at: base &+ position)
          if part.isLast {
            line.end(at: base &+ scalar, withRoles: nodes[next].roles)
            return (window[scalar] == 0x0A || window[scalar] == 0x0D) && line.readEnvelope(bytes)
          }
          if part.goesOn {
            next = Int(nodes[next].child)
            offset = scalar
            continue
          }
        }
        next = Int(nodes[next].child)
        switch LineShapes.kind(of: window[scalar], role) {
        case .text: offset = LineShapes.endOfText(window, from: scalar)
        case .number: offset = LineShapes.endOfNumber(window, from: scalar)
        case .word: offset = LineShapes.endOfWord(window, from: scalar)
        case .id: offset = line.readID(window.extracting(droppingFirst: scalar)) ? scalar &+ 28 : 0
        case .time: offset = line.readTime(window.extracting(droppingFirst: scalar)) ? scalar &+ 34 : 0
        }
        if offset == 0 {
          let end = LineShapes.endOfOther(bytes, from: base &+ scalar, role)
          guard end > 0 else { return false }
          offset = end &- base
        }
        line.set(role, distance &+ scalar, distance &+ offset)
      }
      base &+= offset
    }
    return false
  }

  private enum ScalarKind {
    case text, number, word, id, time
  }

  @inline(__always)
  private static func kind(of first: UInt8, _ role: LineRole) -> ScalarKind {
    guard first == UInt8(ascii: "\"") else { return first &- UInt8(ascii: "0") < 10 ? .number : .word }
    return role == .eventID ? .id : role == .timestamp ? .time : .text
  }

  private static let null: UInt32 = 0x6C6C_756E
  private static let `true`: UInt32 = 0x6575_7274
  private static let fals: UInt32 = 0x736C_6166

  // Each of the following says where in the window the scalar ends that begins at `start`; 0 when no well-formed one is
  // there, or one that takes a closer look.

  @inline(__always)
  private static func endOfWord(_ window: Span<UInt8>, from start: Int) -> Int {
    let word = window.wordInside(start)
    switch UInt32(truncatingIfNeeded: word) {
    case LineShapes.null, LineShapes.true: return start &+ 4
    case LineShapes.fals where word &>> 32 & 0xFF == UInt64(UInt8(ascii: "e")): return start &+ 5
    default: return 0
    }
  }

  @inline(__always)
  private static func endOfText(_ window: Span<UInt8>, from start: Int) -> Int {
    // Nearly all texts end within sixteen bytes, and of the others nearly all within thirty-two.
    var text = start &+ 1
    var ends = Words.endsOfPlainText(window.wordsInside(text))
    if ends == 0 {
      text &+= 16
      ends = Words.endsOfPlainText(window.wordsInside(text))
      guard ends != 0 else { return 0 }
    }
    let end = text &+ (ends.trailingZeroBitCount & 15)
    return window[end] == UInt8(ascii: "\"") ? end &+ 1 : 0
  }

  @inline(__always)
  private static func endOfNumber(_ window: Span<UInt8>, from start: Int) -> Int {
    var others = Words.othersThanDigits((window.wordInside(start), window.wordInside(start &+ 8)))
    guard others != 0 else { return 0 }
    var digits = others.trailingZeroBitCount & 15
    // A digit more than zero has none before it.
    guard window[start] != UInt8(ascii: "0") || digits == 1 else { return 0 }
    if window[start &+ digits] == UInt8(ascii: ".") {
      others &= others &- 1
      guard others != 0, others.trailingZeroBitCount & 15 > digits &+ 1 else { return 0 }
      digits = others.trailingZeroBitCount & 15
    }
    return window[start &+ digits] | 0x20 != UInt8(ascii: "e") ? start &+ digits : 0
  }

  /// Where in `bytes` any other text or number ends; 0 when no well-formed one is there, or one that readers of an
  /// envelope cannot read where it stands, since it does not stand for itself.
  @inline(never)
  private static func endOfOther(_ bytes: Span<UInt8>, from start: Int, _ role: LineRole) -> Int {
    var position = start
    switch bytes[start] {
    case UInt8(ascii: "\""):
      guard let facts = JSONScanner.skipString(bytes, &position, bytes.count),
        facts.isPlain || role == .none || role.isOfPayload
      else { return 0 }
      return position
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
      return JSONScanner.skipNumber(bytes, &position, bytes.count) ? position : 0
    default: return 0
    }
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
    node.roles = nodes[parent].roles | nodes[parent].role.bit
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
