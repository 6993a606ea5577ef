// Agents quote what they were refused with, and a log is committed and pushed. What looks like a credential is not
// stored:
//
//   a word that begins as providers begin their keys (`sk-`, `ghp_`, `AKIA`, …) and goes on long enough
//   a word behind `Bearer`, and one behind a name such as `api_key`, `token` or `password` and `=` or `:`
//   what stands between `://` and `@` in a URL
//   a private key in PEM
//
// It is a sieve for accidents, not a guarantee.

/// Texts without what looks like a credential.
enum Credentials {
  private static let replacement = "[removed]"

  /// How the keys of well-known providers begin.
  private static let beginnings = [
    "sk-", "sk_live_", "sk_test_", "rk_live_", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "xoxb-",
    "xoxp-", "xoxa-", "AKIA", "ASIA", "AIza", "ya29.", "eyJ", "npm_", "hf_", "pypi-",
  ]
  /// What the names of secrets end with.
  private static let names = ["key", "apikey", "token", "secret", "password", "passwd", "authorization"]

  /// `text` with what looks like a credential replaced.
  static func removed(from text: String) -> String {
    var kept = ""
    var name: Substring?
    var joint = ""
    for piece in pieces(of: withoutPrivateKeys(text)) {
      guard isWord(piece) else {
        kept += piece
        joint += piece
        continue
      }
      let isSecret = looksSecret(piece) || name.map { announces($0, joint, piece) } == true
      kept += isSecret ? replacement : withoutUser(piece)
      name = piece
      joint = ""
    }
    return kept
  }

  /// The words of a text and what stands between them, in turn.
  private static func pieces(of text: String) -> [Substring] {
    var pieces: [Substring] = []
    var rest = text[...]
    while let first = rest.first {
      let end = rest.firstIndex { isSeparator($0) != isSeparator(first) } ?? rest.endIndex
      pieces.append(rest[..<end])
      rest = rest[end...]
    }
    return pieces
  }

  private static func isSeparator(_ character: Character) -> Bool {
    character.isWhitespace || "\"'`,;(){}[]<>=&|".contains(character)
  }

  private static func isWord(_ piece: Substring) -> Bool {
    piece.first.map { !isSeparator($0) } == true && piece != ":"
  }

  private static func looksSecret(_ word: Substring) -> Bool {
    beginnings.contains { word.hasPrefix($0) && word.utf8.count >= $0.utf8.count + 12 }
  }

  /// Whether `name` says that the word behind it, joined by `joint`, is a secret.
  private static func announces(_ name: Substring, _ joint: String, _ word: Substring) -> Bool {
    let isJoined = joint.contains("=") || joint.contains(":") || name.hasSuffix(":")
    let bare = name.lowercased().drop { $0 == "-" }.trimmingSuffix(":")
    if bare == "bearer" { return word.utf8.count >= 8 }
    // A path to a file of that name is none of them.
    guard isJoined, !joint.contains(where: \.isNewline), !bare.contains("/"),
      let ending = names.first(where: { bare.hasSuffix($0) })
    else { return false }
    // A parser's "unexpected token: name" is no secret; a password may be any word.
    return ending.hasPrefix("passw") || ending == "secret"
      || word.utf8.count >= 8 && word.contains(where: \.isNumber)
  }

  /// A URL without the user's name and password.
  private static func withoutUser(_ word: Substring) -> String {
    guard let scheme = word.firstRange(of: "://") else { return String(word) }
    let host = word[scheme.upperBound...].prefix { $0 != "/" }
    guard let at = host.lastIndex(of: "@") else { return String(word) }
    return word[..<scheme.upperBound] + replacement + word[at...]
  }

  private static func withoutPrivateKeys(_ text: String) -> String {
    var kept = ""
    var rest = text[...]
    while let begin = rest.firstRange(of: "-----BEGIN "), let head = rest[begin.upperBound...].firstRange(of: "-----"),
      rest[begin.upperBound..<head.lowerBound].hasSuffix("PRIVATE KEY")
    {
      kept += rest[..<begin.lowerBound] + replacement
      rest = rest[head.upperBound...]
      // A key whose end was cut off goes on to the end of the text.
      guard let end = rest.firstRange(of: "-----END "), let tail = rest[end.upperBound...].firstRange(of: "-----")
      else { return kept }
      rest = rest[tail.upperBound...]
    }
    return kept + rest
  }
}

extension Substring {
  /// The text without `suffix`, if it ends with it.
  fileprivate func trimmingSuffix(_ suffix: String) -> Substring {
    hasSuffix(suffix) ? dropLast(suffix.count) : self
  }
}
