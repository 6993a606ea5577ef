extension Span<UInt8> {
  /// The number that the digits at `range` spell, from one to eighteen of them; `nil` for anything else.
  @inline(__always)
  func smallNumber(in range: Range<Int>) -> UInt64? { smallNumber(at: range.lowerBound, digits: range.count) }

  /// The same of so many bytes from `start` on.
  @inline(__always)
  func smallNumber(at start: Int, digits count: Int) -> UInt64? {
    if count <= 8, let word = word(at: start) { return Words.number(word, digits: count) }
    return longNumber(in: start..<start + count)
  }

  @inline(never)
  private func longNumber(in range: Range<Int>) -> UInt64? {
    guard range.count <= 18 else { return nil }
    var value: UInt64 = 0
    for index in range {
      let digit = self[index] &- UInt8(ascii: "0")
      guard digit < 10 else { return nil }
      value = value &* 10 &+ UInt64(digit)
    }
    return value
  }

  /// The number that the digits at `range` spell, eighteen at most; `nil` for anything else.
  package func wholeNumber(in range: Range<Int>) -> Int64? { smallNumber(in: range).map { Int64($0) } }

  /// The number of millionths that the digits at `range` spell, fifteen bytes at most, with a point in front of six of
  /// them at most and behind twelve; `nil` for anything else.
  @inline(__always)
  package func millionths(in range: Range<Int>) -> Int64? { millionths(at: range.lowerBound, length: range.count) }

  /// The same of so many bytes from `start` on.
  @inline(__always)
  func millionths(at start: Int, length: Int) -> Int64? {
    usualMillionths(at: start, length: length) ?? otherMillionths(in: start..<start + length)
  }

  @inline(never)
  private func otherMillionths(in range: Range<Int>) -> Int64? {
    guard range.count <= 15 else { return nil }
    return shortMillionths(in: range) ?? longMillionths(in: range)
  }

  /// The same of less than a hundred dollars with a point, as runs cost: without it eight digits, which are all one word.
  @inline(__always)
  private func usualMillionths(at start: Int, length: Int) -> Int64? {
    guard start >= 0, start <= count &- 16 else { return nil }
    let (first, second) = extracting(start..<start &+ 16).wordsInside(0)
    let point = Words.offset(of: Words.zeros(first ^ Words.repeating(UInt8(ascii: "."))))
    let digits = length &- 1
    guard point == 1 || point == 2, digits > point, digits &- point <= 6 else { return nil }
    let whole: UInt64 = 1 &<< UInt64(8 &* point) &- 1
    let text = first & whole | (first &>> 8 | second &<< 56) & ~whole
    let fields = (text ^ Words.repeating(UInt8(ascii: "0"))) & Words.mask(digits)
    guard Words.areDigits(fields) else { return nil }
    // Two digits in front of the point and six behind it, with zeros where there are fewer.
    return Int64(truncatingIfNeeded: Words.number(ofFields: fields &<< UInt64(8 &* (2 &- point))))
  }

  @inline(never)
  private func longMillionths(in range: Range<Int>) -> Int64? {
    var point = range.lowerBound
    while point < range.upperBound, self[point] != UInt8(ascii: ".") { point &+= 1 }
    guard point &- range.lowerBound <= 12, let whole = smallNumber(in: range.lowerBound..<point) else { return nil }
    guard point < range.upperBound else { return Int64(whole) * 1_000_000 }
    let decimals = range.upperBound - point - 1
    guard decimals <= 6, let fraction = smallNumber(in: point + 1..<range.upperBound) else { return nil }
    var millionths = fraction
    for _ in decimals..<6 { millionths *= 10 }
    return Int64(whole) * 1_000_000 + Int64(millionths)
  }

  /// The same of a number with a point behind eight digits at most, where sixteen bytes can be looked at.
  @inline(__always)
  private func shortMillionths(in range: Range<Int>) -> Int64? {
    let start = range.lowerBound
    guard start >= 0, start <= count &- 16 else { return nil }
    let window = extracting(start..<start &+ 16)
    let (first, second) = window.wordsInside(0)
    let others = Words.othersThanDigits((first, second))
    let point = others.trailingZeroBitCount
    let decimals = range.count &- point &- 1
    // Behind the point there are digits up to the end of the range, or further.
    guard point <= 8, decimals > 0, decimals <= 6, self[start &+ point] == UInt8(ascii: "."),
      (others & (others &- 1)).trailingZeroBitCount > point &+ decimals, let whole = Words.number(first, digits: point),
      let fraction = word(at: start &+ point &+ 1)
    else { return nil }
    // With zeros behind them up to eight digits, the decimals are hundredths of millionths.
    let fields = (fraction ^ Words.repeating(UInt8(ascii: "0"))) & Words.mask(decimals)
    return Int64(truncatingIfNeeded: whole &* 1_000_000 &+ Words.number(ofFields: fields) / 100)
  }

  /// Whether the bytes at `range` are those of `text`.
  package func holds(_ text: [UInt8], at range: Range<Int>) -> Bool {
    guard range.count == text.count else { return false }
    let (text, other) = (text.span, extracting(range))
    var index = 0
    while index &+ 8 <= text.count {
      guard text.wordInside(index) == other.wordInside(index) else { return false }
      index &+= 8
    }
    while index < text.count {
      guard other[index] == text[index] else { return false }
      index &+= 1
    }
    return true
  }
}
