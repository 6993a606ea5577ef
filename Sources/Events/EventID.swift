// An event id is the identity of an event wherever it is stored. Three spellings are accepted, as in the reference:
//
//   26 characters of Crockford's base 32 (no I, L, O, U), any case    -> upper case            (a ULID)
//   36 characters, hexadecimal digits in 8-4-4-4-12, any case          -> lower case            (a UUID)
//   32 hexadecimal digits, any case                                    -> hyphenated lower case (the same UUID)
//
// A ULID proper has 128 bits, so its first character is at most 7. The reference also makes ids from 26 hexadecimal
// digits, whose first one may be F: 130 bits, and both forms need to be told apart from a UUID of the same bits.

/// The normalised identity of an event: a ULID or a UUID.
public struct EventID: Hashable, Sendable {
  @usableFromInline let high: UInt64
  @usableFromInline let low: UInt64
  /// The two bits above the 128 for a ULID, `EventID.uuidTag` for a UUID.
  @usableFromInline let top: UInt8

  private static let uuidTag: UInt8 = 4

  /// Creates the id that has these bits.
  init(high: UInt64, low: UInt64, top: UInt8) {
    self.high = high
    self.low = low
    self.top = top
  }

  /// The id of nothing.
  package static let zero = EventID(high: 0, low: 0, top: 0)

  /// Creates the id that `text` spells; `nil` when it is none.
  public init?(_ text: String) {
    self.init(ascii: Array(text.utf8).span)
  }

  /// Creates the id that the bytes of `ascii` spell; `nil` when they spell none.
  package init?(ascii: Span<UInt8>) {
    switch ascii.count {
    case 26: self.init(crockford: ascii)
    case 36: self.init(hexadecimal: ascii, hyphenated: true)
    case 32: self.init(hexadecimal: ascii, hyphenated: false)
    default: return nil
    }
  }

  /// Creates a ULID: 48 bits of `milliseconds` since 1970, then 80 random bits.
  public static func ulid(
    milliseconds: UInt64, using generator: inout some RandomNumberGenerator
  ) -> EventID {
    EventID(
      high: milliseconds << 16 | UInt64(UInt16.random(in: .min ... .max, using: &generator)),
      low: UInt64.random(in: .min ... .max, using: &generator), top: 0)
  }

  /// Creates the UUID that stands for `content`: equal content gives equal ids.
  ///
  /// It is a UUID of version 8, made from a 128-bit FNV-1a hash. That keeps contents apart that differ by accident, and
  /// is no proof against contents that were made to collide.
  package static func derived(from content: [UInt8]) -> EventID {
    let prime: UInt128 = 1 << 88 + 0x13B
    var hash: UInt128 = 0x6C62_272E_07BB_0142_62B8_2175_6295_C58D
    for byte in content { hash = (hash ^ UInt128(byte)) &* prime }
    let high = UInt64(truncatingIfNeeded: hash >> 64) & ~0xF000 | 0x8000
    let low = UInt64(truncatingIfNeeded: hash) & ~(0b11 << 62) | 0b10 << 62
    return EventID(high: high, low: low, top: uuidTag)
  }

  /// Creates the ULID that `text` begins with, in quotes; `nil` when it begins with something else.
  @inline(__always)
  init?(quoted text: Span<UInt8>) {
    guard text.count >= 28, text[27] == UInt8(ascii: "\"") else { return nil }
    self.init(crockford: text.extracting(1..<27))
  }

  @inline(__always)
  private init?(crockford text: Span<UInt8>) {
    guard text.count == 26 else { return nil }
    // Twenty-six digits of five bits are 130 bits: two of the first eight, which the next eight overlap, and all of the
    // other three times eight.
    guard let (first, second) = Words.crockford(text.wordInside(0), text.wordInside(2)),
      let (third, fourth) = Words.crockford(text.wordInside(10), text.wordInside(18))
    else { return nil }
    let top = first &>> 30
    self.init(
      high: top &<< 56 | second &<< 16 | third &>> 24, low: third &<< 40 | fourth,
      top: UInt8(truncatingIfNeeded: top &>> 8))
  }

