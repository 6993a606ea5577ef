internal import Events

/// A text that a member has to be.
struct TextCondition: Sendable {
  private let value: JSONValue
  /// How the value is spelled by whoever records here; other spellings take a closer look.
  private let spelling: [UInt8]

  init(_ text: String) {
    value = .string(text)
    spelling = value.canonicalText
  }

  /// Whether the value at `range` is the text.
  func holds(for range: Range<Int>, in bytes: Span<UInt8>) -> Bool {
    if bytes.holds(spelling, at: range) { return true }
    // Without escapes and beyond them, bytes stand for themselves.
    for index in range where bytes[index] == UInt8(ascii: "\\") || bytes[index] >= 0x80 {
      return JSONValue(bytes, in: range) == value
    }
    return false
  }
}
