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

  /// The first eight bytes; `nil` where there are not that many.
  @inline(__always)
  var firstWord: UInt64? {
    guard count >= 8 else { return nil }
    let low = UInt64(self[0]) | UInt64(self[1]) << 8 | UInt64(self[2]) << 16 | UInt64(self[3]) << 24
    let high = UInt64(self[4]) << 32 | UInt64(self[5]) << 40 | UInt64(self[6]) << 48 | UInt64(self[7]) << 56
    return low | high
  }

  /// The first byte, if there is one.
  @inline(__always)
  var first: UInt8? { isEmpty ? nil : self[0] }
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

  /// Bits in and perhaps behind the first byte that ends a line.
  @inline(__always)
  static func endsOfLine(_ word: UInt64) -> UInt64 {
    let feeds = word ^ repeating(0x0A)
    let returns = word ^ repeating(0x0D)
    return ((feeds &- repeating(0x01)) & ~feeds | (returns &- repeating(0x01)) & ~returns) & repeating(0x80)
  }

  /// How many digits a word begins with.
  @inline(__always)
  static func digits(_ word: UInt64) -> Int {
    let fields = word ^ repeating(0x30)
    // What goes over from one byte to the next only reaches those behind the first one that is no digit.
    return offset(of: (fields | (fields &+ repeating(0x76))) & repeating(0x80))
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
    // A digit is at most 9: else the addition reaches the upper half.
    guard (fields | (fields &+ repeating(0x76))) & repeating(0x80) == 0 else { return nil }
    // Two neighbours become one number, then two pairs, then two fours; the number of the first bytes counts more.
    let pairs = (fields &* 10 &+ fields &>> 8) & 0x00FF_00FF_00FF_00FF
    let fours = (pairs &* 100 &+ pairs &>> 16) & 0x0000_FFFF_0000_FFFF
    return (fours &* 10_000 &+ fours &>> 32) & 0xFFFF_FFFF
  }
}
