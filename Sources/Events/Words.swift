internal import CWords

// Bytes are looked at eight at a time, as one number whose lowest byte is the first one. The compiler sees that a part of
// eight bytes has eight, so that it checks the bounds once, and makes one load of the eight subscripts: nothing here has
// to give up checks to be fast.

extension Span<UInt8> {
  /// The eight bytes from `position` on; `nil` where there are not that many.
  @inline(__always)
  func word(at position: Int) -> UInt64? {
    guard position >= 0, position <= count &- 8 else { return nil }
    let bytes = extracting(position..<position &+ 8)
    let low = UInt64(bytes[0]) | UInt64(bytes[1]) << 8 | UInt64(bytes[2]) << 16 | UInt64(bytes[3]) << 24
    let high = UInt64(bytes[4]) << 32 | UInt64(bytes[5]) << 40 | UInt64(bytes[6]) << 48 | UInt64(bytes[7]) << 56
    return low | high
  }

  /// The eight bytes from `position` on, which are known to be there: where the compiler sees that too, nothing is
  /// checked.
  @inline(__always)
  func wordInside(_ position: Int) -> UInt64 {
    let bytes = extracting(position..<position &+ 8)
    let low = UInt64(bytes[0]) | UInt64(bytes[1]) << 8 | UInt64(bytes[2]) << 16 | UInt64(bytes[3]) << 24
    let high = UInt64(bytes[4]) << 32 | UInt64(bytes[5]) << 40 | UInt64(bytes[6]) << 48 | UInt64(bytes[7]) << 56
    return low | high
  }

  /// The sixteen bytes from `position` on, which are known to be there, as two words.
  @inlinable
  @inline(__always)
  func wordsInside(_ position: Int) -> (UInt64, UInt64) { (byBytes(position), byBytes(position &+ 8)) }

  /// Eight bytes without a part of their own: of each part the compiler looks whether it has an address.
  @inlinable
  @inline(__always)
  func byBytes(_ position: Int) -> UInt64 {
    let low =
      UInt64(self[position]) | UInt64(self[position &+ 1]) << 8 | UInt64(self[position &+ 2]) << 16
      | UInt64(self[position &+ 3]) << 24
    let high =
      UInt64(self[position &+ 4]) << 32 | UInt64(self[position &+ 5]) << 40 | UInt64(self[position &+ 6]) << 48
      | UInt64(self[position &+ 7]) << 56
    return low | high
  }

  /// How many bytes both begin with.
  func commonLength(with other: Span<UInt8>) -> Int {
    let count = Swift.min(self.count, other.count)
    var length = 0
    // Whole lines, or much of a log, are equal: four words are looked at with one check.
    while length <= count &- 32 {
      let (left, right) = (extracting(length..<length &+ 32), other.extracting(length..<length &+ 32))
      guard left.wordInside(0) == right.wordInside(0), left.wordInside(8) == right.wordInside(8),
        left.wordInside(16) == right.wordInside(16), left.wordInside(24) == right.wordInside(24)
      else { break }
      length &+= 32
    }
    while length < count, self[length] == other[length] { length &+= 1 }
    return length
  }
}

/// Questions about eight bytes at once; the answer's lowest set bit belongs to the first byte that is meant.
enum Words {
  /// A word of eight times `byte`.
  @inline(__always)
  static func repeating(_ byte: UInt8) -> UInt64 { UInt64(byte) &* 0x0101_0101_0101_0101 }

  /// Bits in and perhaps behind the first byte that does not stand for itself inside of a string, or ends it: a quote,
  /// a backslash, a control character, a byte beyond ASCII.
  @inline(__always)
  static func endsOfPlainText(_ word: UInt64) -> UInt64 {
    let quotes = (word ^ repeating(0x22)) &- repeating(0x01)
    let escapes = (word ^ repeating(0x5C)) &- repeating(0x01)
    let controls = word &- repeating(0x20)
    return (quotes | escapes | controls | word) & repeating(0x80)
  }

