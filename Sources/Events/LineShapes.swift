// Most lines of a log look like one before them: the same members in the same order with the same spacing, and other
// values. What is the same is the line's shape: a sequence of literals with a gap behind each, where a scalar stands. The
// quotes of a text belong to the literals, and so do `null`, `true` and `false`, since a place in a line has few of them:
// `{"aggregate_id": "`, a text, `", "causation_id": null, "event_id": "`, an id, and so on to the last brace. A line that
// consists of the literals of a shape and of well-formed scalars is well formed, and where its members stand is known, so
// that nothing but the scalars has to be looked at closely.
//
// Shapes are learned from lines that LineScanner has found to be events, and kept as a tree, so that a line whose shape
// differs from the last one's costs no more: shapes that begin alike share nodes, and where they part, the literals that
// may follow are siblings, the longest first. A line that has no known shape, or anything unusual in its envelope, is
// left to LineScanner: shapes say "this is an event", or nothing.

/// What lines look like, as far as it has been learned.
struct LineShapes {
  /// The first node is the beginning of all lines, and has no literal; it is also the last sibling of every other one.
  private var nodes = [LiteralNode()]
  private var attempts = 0

  /// What is learned has bounds, so that no log, whatever is in it, makes the reading of its lines slow.
  private static let maximumNodes = 4096
  /// How many nodes there are before words are no longer taken into new literals.
  private static let maximumNodesWithWords = 128
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
  @inline(__always)
  private func readInWindows(_ bytes: Span<UInt8>, at start: Int, into line: inout EventLine) -> Bool {
    line.begin(at: start)
    var next = Int(nodes[0].child)
    var offset = readWindow(bytes, at: start, distance: 0, from: &next, into: &line)
    var base = start
    while offset > 0 {
      base &+= offset
      offset = readFurtherWindow(bytes, at: base, distance: base &- start, from: &next, into: &line)
    }
    return offset == 0 && line.readEnvelope(bytes)
  }

  @inline(never)
  private func readFurtherWindow(
    _ bytes: Span<UInt8>, at base: Int, distance: Int, from next: inout Int, into line: inout EventLine
  ) -> Int {
    readWindow(bytes, at: base, distance: distance, from: &next, into: &line)
  }

  /// Reads on in the window at `base`, so many bytes from the beginning of the line, with the literal numbered `next`;
  /// returns 0 at the line's end, -1 when it cannot tell what stands there, else how far in the window it has come.
  @inline(__always)
  private func readWindow(
    _ bytes: Span<UInt8>, at base: Int, distance: Int, from next: inout Int, into line: inout EventLine
  ) -> Int {
    guard base >= 0, base <= bytes.count &- LineShapes.window else { return -1 }
    let nodes = nodes.span
    let window = bytes.extracting(base..<base &+ LineShapes.window)
    var offset = 0
    while offset < LineShapes.stride {
      let position = offset & (LineShapes.stride &- 1)
      // The last sibling is the first node, which stands everywhere.
      while !nodes[next].stands(at: position, in: window) { next = Int(nodes[next].sibling) }
      let scalar = position &+ nodes[next].boundedLength
      if nodes[next].hasMarks { line.note(nodes[next].part, at: base &+ position) }
      let (gap, role) = (nodes[next].part.gap, nodes[next].part.role)
      if gap.is(.text) {
        guard let end = endOfText(window, from: scalar) ?? endOfOtherText(bytes, base, from: scalar, role)
        else { return -1 }
        line.set(role, distance &+ scalar &- 1, distance &+ end &+ 1)
        offset = end
      } else if gap.is(.bare) {
        guard let end = endOfNumber(window, from: scalar) ?? endOfOther(bytes, base, from: scalar)
        else { return -1 }
        line.set(role, distance &+ scalar, distance &+ end)
        offset = end
      } else if gap.is(.nothing) {
        offset = scalar
      } else if gap.is(.end) {
        line.end(at: base &+ scalar, withRoles: nodes[next].roles)
        return window[scalar] == 0x0A || window[scalar] == 0x0D ? 0 : -1
      } else {
        guard gap != .unknown,
          let end = endOfText(window, from: scalar, usually: gap) ?? endOfOtherText(bytes, base, from: scalar, role)
        else { return -1 }
        line.set(role, distance &+ scalar &- 1, distance &+ end &+ 1)
        offset = end
      }
      next = Int(nodes[next].child)
    }
    return offset
  }

  // Each of the following says where in the window the scalar ends that begins at `start`, quotes excluded; `nil` when no
  // well-formed one is there, or one that takes a closer look. That nothing goes on there is seen from the literal behind
  // it.

  @inline(__always)
  private func endOfText(_ window: Span<UInt8>, from start: Int) -> Int? {
    // Nearly all texts end within sixteen bytes, and of the others nearly all within thirty-two.
    var text = start
    var ends = Words.endsOfPlainText(window.wordsInside(text))
    if ends == 0 {
      text &+= 16
      ends = Words.endsOfPlainText(window.wordsInside(text))
      guard ends != 0 else { return nil }
    }
    let end = text &+ (ends.trailingZeroBitCount & 15)
    return window[end] == UInt8(ascii: "\"") ? end : nil
  }

