// The JSON that is read here is what Python's `json` reads: RFC 8259 in UTF-8, plus the literals `NaN`, `Infinity` and
// `-Infinity`, plus escaped surrogates without a partner. Nesting is bounded by `JSONScanner.maximumDepth`, which is
// above what Python's own recursion limit allows, so nothing that the reference reads is refused.

/// The grammar of JSON over bytes: finds where values end and whether they are well formed, and builds nothing.
package enum JSONScanner {
  /// How many arrays and objects may stand inside one another.
  package static let maximumDepth = 1024

  /// What was seen of a string while finding its end.
  struct StringFacts {
    /// The bytes between the quotes stand for something else than themselves.
    var hasEscapes = false
    /// An escaped surrogate has no partner, so the string is no Unicode text.
    var hasLoneSurrogate = false
    /// Every byte between the quotes is a character of ASCII that stands for itself.
    var isPlain = true
  }

  /// Returns whether `range` of `bytes` holds one well-formed value with nothing but white space around it.
  package static func isValid(_ bytes: Span<UInt8>, in range: Range<Int>) -> Bool {
    var position = range.lowerBound
    skipSpace(bytes, &position, range.upperBound)
    guard skipValue(bytes, &position, range.upperBound, depth: 0) else { return false }
    skipSpace(bytes, &position, range.upperBound)
    return position == range.upperBound
  }

  static func skipSpace(_ bytes: Span<UInt8>, _ position: inout Int, _ end: Int) {
    while position < end {
      switch bytes[position] {
      case 0x20, 0x09, 0x0A, 0x0D: position += 1
      default: return
      }
    }
  }

  /// Moves `position` behind the value that begins there; false when there is no well-formed one before `end`.
  static func skipValue(_ bytes: Span<UInt8>, _ position: inout Int, _ end: Int, depth: Int) -> Bool {
    guard position < end else { return false }
    switch bytes[position] {
    case UInt8(ascii: "\""):
      return skipString(bytes, &position, end) != nil
    case UInt8(ascii: "{"):
      guard depth < maximumDepth else { return false }
      return skipObject(bytes, &position, end, depth: depth)
    case UInt8(ascii: "["):
      guard depth < maximumDepth else { return false }
      return skipArray(bytes, &position, end, depth: depth)
    case UInt8(ascii: "t"): return skipWord(Word.true, bytes, &position, end)
    case UInt8(ascii: "f"): return skipWord(Word.false, bytes, &position, end)
    case UInt8(ascii: "n"): return skipWord(Word.null, bytes, &position, end)
    case UInt8(ascii: "N"): return skipWord(Word.notANumber, bytes, &position, end)
    case UInt8(ascii: "I"): return skipWord(Word.infinity, bytes, &position, end)
    default: return skipNumber(bytes, &position, end)
    }
  }

  private static func skipObject(_ bytes: Span<UInt8>, _ position: inout Int, _ end: Int, depth: Int) -> Bool {
    position += 1
    skipSpace(bytes, &position, end)
    guard position < end else { return false }
    if bytes[position] == UInt8(ascii: "}") {
      position += 1
      return true
    }
    while true {
      guard position < end, bytes[position] == UInt8(ascii: "\""), skipString(bytes, &position, end) != nil,
        skipColon(bytes, &position, end), skipValue(bytes, &position, end, depth: depth + 1)
      else { return false }
      switch skipSeparator(bytes, &position, end, closing: UInt8(ascii: "}")) {
      case .next: continue
      case .closed: return true
      case .broken: return false
      }
    }
  }

  private static func skipArray(_ bytes: Span<UInt8>, _ position: inout Int, _ end: Int, depth: Int) -> Bool {
    position += 1
    skipSpace(bytes, &position, end)
    guard position < end else { return false }
    if bytes[position] == UInt8(ascii: "]") {
      position += 1
      return true
    }
    while true {
      guard skipValue(bytes, &position, end, depth: depth + 1) else { return false }
      switch skipSeparator(bytes, &position, end, closing: UInt8(ascii: "]")) {
      case .next: continue
      case .closed: return true
      case .broken: return false
      }
    }
  }

  /// What stands between two members of an object or array.
  enum Separator {
    case next, closed, broken
  }

  /// Moves `position` behind a comma, with the space around it, or behind `closing`.
  static func skipSeparator(_ bytes: Span<UInt8>, _ position: inout Int, _ end: Int, closing: UInt8) -> Separator {
    skipSpace(bytes, &position, end)
    guard position < end else { return .broken }
    let byte = bytes[position]
    position += 1
    guard byte == UInt8(ascii: ",") else { return byte == closing ? .closed : .broken }
    skipSpace(bytes, &position, end)
    return .next
  }

  /// Moves `position` behind a colon and the space around it.
  static func skipColon(_ bytes: Span<UInt8>, _ position: inout Int, _ end: Int) -> Bool {
    skipSpace(bytes, &position, end)
    guard position < end, bytes[position] == UInt8(ascii: ":") else { return false }
    position += 1
    skipSpace(bytes, &position, end)
    return true
  }

  /// Words as numbers, whose lowest byte is the first one.
  private enum Word {
    static var null: UInt64 { 0x6C6C_756E }
    static var `true`: UInt64 { 0x6575_7274 }
    static var `false`: UInt64 { 0x0065_736C_6166 }
    static var notANumber: UInt64 { 0x004E_614E }
    static var infinity: UInt64 { 0x7974_696E_6966_6E49 }
  }

  private static func skipWord(_ word: UInt64, _ bytes: Span<UInt8>, _ position: inout Int, _ end: Int) -> Bool {
    var rest = word
    var place = position
    while rest > 0 {
      guard place < end, bytes[place] == UInt8(truncatingIfNeeded: rest) else { return false }
      place += 1
      rest >>= 8
    }
    position = place
    return true
  }

  static func skipNumber(_ bytes: Span<UInt8>, _ position: inout Int, _ end: Int) -> Bool {
    if bytes[position] == UInt8(ascii: "-") {
      position += 1
      guard position < end else { return false }
      if bytes[position] == UInt8(ascii: "I") { return skipWord(Word.infinity, bytes, &position, end) }
    }
    guard position < end, isDigit(bytes[position]) else { return false }
    if bytes[position] == UInt8(ascii: "0") {
      position += 1
    } else {
      skipDigits(bytes, &position, end)
    }
    if position < end, bytes[position] == UInt8(ascii: ".") {
      position += 1
      guard position < end, isDigit(bytes[position]) else { return false }
      skipDigits(bytes, &position, end)
    }
    if position < end, bytes[position] | 0x20 == UInt8(ascii: "e") {
      position += 1
      if position < end, bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-") { position += 1 }
      guard position < end, isDigit(bytes[position]) else { return false }
      skipDigits(bytes, &position, end)
    }
    return true
  }

  static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

  private static func skipDigits(_ bytes: Span<UInt8>, _ position: inout Int, _ end: Int) {
    while position < end, isDigit(bytes[position]) { position += 1 }
  }

  /// Moves `position` behind the string whose opening quote stands there; `nil` when it is broken or not UTF-8.
  static func skipString(_ bytes: Span<UInt8>, _ position: inout Int, _ end: Int) -> StringFacts? {
    var facts = StringFacts()
    position += 1
    while position < end {
      if position <= end &- 8, let word = bytes.word(at: position) {
        let ends = Words.endsOfPlainText(word)
        guard ends != 0 else {
          position &+= 8
          continue
        }
        position &+= Words.offset(of: ends)
      }
      let byte = bytes[position]
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        return facts
      case UInt8(ascii: "\\"):
        guard skipEscape(bytes, &position, end, &facts) else { return nil }
      case ..<0x20:
        return nil
      case ..<0x80:
        position += 1
      default:
        guard let length = lengthOfScalar(bytes, position, end) else { return nil }
        facts.isPlain = false
        position += length
      }
    }
    return nil
  }

  private static func skipEscape(
    _ bytes: Span<UInt8>, _ position: inout Int, _ end: Int, _ facts: inout StringFacts
  ) -> Bool {
    facts.hasEscapes = true
    facts.isPlain = false
    guard position + 1 < end else { return false }
    guard bytes[position + 1] == UInt8(ascii: "u") else {
      position += 2
      return escapedByte(bytes[position - 1]) != nil
    }
    guard let unit = codeUnit(bytes, position, end) else { return false }
    position += 6
    guard 0xD800...0xDFFF ~= unit else { return true }
    if unit < 0xDC00, let second = codeUnit(bytes, position, end), 0xDC00...0xDFFF ~= second {
      position += 6
    } else {
      facts.hasLoneSurrogate = true
    }
    return true
  }

  /// The byte that a two-character escape stands for, `nil` when there is no such escape.
  static func escapedByte(_ letter: UInt8) -> UInt8? {
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): letter
    case UInt8(ascii: "b"): 0x08
    case UInt8(ascii: "f"): 0x0C
    case UInt8(ascii: "n"): 0x0A
    case UInt8(ascii: "r"): 0x0D
    case UInt8(ascii: "t"): 0x09
    default: nil
    }
  }

  /// The UTF-16 code unit that the `\u` escape at `position` gives, `nil` when none stands there.
  static func codeUnit(_ bytes: Span<UInt8>, _ position: Int, _ end: Int) -> UInt32? {
    guard position + 6 <= end, bytes[position] == UInt8(ascii: "\\"), bytes[position + 1] == UInt8(ascii: "u")
    else { return nil }
    var unit: UInt32 = 0
    for index in position + 2..<position + 6 {
      guard let digit = hexadecimalDigit(bytes[index]) else { return nil }
      unit = unit << 4 | UInt32(digit)
    }
    return unit
  }

  /// The length of the well-formed UTF-8 sequence of two to four bytes at `position`; `nil` when it is ill formed.
  private static func lengthOfScalar(_ bytes: Span<UInt8>, _ position: Int, _ end: Int) -> Int? {
    let length: Int
    let second: ClosedRange<UInt8>
    switch bytes[position] {
    case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    default: return nil
    }
    guard position + length <= end, second ~= bytes[position + 1] else { return nil }
    for index in position + 2..<position + length where bytes[index] & 0xC0 != 0x80 { return nil }
    return length
  }
}
