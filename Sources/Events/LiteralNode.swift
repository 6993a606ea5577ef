/// A literal in the tree of shapes (see LineShapes), or a piece of a long one, and what follows it.
///
/// Whether it stands somewhere is seen from two times sixteen bytes: those that it begins with and those that it ends
/// with, which are the same where it is no longer than that.
struct LiteralNode {
  /// How long a literal may be.
  static let maximumLength = 31
  /// How many bytes are looked at to tell whether a literal stands somewhere and what follows it.
  static var reach: Int { 96 }

  private var head: (UInt64, UInt64) = (0, 0)
  private var tail: (UInt64, UInt64) = (0, 0)
  /// A bit for each of sixteen bytes that counts; less than all of them in a shorter literal.
  private var mask: UInt32 = 0
  private var tailOffset: UInt8 = 0
  /// Whether there is something in the literal to take note of.
  private(set) var hasMarks = false
  private(set) var part = LinePart(length: 0, gap: .unknown)

  /// A bit for each role that a scalar up to the end of the literal has.
  var roles: UInt32 = 0
  /// The next literal that may stand in the place of this one, and the first that may follow its gap; 0 is none.
  var sibling: Int32 = 0
  var child: Int32 = 0

  /// Creates the node that comes before all literals, and stands wherever no literal does.
  init() {}

  /// Creates the node of the literal at `range`.
  init(_ part: LinePart, _ range: Range<Int>, in bytes: Span<UInt8>) {
    self.part = part
    hasMarks = part.hasMarks
    roles = part.word.bit
    func word(_ offset: Int) -> UInt64 {
      (offset..<max(offset, min(offset + 8, range.count))).reduce(0) { word, index in
        word | UInt64(bytes[range.lowerBound + index]) << UInt64((index - offset) * 8)
      }
    }
    mask = 1 << UInt32(min(16, range.count)) - 1
    let offset = max(0, range.count - 16)
    tailOffset = UInt8(offset)
    (head, tail) = ((word(0), word(8)), (word(offset), word(offset + 8)))
  }

  /// Whether the literal stands at `position` of a window that goes on for `reach` bytes.
  @inline(__always)
  func stands(at position: Int, in window: Span<UInt8>) -> Bool {
    let head = Words.differences(window.wordsInside(position), from: head)
    let tail = Words.differences(window.wordsInside(position &+ Int(tailOffset & 15)), from: tail)
    return (head | tail) & mask == 0
  }

  /// The literal's length, of which the compiler sees that it is below 32.
  @inline(__always)
  var boundedLength: Int { Int(part.length & 31) }

  /// Whether both are the same but for what comes before and follows.
  func isSame(as other: LiteralNode) -> Bool {
    head == other.head && tail == other.tail && part == other.part
  }
}