  private init?(hexadecimal text: Span<UInt8>, hyphenated: Bool) {
    var high: UInt64 = 0
    var low: UInt64 = 0
    for index in text.indices {
      let byte = text[index]
      if hyphenated, index == 8 || index == 13 || index == 18 || index == 23 {
        guard byte == UInt8(ascii: "-") else { return nil }
        continue
      }
      guard let digit = hexadecimalDigit(byte) else { return nil }
      high = high << 4 | low >> 60
      low = low << 4 | UInt64(digit)
    }
    self.init(high: high, low: low, top: EventID.uuidTag)
  }

  private static let crockfordAlphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)
  private static let hexadecimalAlphabet = Array("0123456789abcdef".utf8)

  /// What hashes of ids depend on beside the ids, so that nobody can foretell them.
  @usableFromInline
  package struct HashSeed: Sendable {
    @usableFromInline let first = UInt64.random(in: .min ... .max)
    @usableFromInline let second = UInt64.random(in: .min ... .max)

    /// Creates a seed of its own.
    package init() {}
  }

  /// A number that is the same for equal ids, and that nobody can foretell who does not know `seed`.
  @inlinable
  @inline(__always)
  package func hash(_ seed: HashSeed) -> UInt64 {
    let product = (high ^ seed.first).multipliedFullWidth(by: low ^ seed.second)
    let mixed = (product.high ^ product.low ^ UInt64(top)).multipliedFullWidth(by: seed.first ^ 0x9E37_79B9_7F4A_7C15)
    return mixed.high ^ mixed.low
  }

  /// The bits: 128 of them, and above these the few that tell forms apart.
  package var words: (high: UInt64, low: UInt64, top: UInt64) { (high, low, UInt64(top)) }

  /// Creates an id from its bits; `nil` when no id has them.
  package init?(words: (high: UInt64, low: UInt64, top: UInt64)) {
    guard words.top <= UInt64(EventID.uuidTag) else { return nil }
    self.init(high: words.high, low: words.low, top: UInt8(words.top))
  }

  /// The normalised spelling in ASCII.
  package var ascii: [UInt8] {
    var rest = (top: UInt64(top), high: high, low: low)
    if top == EventID.uuidTag {
      var text = [UInt8](repeating: UInt8(ascii: "-"), count: 36)
      for index in (0..<36).reversed() where index != 8 && index != 13 && index != 18 && index != 23 {
        text[index] = EventID.hexadecimalAlphabet[Int(rest.low & 15)]
        rest = (0, rest.high >> 4, rest.low >> 4 | rest.high << 60)
      }
      return text
    }
    var text = [UInt8](repeating: 0, count: 26)
    for index in (0..<26).reversed() {
      text[index] = EventID.crockfordAlphabet[Int(rest.low & 31)]
      rest = (rest.top >> 5, rest.high >> 5 | rest.top << 59, rest.low >> 5 | rest.high << 59)
    }
    return text
  }
}

extension EventID: CustomStringConvertible {
  /// The normalised spelling.
  public var description: String { String(decoding: ascii, as: UTF8.self) }
}

extension EventID: Comparable {
  /// Orders ids by the bytes of their normalised spelling.
  public static func < (left: EventID, right: EventID) -> Bool {
    // Within one form the digits' order is the bits' order; across forms only the text decides.
    guard (left.top == uuidTag) == (right.top == uuidTag) else {
      return left.ascii.lexicographicallyPrecedes(right.ascii)
    }
    return (left.top, left.high, left.low) < (right.top, right.high, right.low)
  }
}

/// The value of a hexadecimal digit in ASCII, `nil` for another byte.
func hexadecimalDigit(_ byte: UInt8) -> UInt8? {
  switch byte {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
  case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
  case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
  default: nil
  }
}
