// A pattern is a text in which `*` stands for any bytes and `?` for any one; it matches whole words. A word is what
// stands between blanks, quotes, brackets and `,;=&|`, and it is matched without what ends a sentence, and with it. So the
// time is that of the text times that of the pattern, whatever the two are.

/// A pattern for words that are secrets.
package struct WordPattern: Hashable, Sendable {
  private let text: [UInt8]

  /// The longest pattern, in bytes.
  package static let maximumLength = 200

  /// Creates a pattern; `nil` for one that is empty, too long, or can match no word.
  package init?(_ text: String) {
    guard 1...WordPattern.maximumLength ~= text.utf8.count, !text.utf8.contains(where: WordPattern.parts) else {
      return nil
    }
    self.text = Array(text.utf8)
  }

  /// Whether the pattern matches all of `word`.
  package func matches(_ word: ArraySlice<UInt8>) -> Bool {
    var (position, index) = (word.startIndex, 0)
    // Where the last star stands, and up to where it reaches: it takes one byte more whenever the rest does not match.
    var star: (index: Int, position: Int)?
    while position < word.endIndex {
      if index < text.count, text[index] == UInt8(ascii: "*") {
        star = (index, position)
        index += 1
      } else if index < text.count, text[index] == UInt8(ascii: "?") || text[index] == word[position] {
        index += 1
        position += 1
      } else if let last = star {
        star = (last.index, last.position + 1)
        (index, position) = (last.index + 1, last.position + 1)
      } else {
        return false
      }
    }
    return text[index...].allSatisfy { $0 == UInt8(ascii: "*") }
  }

  static func redacted(_ text: [UInt8], by patterns: [WordPattern]) -> [UInt8] {
    var kept: [UInt8] = []
    var position = 0
    while position < text.count {
      if text[position...].starts(with: Redaction.replacement) {
        kept += Redaction.replacement
        position += Redaction.replacement.count
        continue
      }
      let end = text[position...].firstIndex(where: parts) ?? text.count
      guard end > position else {
        kept.append(text[position])
        position += 1
        continue
      }
      let word = text[position..<end]
      let bare = word.prefix(word.count - word.reversed().prefix { ".:!?".utf8.contains($0) }.count)
      if !bare.isEmpty, patterns.contains(where: { $0.matches(bare) }) {
        kept += Redaction.replacement + word[bare.endIndex...]
      } else if patterns.contains(where: { $0.matches(word) }) {
        kept += Redaction.replacement
      } else {
        kept += word
      }
      position = end
    }
    return kept
  }

  /// Whether a byte stands between words.
  private static func parts(_ byte: UInt8) -> Bool {
    byte.isBlank || byte.isLineEnd || "\"'`,;(){}[]<>=&|".utf8.contains(byte)
  }
}
