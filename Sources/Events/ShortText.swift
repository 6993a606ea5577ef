/// The bytes that a value is usually spelled with, sixteen at most, to be compared with those of many lines as two words.
@usableFromInline
package struct ShortText: Sendable {
  @usableFromInline let first: UInt64
  @usableFromInline let second: UInt64
  /// Which bytes of the words count.
  @usableFromInline let firstMask: UInt64
  @usableFromInline let secondMask: UInt64
  /// Less than 0 in the text that stands nowhere.
  @usableFromInline let length: Int

  /// Creates the text that is `bytes`; where these are too long, or none, one that stands nowhere.
  package init(_ bytes: [UInt8]?) {
    let text = bytes.flatMap { $0.count <= 16 ? $0 : nil }
    func word(_ start: Int) -> UInt64 {
      (text ?? []).dropFirst(start).prefix(8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
    length = text?.count ?? -1
    (first, second) = (word(0), word(8))
    (firstMask, secondMask) = (Words.mask(max(0, length)), Words.mask(max(0, length - 8)))
  }

  /// Whether the bytes at `range` are these, as far as sixteen can be looked at there.
  @inlinable
  @inline(__always)
  package func stands(at range: Range<Int>, in bytes: Span<UInt8>) -> Bool {
    let start = range.lowerBound
    guard range.upperBound &- start == length, start >= 0, start <= bytes.count &- 16 else { return false }
    let words = bytes.extracting(start..<start &+ 16).wordsInside(0)
    return (words.0 ^ first) & firstMask | (words.1 ^ second) & secondMask == 0
  }
}
