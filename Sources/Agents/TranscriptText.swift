/// What an agent printed for people: the first and the last lines of both streams.
struct TranscriptText {
  /// The lines, without blanks around them and without what steers a terminal.
  let lines: [Substring]

  /// How much of either end of a stream is looked at, in bytes.
  private static let reach = 16 << 10

  init(output: [UInt8], errors: [UInt8]) {
    lines = [output, errors].flatMap(TranscriptText.lines)
  }

  /// What follows `label` on the first line that begins with it.
  func value(after label: String) -> String? {
    for line in lines where line.hasPrefix(label) {
      let value = line.dropFirst(label.count).trimmingBlanks
      if !value.isEmpty { return String(value) }
    }
    return nil
  }

  private static func lines(of bytes: [UInt8]) -> [Substring] {
    let head = bytes.prefix(reach)
    let tail = bytes.dropFirst(max(reach, bytes.count - reach))
    return [head, tail].flatMap { part in
      plain(String(decoding: part, as: UTF8.self)).split(separator: "\n").map(\.trimmingBlanks).filter { !$0.isEmpty }
    }
  }

  /// `text` with escape sequences left out and line ends made one.
  private static func plain(_ text: String) -> String {
    var plain = String.UnicodeScalarView()
    var isEscape = false
    for scalar in text.unicodeScalars {
      if isEscape {
        // A sequence such as `ESC [ 1 m` ends with a letter.
        isEscape = !scalar.properties.isAlphabetic && scalar != "\n"
      } else if scalar == "\u{1B}" {
        isEscape = true
      } else {
        plain.append(scalar == "\r" ? "\n" : scalar)
      }
    }
    return String(plain)
  }
}

extension Substring {
  /// The text without blanks at its ends.
  var trimmingBlanks: Substring {
    var rest = self
    while let first = rest.unicodeScalars.first, first.properties.isWhitespace { rest.unicodeScalars.removeFirst() }
    while let last = rest.unicodeScalars.last, last.properties.isWhitespace { rest.unicodeScalars.removeLast() }
    return rest
  }
}
