/// What a line consists of: its scalars, and what stands between them.
struct LineOutline {
  struct Scalar {
    let range: Range<Int>
    let role: LineRole
    /// Whether it is `null`, `true` or `false`: of those a place in a line has few, so they may be part of a literal.
    let isWord: Bool
    let isText: Bool

    /// Whether it is a word that readers look at; that the line has no cause is no news.
    var isMarked: Bool { isWord && role != .none && role != .causationID }

    var gap: LineGap {
      guard isText else { return .bare }
      return role == .eventID ? .identity : role == .timestamp ? .moment : .text
    }
  }

  private let line: Range<Int>
  private var scalars: [Scalar] = []
  /// The places behind the payload's first brace and behind its last one.
  private var payloadOpens = 0
  private var payloadCloses = 0

  private static let names = KeyTable([
    "aggregate_id", "causation_id", "event_id", "event_type", "lamport_clock", "node_id", "timestamp", "payload",
  ])

  // What takes too much room is odd.
  private static let maximumScalars = 256
  private static let maximumDistance = 255

  /// Creates the outline of the event that fills `range`, which is known to be one; `nil` when it is an odd one.
  ///
  /// Odd is what must not be told from its shape alone: two members of one name, names with escapes, a value that is no
  /// scalar where readers expect one.
  init?(of range: Range<Int>, in bytes: Span<UInt8>) {
    line = range
    var position = range.lowerBound
    var behind = position
    var depth = 0
    var role = LineRole.none
    // A bit for each: the type of a set costs the runtime more to make than a whole line to read.
    var seen: UInt32 = 0
    func isNew(_ number: UInt8) -> Bool {
      defer { seen |= 1 << number }
      return seen & 1 << number == 0
    }
    /// Whether the member of the envelope that is gone through is the payload.
    var isPayload = false
    while position < range.upperBound {
      guard position - behind <= LineOutline.maximumDistance else { return nil }
      switch bytes[position] {
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        // The value of a member that readers look at.
        guard role == .none else { return nil }
        depth += 1
        position += 1
        if isPayload, depth == 2 { payloadOpens = position }
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth -= 1
        position += 1
        if isPayload, depth == 1 { payloadCloses = position }
      case UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: " "), UInt8(ascii: "\t"): position += 1
      default:
        let scalar = position
        let first = bytes[scalar]
        guard let facts = JSONScanner.skipMember(bytes, &position, range.upperBound, depth: depth) else { return nil }
        if first == UInt8(ascii: "\""), let end = LineOutline.endOfKey(bytes, position, range.upperBound) {
          guard !facts.hasEscapes else { return nil }
          let key = JSONScanner.MemberKey(spelling: scalar + 1..<position - 1, hasEscapes: false)
          role = .none
          if depth == 1 {
            let name = LineOutline.names.index(of: key, in: bytes)
            isPayload = name == 7
            if let name, !isPayload { role = LineRole(rawValue: UInt8(name + 1)) ?? .none }
            if let name, !isNew(UInt8(name)) { return nil }
          } else if depth == 2, isPayload {
            role = PayloadKey(of: key, in: bytes).map(LineRole.init) ?? .none
            if role != .none, !isNew(role.rawValue) { return nil }
          }
          position = end
        } else {
          guard scalars.count < LineOutline.maximumScalars else { return nil }
          scalars.append(
            Scalar(
              range: scalar..<position, role: role, isWord: "ntf".utf8.contains(first),
              isText: first == UInt8(ascii: "\"")))
          role = .none
          behind = position
        }
      }
    }
  }

  /// Where the value of a member begins whose key ends at `position`; `nil` when what ends there is no key.
  private static func endOfKey(_ bytes: Span<UInt8>, _ position: Int, _ end: Int) -> Int? {
    var position = position
    return JSONScanner.skipColon(bytes, &position, end) ? position : nil
  }
}

extension LineOutline {
  /// A place in the line, where a piece of a literal begins, and the number of the scalar that is next behind it.
  struct Place {
    var position: Int
    var scalar = 0
  }

  /// A piece of a literal, and where the next one begins.
  struct Piece {
    let range: Range<Int>
    let part: LinePart
    let next: Place
  }

  /// Where the first literal begins.
  var start: Place { Place(position: line.lowerBound) }

  /// How many words there are from `place` on before any other scalar.
  func words(at place: Place) -> Int { scalars[min(place.scalar, scalars.count)...].prefix(while: \.isWord).count }

  /// The piece, of `length` bytes at most, of the literal that begins at `place` and takes in so many of the words there.
  func piece(at place: Place, with words: Int, ofAtMost length: Int) -> Piece {
    let behind = place.scalar + words
    let words = scalars[place.scalar..<behind]
    let scalar = behind < scalars.count ? scalars[behind] : nil
    let quote = scalar?.isText == true ? 1 : 0
    let start = place.position
    let end = scalar.map { $0.range.lowerBound + quote } ?? line.upperBound
    // A piece has room for one word that is marked.
    let marked = words.filter(\.isMarked).dropFirst().first?.range.lowerBound ?? end
    let cut = min(start + length, marked, end)
    var part = part(start..<cut, words)
    guard cut == end else {
      let next = words.firstIndex { $0.range.lowerBound >= cut } ?? behind
      return Piece(range: start..<cut, part: part, next: Place(position: cut, scalar: next))
    }
    part.gap = scalar?.gap ?? .end
    part.role = scalar?.role ?? .none
    let next = scalar.map { $0.range.upperBound - quote } ?? line.upperBound
    return Piece(range: start..<end, part: part, next: Place(position: next, scalar: behind + 1))
  }

  /// The piece of a literal at `range`, with `words` in the literal.
  private func part(_ range: Range<Int>, _ words: ArraySlice<Scalar>) -> LinePart {
    var part = LinePart(length: UInt8(range.count), gap: .nothing)
    func offset(_ place: Int) -> UInt8 {
      range.lowerBound < place && place <= range.upperBound ? UInt8(place - range.lowerBound) : 0
    }
    (part.payloadOpens, part.payloadCloses) = (offset(payloadOpens), offset(payloadCloses))
    for word in words where word.isMarked && range.contains(word.range.lowerBound) {
      part.word = word.role
      part.wordStart = UInt8(word.range.lowerBound - range.lowerBound)
      part.wordEnd = UInt8(word.range.upperBound - range.lowerBound)
    }
    return part
  }
}
