// Agents quote what they were refused with, and a log is committed and pushed. What looks like a secret is not stored:
//
//   a token                 a word that begins as providers begin their keys and goes on long enough (SecretToken)
//   an assigned value       one behind a name such as `api_key`, `token` or `password` (SecretAssignment)
//   an authorisation        a word behind `Bearer`, and one behind `Basic` that spells a name and a password
//   a name and a password   what stands between `://` and `@` in a URL
//   a private key           in PEM, from its first line to its last
//   a person's name         `/home/<name>`, `/Users/<name>` and `C:\Users\<name>` become `~`
//   what a pattern matches  a word, see WordPattern
//
// It is a sieve for accidents, not a guarantee. A text is looked through once, and each byte a bounded number of times.

/// Takes what looks like a secret out of texts before they are stored.
package struct Redaction: Sendable {
  private let patterns: [WordPattern]

  /// What stands in the place of a secret.
  package static let replacement = Array("[removed]".utf8)

  /// Creates a redaction that also takes out words that one of `patterns` matches.
  package init(patterns: [WordPattern] = []) { self.patterns = patterns }

  /// `text` without what looks like a secret.
  package func redacted(_ text: JSONString) -> JSONString {
    let kept = SecretSearch(text.bytes).redacted
    return JSONString(bytes: patterns.isEmpty ? kept : WordPattern.redacted(kept, by: patterns))
  }

  /// `value` with all its texts redacted; a text under the name of a secret is one where it could be.
  package func redacted(_ value: JSONValue) -> JSONValue {
    switch value {
    case .string(let text): return .string(redacted(text))
    case .array(let elements): return .array(elements.map(redacted))
    case .object(let object):
      return .object(
        JSONObject(
          object.sorted.map { key, value in
            guard case .string(let text) = value, let name = SecretAssignment.Name(key.bytes),
              name.announces(text.bytes[...], isQuoted: true)
            else { return (key, redacted(value)) }
            return (key, .string(JSONString(bytes: Redaction.replacement)))
          }))
    case .null, .bool, .integer, .float: return value
    }
  }
}

/// Looks through one text.
struct SecretSearch {
  let text: [UInt8]
  /// Up to where no token of two parts can begin, since the run that it would be in has only one.
  var barrenEnd = 0

  init(_ text: [UInt8]) { self.text = text }

  /// What is taken out, and what takes its place.
  struct Finding {
    let range: Range<Int>
    var replacement = Redaction.replacement
  }

  /// The text without what was found.
  var redacted: [UInt8] {
    var search = self
    var kept: [UInt8] = []
    var position = 0
    while position < text.count {
      guard let finding = search.finding(at: position) else {
        kept.append(text[position])
        position += 1
        continue
      }
      kept += text[position..<finding.range.lowerBound] + finding.replacement
      position = finding.range.upperBound
    }
    return kept
  }

  private mutating func finding(at position: Int) -> Finding? {
    switch text[position] {
    case UInt8(ascii: "-"): privateKey(at: position)
    case UInt8(ascii: ":"): userInformation(at: position)
    case UInt8(ascii: "/"): home(at: position)
    case let byte where byte.isAlphanumeric || byte == UInt8(ascii: "_"):
      wordFinding(at: position)
    default: nil
    }
  }

  private mutating func wordFinding(at position: Int) -> Finding? {
    if position == 0 || !text[position - 1].isAlphanumeric, let token = token(at: position) { return token }
    guard isWordStart(position) else { return nil }
    return windowsHome(at: position) ?? authorisation(at: position) ?? assignment(at: position)
  }

  private func isWordStart(_ position: Int) -> Bool {
    position == 0 || !text[position - 1].isNamePart || text[position - 1] == UInt8(ascii: "-")
  }

  /// Whether `word` stands at `position`, in capitals or not.
  func has(_ word: StaticString, at position: Int) -> Bool {
    let count = word.utf8CodeUnitCount
    guard position >= 0, position + count <= text.count else { return false }
    let lowercase = Array("\(word)".utf8)
    for offset in 0..<count where text[position + offset].lowercased != lowercase[offset] { return false }
    return true
  }

  /// The end of the run of bytes from `start` on that `belongs` holds for, at most `limit` of them.
  func end(from start: Int, limit: Int = 1024, _ belongs: (UInt8) -> Bool) -> Int {
    var end = start
    while end < text.count, end - start < limit, belongs(text[end]) { end += 1 }
    return end
  }
}

extension SecretSearch {
  /// A private key in PEM; one whose end was cut off goes on to the end of the text.
  private func privateKey(at position: Int) -> Finding? {
    guard has("-----begin ", at: position) else { return nil }
    let label = position + 11
    let labelEnd = end(from: label, limit: 64) { $0.isAlphanumeric || $0 == 0x20 }
    guard has("-----", at: labelEnd),
      has("private key", at: labelEnd - 11) || has("private key block", at: labelEnd - 17)
    else { return nil }
    var tail = labelEnd + 5
    while tail < text.count, !(text[tail] == UInt8(ascii: "-") && has("-----end ", at: tail)) { tail += 1 }
    guard tail < text.count else { return Finding(range: position..<text.count) }
    let last = end(from: tail + 9, limit: 64) { $0.isAlphanumeric || $0 == 0x20 }
    return Finding(range: position..<(has("-----", at: last) ? last + 5 : last))
  }