  /// The same of a text that those who read the envelope look at byte by byte, so that it needs none here.
  @inline(__always)
  private func endOfText(_ window: Span<UInt8>, from start: Int, usually gap: LineGap) -> Int? {
    let end = start &+ (gap.is(.identity) ? EventLine.usualIDLength : EventLine.usualTimeLength)
    return window[end] == UInt8(ascii: "\"") ? end : endOfText(window, from: start)
  }

  @inline(__always)
  private func endOfNumber(_ window: Span<UInt8>, from start: Int) -> Int? {
    var others = Words.othersThanDigits((window.wordInside(start), window.wordInside(start &+ 8)))
    var digits = others.trailingZeroBitCount & 15
    // A digit more than zero has none before it.
    guard digits > 0, window[start] != UInt8(ascii: "0") || digits == 1 else { return nil }
    if window[start &+ digits] == UInt8(ascii: ".") {
      others &= others &- 1
      guard others != 0, others.trailingZeroBitCount & 15 > digits &+ 1 else { return nil }
      digits = others.trailingZeroBitCount & 15
    }
    return window[start &+ digits] | 0x20 != UInt8(ascii: "e") ? start &+ digits : nil
  }

  // Each of the following says where from `base` on any other scalar ends, quotes excluded; `nil` when no well-formed one
  // is there.

  /// The same of one that readers of an envelope cannot read where it stands, since it does not stand for itself, is
  /// `nil`.
  @inline(never)
  private func endOfOtherText(_ bytes: Span<UInt8>, _ base: Int, from start: Int, _ role: LineRole) -> Int? {
    var position = base &+ start &- 1
    guard let facts = JSONScanner.skipString(bytes, &position, bytes.count),
      facts.isPlain || role == .none || role.isOfPayload
    else { return nil }
    return position &- 1 &- base
  }

  @inline(never)
  private func endOfOther(_ bytes: Span<UInt8>, _ base: Int, from start: Int) -> Int? {
    var position = base &+ start
    let (null, `true`, fals): (UInt32, UInt32, UInt32) = (0x6C6C_756E, 0x6575_7274, 0x736C_6166)
    switch UInt32(truncatingIfNeeded: bytes.word(at: position) ?? 0) {
    case null, `true`: return start &+ 4
    case fals where bytes[position &+ 4] == UInt8(ascii: "e"): return start &+ 5
    default: break
    }
    switch bytes[position] {
    case UInt8(ascii: "\""), UInt8(ascii: "{"), UInt8(ascii: "["): return nil
    default: return JSONScanner.skipMember(bytes, &position, bytes.count, depth: 0) != nil ? position &- base : nil
    }
  }
}

extension LineShapes {
  /// Learns the shape of the event that fills `range`, unless it is an odd one.
  mutating func learn(_ range: Range<Int>, in bytes: Span<UInt8>) {
    guard attempts < LineShapes.maximumAttempts, nodes.count < LineShapes.maximumNodes else { return }
    attempts += 1
    guard let outline = LineOutline(of: range, in: bytes) else { return }
    var place = outline.start
    var parent = 0
    while place.position < range.upperBound {
      guard let number = learn(outline, at: &place, below: parent, in: bytes) else { return }
      parent = number
    }
  }

  /// The number of the node that reads on at `place`, which moves behind it, a new one where there is none yet; `nil` when
  /// there are too many.
  private mutating func learn(
    _ outline: LineOutline, at place: inout LineOutline.Place, below parent: Int, in bytes: Span<UInt8>
  ) -> Int? {
    // As many literals as there are combinations of words would be too many. Of those that are known, a reader takes the
    // longest one that stands there.
    let takesMore = nodes.count < LineShapes.maximumNodesWithWords
    for words in (0...outline.words(at: place)).reversed() {
      let piece = outline.piece(at: place, with: words, ofAtMost: LiteralNode.maximumLength)
      let node = LiteralNode(piece.part, piece.range, in: bytes)
      let known = number(of: node, below: parent)
      guard known != nil || takesMore || words == 0 else { continue }
      place = piece.next
      return known ?? add(node, below: parent)
    }
    return nil
  }

  /// The number of the node that is like `node` and follows `parent`; `nil` when there is none.
  private func number(of node: LiteralNode, below parent: Int) -> Int? {
    var next = Int(nodes[parent].child)
    while next > 0, !nodes[next].isSame(as: node) { next = Int(nodes[next].sibling) }
    return next > 0 ? next : nil
  }

  /// Adds a node that follows `parent`; `nil` when it would have too many siblings.
  private mutating func add(_ node: LiteralNode, below parent: Int) -> Int? {
    var siblings = 0
    var previous = 0
    var next = Int(nodes[parent].child)
    while next > 0 {
      siblings += 1
      if nodes[next].part.length >= node.part.length { previous = next }
      next = Int(nodes[next].sibling)
    }
    guard siblings < LineShapes.maximumSiblings else { return nil }
    var node = node
    node.roles |= nodes[parent].roles | nodes[parent].part.role.bit
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