  /// A bit for each of sixteen bytes that does not stand for itself inside of a string, or ends it, as above.
  @inline(__always)
  static func endsOfPlainText(_ words: (UInt64, UInt64)) -> UInt32 { words_ends_of_text(words.0, words.1) }

  /// A bit for each of sixteen bytes that is no digit.
  @inline(__always)
  static func othersThanDigits(_ words: (UInt64, UInt64)) -> UInt32 { words_others_than_digits(words.0, words.1) }

  /// A bit for each of sixteen bytes that is not the one in its place among `others`.
  @inline(__always)
  static func differences(_ words: (UInt64, UInt64), from others: (UInt64, UInt64)) -> UInt32 {
    words_others(words.0, words.1, others.0, others.1)
  }

  /// A bit for each of sixteen bytes whose exclusive or with that of a shape is more than its limit.
  @inline(__always)
  static func excesses(
    _ first: UInt64, _ second: UInt64, over limits: (UInt64, UInt64), from shape: (UInt64, UInt64)
  ) -> UInt32 {
    words_beyond(first, second, shape.0, shape.1, limits.0, limits.1)
  }

  /// The numbers that two times eight digits of Crockford's base 32 spell, forty bits each; `nil` where one is no digit.
  @inline(__always)
  static func crockford(_ first: UInt64, _ second: UInt64) -> (first: UInt64, second: UInt64)? {
    let numbers = words_crockford(first, second)
    return numbers.first == .max ? nil : (numbers.first, numbers.second)
  }

  /// Bits in and perhaps behind the first byte that ends a line.
  @inline(__always)
  static func endsOfLine(_ word: UInt64) -> UInt64 {
    let feeds = word ^ repeating(0x0A)
    let returns = word ^ repeating(0x0D)
    return ((feeds &- repeating(0x01)) & ~feeds | (returns &- repeating(0x01)) & ~returns) & repeating(0x80)
  }

  /// Bits where there may be a byte that ends a line, or another control character below it.
  @inline(__always)
  static func controls(_ word: UInt64) -> UInt64 { (word &- repeating(0x0E)) & ~word & repeating(0x80) }

  /// How many bytes stand before the first one that an answer means.
  @inline(__always)
  static func offset(of answer: UInt64) -> Int { answer.trailingZeroBitCount &>> 3 }

  /// The lowest `count` bytes of a word, at most eight, as a mask.
  @inline(__always)
  static func mask(_ count: Int) -> UInt64 { count >= 8 ? .max : (1 &<< UInt64(8 &* count)) &- 1 }

  /// The number that the first `digits` bytes of a word spell, from one to eight; `nil` when they are no digits.
  @inline(__always)
  static func number(_ word: UInt64, digits: Int) -> UInt64? {
    guard digits > 0 else { return nil }
    // Moved to the end, behind zeros: the first byte is the lowest one, and the highest digit.
    let shift = UInt64(8 &* (8 &- digits)) & 63
    let fields = (word ^ repeating(0x30)) &<< shift
    return areDigits(fields) ? number(ofFields: fields) : nil
  }

  /// Whether each of eight bytes is from 0 to 9.
  @inline(__always)
  static func areDigits(_ fields: UInt64) -> Bool {
    // More than that reaches the upper half by the addition, or is there.
    (fields | (fields &+ repeating(0x76))) & repeating(0x80) == 0
  }

  /// Bits in and perhaps behind the first byte that is zero.
  @inline(__always)
  static func zeros(_ word: UInt64) -> UInt64 { (word &- repeating(0x01)) & ~word & repeating(0x80) }

  /// The number of eight digits, each a byte from 0 to 9, the first one lowest.
  @inline(__always)
  static func number(ofFields fields: UInt64) -> UInt64 {
    // Two neighbours become one number, then two pairs, then two fours; the number of the first bytes counts more.
    let pairs = (fields &* 10 &+ fields &>> 8) & 0x00FF_00FF_00FF_00FF
    let fours = (pairs &* 100 &+ pairs &>> 16) & 0x0000_FFFF_0000_FFFF
    return (fours &* 10_000 &+ fours &>> 32) & 0xFFFF_FFFF
  }
}
