import CWords
import TestSupport
import Testing

/// Answers about sixteen bytes, from the processor and by plain arithmetic, against those about each byte.
struct `Sixteen bytes` {
  /// Calls `body` with two words and their bytes: every byte at every place among others, and random ones.
  private func forEachWords(_ body: (UInt64, UInt64, [UInt8]) -> Void) {
    func words(_ bytes: [UInt8]) -> (UInt64, UInt64) {
      func word(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) } }
      return (word(bytes[..<8]), word(bytes[8...]))
    }
    var random = SeededGenerator(seed: 5)
    let usual = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZabcxyz \"\\".utf8)
    for place in 0..<16 {
      for byte in UInt8.min...UInt8.max {
        for others in [usual[7], usual[20], byte] {
          var bytes = [UInt8](repeating: others, count: 16)
          bytes[place] = byte
          body(words(bytes).0, words(bytes).1, bytes)
        }
      }
    }
    for _ in 0..<20_000 {
      let isAny = Bool.random(using: &random)
      let bytes = (0..<16).map { _ in
        isAny ? UInt8.random(in: 0...255, using: &random) : usual.randomElement(using: &random) ?? 0
      }
      body(words(bytes).0, words(bytes).1, bytes)
    }
  }

  private func mask(_ bytes: [UInt8], _ isMeant: (UInt8) -> Bool) -> UInt32 {
    bytes.enumerated().reduce(0) { $0 | (isMeant($1.element) ? 1 << UInt32($1.offset) : 0) }
  }

  @Test func `say where text ends that stands for itself`() {
    forEachWords { first, second, bytes in
      let expected = mask(bytes) { $0 < 0x20 || $0 >= 0x80 || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }
      #expect(words_ends_of_text(first, second) == expected, "\(bytes)")
      #expect(words_plain_ends_of_text(first, second) == expected, "\(bytes)")
    }
  }

  @Test func `say where digits end`() {
    forEachWords { first, second, bytes in
      let expected = mask(bytes) { !("0"..."9" ~= Character(Unicode.Scalar($0))) }
      #expect(words_others_than_digits(first, second) == expected, "\(bytes)")
      #expect(words_plain_others_than_digits(first, second) == expected, "\(bytes)")
    }
  }

  @Test func `say which of them others are, and which are beyond a limit`() {
    var random = SeededGenerator(seed: 6)
    forEachWords { first, second, bytes in
      let (other, limit) = (bytes.randomElement(using: &random) ?? 0, UInt8.random(in: 0...255, using: &random))
      let (others, limits) = (UInt64(other) &* 0x0101_0101_0101_0101, UInt64(limit) &* 0x0101_0101_0101_0101)
      let expected = mask(bytes) { $0 != other }
      #expect(words_others(first, second, others, others) == expected, "\(bytes), \(other)")
      #expect(words_plain_others(first, second, others, others) == expected, "\(bytes), \(other)")
      let beyond = mask(bytes) { $0 ^ other > limit }
      #expect(words_beyond(first, second, others, others, limits, limits) == beyond, "\(bytes), \(other), \(limit)")
      #expect(
        words_plain_beyond(first, second, others, others, limits, limits) == beyond, "\(bytes), \(other), \(limit)")
    }
  }

  @Test func `spell numbers to the base of thirty-two`() {
    let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
    func number(_ bytes: ArraySlice<UInt8>) -> UInt64? {
      bytes.reduce(0) { number, byte in
        let letter = Character(Unicode.Scalar(byte & (byte >= 0x40 ? 0xDF : 0xFF)))
        guard let number, let digit = alphabet.firstIndex(of: letter), byte < 0x80 else { return nil }
        return number << 5 | UInt64(digit)
      }
    }
    forEachWords { first, second, bytes in
      let (left, right) = (number(bytes[..<8]), number(bytes[8...]))
      let isKnown = left != nil && right != nil
      let expected = (isKnown ? left : .max, isKnown ? right : .max)
      for numbers in [words_crockford(first, second), words_plain_crockford(first, second)] {
        #expect(numbers.first == expected.0 && numbers.second == expected.1, "\(bytes)")
      }
    }
  }
}
