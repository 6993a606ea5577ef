/// The numbers of short texts that were seen last, each in the place that its bytes give it: events are many, and the
/// names in them few.
package struct RecentTexts: Sendable {
  /// A text of up to 32 bytes, the first one lowest, and its number.
  private struct Text {
    var first: UInt64 = 0
    var second: UInt64 = 0
    var third: UInt64 = 0
    var fourth: UInt64 = 0
    var length: Int32 = -1
    var number: Int32 = 0

    func isSame(as other: Text) -> Bool {
      (first ^ other.first) | (second ^ other.second) | (third ^ other.third) | (fourth ^ other.fourth) == 0
        && length == other.length
    }

    var place: Int {
      let mixed = (first ^ second &* 0x9E37_79B9_7F4A_7C15 ^ third &* 0xBF58_476D_1CE4_E5B9) &* 0x94D0_49BB_1331_11EB
      return Int(truncatingIfNeeded: (mixed ^ fourth &* 0x9E37_79B9_7F4A_7C15) &>> 58)
    }
  }

  private var texts = [Text](repeating: Text(), count: 64)

  /// Creates the record of no text.
  package init() {}

  /// The number of the text at `range`; `nil` when it is not known.
  package func number(of range: Range<Int>, in bytes: Span<UInt8>) -> Int? {
    guard let text = RecentTexts.text(at: range, in: bytes) else { return nil }
    let known = texts[text.place]
    return known.isSame(as: text) ? Int(known.number) : nil
  }

  /// Remembers the number of the text at `range`, if it is short.
  package mutating func set(_ number: Int, of range: Range<Int>, in bytes: Span<UInt8>) {
    guard var text = RecentTexts.text(at: range, in: bytes), let number = Int32(exactly: number) else { return }
    text.number = number
    texts[text.place] = text
  }

  @inline(__always)
  private static func text(at range: Range<Int>, in bytes: Span<UInt8>) -> Text? {
    let length = range.count
    guard length <= 32, let first = bytes.word(at: range.lowerBound) else { return nil }
    var text = Text(first: first & Words.mask(length), length: Int32(truncatingIfNeeded: length))
    guard length > 8 else { return text }
    guard let second = bytes.word(at: range.lowerBound &+ 8) else { return nil }
    text.second = second & Words.mask(length &- 8)
    guard length > 16 else { return text }
    guard let third = bytes.word(at: range.lowerBound &+ 16), let fourth = bytes.word(at: range.lowerBound &+ 24)
    else { return nil }
    text.third = third & Words.mask(length &- 16)
    text.fourth = fourth & Words.mask(max(0, length &- 24))
    return text
  }
}
