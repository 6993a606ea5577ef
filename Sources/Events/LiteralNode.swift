/// A literal in the tree of shapes (see LineShapes), or a piece of a long one, and what follows it.
///
/// Whether it stands somewhere is seen from three words: the eight bytes that it begins with, the eight behind them or
/// before its end, and the eight that it ends with.
struct LiteralNode {
  /// How long a literal may be.
  static let maximumLength = 24
  /// How many bytes are looked at to tell whether a literal stands somewhere and what follows it.
  static let reach = 96

  private var first: UInt64 = 0
  private var middle: UInt64 = 0
  private var last: UInt64 = 0
  /// How much of each word counts; less than all of it in a literal of less than eight bytes.
  private var mask: UInt64 = 0
  private var middleOffset: UInt8 = 0
  private var lastOffset: UInt8 = 0
  /// The literal's length in bytes.
  private(set) var length: UInt8 = 0
  /// Whether something else than a scalar follows, or the payload begins or ends here.
  private(set) var isOdd = false
  private(set) var part = LinePart(length: 0, role: .none, isLast: false)

  /// The next literal that may stand in the place of this one, and the first that may follow its scalar; 0 is none.
  var sibling: Int32 = 0
  var child: Int32 = 0

  /// Creates the node that comes before all literals.
  init() {}

  /// Creates the node of the literal at `range`.
  init(_ part: LinePart, _ range: Range<Int>, in bytes: Span<UInt8>) {
    self.part = part
    length = part.length
    isOdd = part.isLast || part.goesOn || part.hasPayloadBrace
    func word(_ offset: Int) -> UInt64 {
      (offset..<min(offset + 8, range.count)).reduce(0) { word, index in
        word | UInt64(bytes[range.lowerBound + index]) << UInt64((index - offset) * 8)
      }
    }
    mask = Words.mask(range.count)
    let end = max(0, range.count - 8)
    middleOffset = UInt8(min(8, end))
    lastOffset = UInt8(end)
    (first, middle, last) = (word(0), word(min(8, end)), word(end))
  }

  /// Whether the literal stands at the beginning of `window`, which has `reach` bytes.
  @inline(__always)
  func stands(at window: Span<UInt8>) -> Bool {
    let first = window.wordInside(0) ^ first
    let middle = window.wordInside(Int(middleOffset & 15)) ^ middle
    let last = window.wordInside(Int(lastOffset & 31)) ^ last
    return (first | middle | last) & mask == 0
  }

  /// The literal's length, of which the compiler sees that it is below 32.
  @inline(__always)
  var boundedLength: Int { Int(length & 31) }

  /// What the scalar behind the literal is.
  @inline(__always)
  var role: LineRole { part.role }

  /// Whether both are the same but for what follows.
  func isSame(as other: LiteralNode) -> Bool {
    (first, middle, last, length) == (other.first, other.middle, other.last, other.length) && part == other.part
  }
}
