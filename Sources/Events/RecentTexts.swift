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

    @inline(__always)
    func isSame(as other: Text) -> Bool {
      guard first == other.first, second == other.second, length == other.length else { return false }
      return length <= 16 || third == other.third && fourth == other.fourth
    }

    var place: Int {
      let mixed = (first ^ turned(second, 7) ^ turned(third, 13) ^ turned(fourth, 23)) &* 0x9E37_79B9_7F4A_7C15
      return Int(truncatingIfNeeded: mixed &>> 58)
    }

    @inline(__always)
    private func turned(_ word: UInt64, _ bits: UInt64) -> UInt64 { word &<< bits | word &>> (64 &- bits) }
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
    let (start, length) = (range.lowerBound, range.upperBound &- range.lowerBound)
    guard length <= 32, start >= 0, start <= bytes.count &- 32 else { return nil }
    let window = bytes.extracting(start..<start &+ 32)
    let (first, second) = window.wordsInside(0)
    var text = Text(
      first: first & Words.mask(length), second: second & Words.mask(max(0, length &- 8)),
      length: Int32(truncatingIfNeeded: length))
    guard length > 16 else { return text }
    let (third, fourth) = window.wordsInside(16)
    text.third = third & Words.mask(length &- 16)
    text.fourth = fourth & Words.mask(max(0, length &- 24))
    return text
  }
}