  /// A word behind `Bearer` or `Basic`.
  private func authorisation(at position: Int) -> Finding? {
    let isBearer = has("bearer", at: position)
    guard isBearer || has("basic", at: position) else { return nil }
    let schemeEnd = position + (isBearer ? 6 : 5)
    let start = end(from: schemeEnd, limit: 8) { $0.isBlank }
    guard start > schemeEnd else { return nil }
    let tokenEnd = end(from: start, limit: text.count) { $0.isAlphanumeric || "._~+/=-".utf8.contains($0) }
    // What a pattern has taken out behind it was a part of the word.
    guard !has("[removed]", at: tokenEnd) else { return nil }
    let word = text[start..<tokenEnd]
    return (isBearer ? word.count >= 8 && word.looksRandom : word.isBase64OfCredentials)
      ? Finding(range: start..<tokenEnd) : nil
  }

  /// What stands before the host in a URL: a name and a password, or a name that is a token.
  private func userInformation(at position: Int) -> Finding? {
    guard has("://", at: position) else { return nil }
    let start = position + 3
    let ending = partEnd(from: start, limit: 1024) { !$0.isBlank && !$0.isLineEnd && !"/?#\"'`<>\\[".utf8.contains($0) }
    let authority = text[start..<ending]
    if let at = authority.lastIndex(of: UInt8(ascii: "@")) {
      let user = authority[..<at]
      guard user.contains(where: ":/".utf8.contains) || user.count >= 16 || user.count >= 8 && user.looksRandom else {
        return nil
      }
      return Finding(range: start..<at)
    }
    // A password may have a slash in it, also at its beginning; what follows a host's colon is a number.
    guard let colon = authority.firstIndex(of: UInt8(ascii: ":")),
      colon + 1 == ending || !authority[(colon + 1)...].allSatisfy(\.isDigit)
    else { return nil }
    let far = partEnd(from: ending, limit: 128) {
      !$0.isBlank && !$0.isLineEnd && $0 != UInt8(ascii: "@") && !"\"'`<>[".utf8.contains($0)
    }
    return far < text.count && text[far] == UInt8(ascii: "@") ? Finding(range: start..<far) : nil
  }

  /// The end of a part of a URL whose bytes `belongs` holds for, at most `limit` of them.
  ///
  /// The folder of a person counts as one of them, as what it becomes does: else the rest would be judged anew by whoever
  /// redacts the text again.
  private func partEnd(from start: Int, limit: Int, _ belongs: (UInt8) -> Bool) -> Int {
    var end = start
    for _ in 0..<limit where end < text.count {
      if let home = personalFolder(at: end) {
        end = home.range.upperBound
      } else if belongs(text[end]) {
        end += 1
      } else {
        break
      }
    }
    return end
  }
}

// Folders of persons.
extension SecretSearch {
  private static let home = Array("~".utf8)

  private func personalFolder(at position: Int) -> Finding? {
    if text[position] == UInt8(ascii: "/") { return home(at: position) }
    return isWordStart(position) ? windowsHome(at: position) : nil
  }

  private func home(at position: Int) -> Finding? {
    // The cheap question first: a text may be nothing but slashes.
    guard position + 1 < text.count, "hHuU".utf8.contains(text[position + 1]),
      has("/home/", at: position) || has("/users/", at: position), beginsPath(at: position)
    else { return nil }
    let start = position + (has("/home/", at: position) ? 6 : 7)
    let ending = end(from: start, limit: 65) { $0.isNameOfPerson }
    return name(start..<ending).map { Finding(range: position..<$0, replacement: SecretSearch.home) }
  }

  /// Whether the slash at `position` begins a path.
  ///
  /// Behind another folder's name it does not, nor behind what the folder of a person has become; but `-I/home/…`,
  /// `/mnt/c/Users/…` and `file:///home/…` do.
  private func beginsPath(at position: Int) -> Bool {
    guard position > 0 else { return true }
    let previous = text[position - 1]
    if previous == UInt8(ascii: "/") { return has("://", at: position - 3) }
    guard previous.isNamePart || previous >= 0x80 || previous == UInt8(ascii: "~") else { return true }
    return previous.isLetter && position > 1 && "-/".utf8.contains(text[position - 2])
  }

  /// `C:\Users\<name>`, with slashes either way or as JSON spells them.
  private func windowsHome(at position: Int) -> Finding? {
    func separator(from start: Int) -> Int { end(from: start, limit: 4) { $0 == 0x5C || $0 == UInt8(ascii: "/") } }
    guard text[position].isLetter, has(":", at: position + 1) else { return nil }
    let folder = separator(from: position + 2)
    guard folder > position + 2, has("users", at: folder) else { return nil }
    let start = separator(from: folder + 5)
    guard start > folder + 5 else { return nil }
    // A name may have blanks where a folder follows.
    let long = end(from: start, limit: 65) { $0.isNameOfPerson || $0 == 0x20 }
    let isFollowed = long < text.count && (text[long] == 0x5C || text[long] == UInt8(ascii: "/"))
    let ending = isFollowed ? long : end(from: start, limit: 65) { $0.isNameOfPerson }
    return name(start..<ending).map { Finding(range: position..<$0, replacement: SecretSearch.home) }
  }

  /// The end of a person's name; `nil` when it is none.
  private func name(_ range: Range<Int>) -> Int? {
    guard 1...64 ~= range.count, !"$.%~".utf8.contains(text[range.lowerBound]) else { return nil }
    let shared = ["shared", "public", "linuxbrew"].contains { word in
      text[range].lazy.map(\.lowercased).elementsEqual(word.utf8)
    }
    return shared ? nil : range.upperBound
  }
}
