// A secret is assigned where a name that ends like one of a secret's stands before `=` or `:`, quoted or not:
//
//   API_KEY=…    "api_key": "…"    password: …    --token=…    Authorization: Bearer …    ?key=…
//
// and where an option of such a name stands before a word that looks like it was drawn by lot: `--token …`. A password
// may be any word; a token or a key is at least eight bytes long, and no mere number: `next token: 12345` is none.

/// A value behind the name of a secret.
enum SecretAssignment {
  /// The name of a secret.
  struct Name {
    private let mayBeAnyWord: Bool

    private static let passwords = ["password", "passwd", "passphrase", "pwd", "secret"]
    private static let tokens = [
      "token", "apikey", "accesskey", "secretkey", "privatekey", "signingkey", "encryptionkey", "accountkey", "authkey",
      "sharedkey", "authorization", "credential", "credentials",
    ]
    /// Words that say something about a password.
    private static let remarks: Set<String> = [
      "a", "an", "and", "cannot", "denied", "does", "empty", "expired", "failed", "false", "for", "has", "incorrect",
      "invalid", "is", "missing", "must", "nil", "no", "none", "not", "null", "required", "should", "the", "too",
      "true",
      "undefined", "was", "wrong", "your",
    ]

    /// Reads a name; `nil` when it is none of a secret.
    init?(_ name: some Collection<UInt8>) {
      guard 2...128 ~= name.count else { return nil }
      let bare = String(
        decoding: name.lazy.filter { $0.isAlphanumeric || $0 >= 0x80 }.map(\.lowercased), as: UTF8.self)
      let isPassword = Name.passwords.contains { bare.hasSuffix($0) }
      let isVariable = name.reversed().starts(with: "YEK_".utf8)
      guard isPassword || isVariable || bare == "auth" || Name.tokens.contains(where: { bare.hasSuffix($0) })
      else { return nil }
      mayBeAnyWord = isPassword
    }

    private init(mayBeAnyWord: Bool) { self.mayBeAnyWord = mayBeAnyWord }

    /// The name of a parameter in a URL, `key`.
    static let parameter = Name(mayBeAnyWord: false)

    /// Whether `value`, behind this name, is a secret.
    func announces(_ value: ArraySlice<UInt8>, isQuoted: Bool) -> Bool {
      // A place that is to be filled in, or has been.
      guard let first = value.first, !"[$<{*%".utf8.contains(first) else { return false }
      if mayBeAnyWord {
        return isQuoted || value.count > 16
          || !Name.remarks.contains(String(decoding: value.lazy.map(\.lowercased), as: UTF8.self))
      }
      // The cheap questions first: a text may be nothing but such names.
      guard value.count >= 8, value.looksRandom, !"/.~".utf8.contains(first) else { return false }
      let isNumber = value.count < 16 && value.allSatisfy(\.isDigit)
      return !isNumber && !value.contains(where: \.isBlank) && !value.isURL && !value.isRedacted
    }
  }
}

extension SecretSearch {
  /// The value that is assigned to the name that begins at `position`.
  func assignment(at position: Int) -> Finding? {
    let before = position == 0 ? nil : text[position - 1]
    // A file of that name is no secret.
    guard before != UInt8(ascii: "/") else { return nil }
    let isOption = before == UInt8(ascii: "-")
    if isOption, position < 2 || text[position - 2].isNamePart && text[position - 2] != UInt8(ascii: "-") { return nil }
    let nameEnd = end(from: position, limit: 129, \.isNamePart)
    let isParameter = (before == UInt8(ascii: "?") || before == UInt8(ascii: "&")) && has("key=", at: position)
    guard let name = isParameter ? .parameter : SecretAssignment.Name(text[position..<nameEnd]) else { return nil }
    let quoteEnd = end(from: nameEnd, limit: 8) { "\\\"'`]".utf8.contains($0) }
    let gapEnd = end(from: quoteEnd, limit: 8, \.isBlank)
    let signEnd = end(from: gapEnd, limit: 3) { "=:>".utf8.contains($0) }
    guard signEnd > gapEnd else { return isOption && gapEnd > quoteEnd ? argument(at: gapEnd) : nil }
    guard text[gapEnd] != UInt8(ascii: ">"), !has("://", at: gapEnd) else { return nil }
    return value(of: name, at: end(from: signEnd, limit: 8, \.isBlank))
  }

  private func value(of name: SecretAssignment.Name, at position: Int) -> Finding? {
    let escapes = end(from: position, limit: 8) { $0 == 0x5C }
    if escapes < text.count, "\"'`".utf8.contains(text[escapes]) {
      let quote = text[escapes]
      let scheme = wordEnd(from: escapes + 1)
      let start = isScheme(escapes + 1..<scheme) ? end(from: scheme, limit: 8, \.isBlank) : escapes + 1
      let ending = end(from: start) { $0 != quote && !$0.isLineEnd && ($0 != 0x5C || escapes == position) }
      return name.announces(text[start..<ending], isQuoted: true) ? Finding(range: start..<ending) : nil
    }
    let ending = wordEnd(from: position)
    if isScheme(position..<ending) {
      let start = end(from: ending, limit: 8, \.isBlank)
      let last = wordEnd(from: start)
      let isPlaceholder = start < text.count && text[start] == UInt8(ascii: "[")
      return last - start >= 4 && start > ending && !isPlaceholder ? Finding(range: start..<last) : nil
    }
    return name.announces(text[position..<ending], isQuoted: false) ? Finding(range: position..<ending) : nil
  }

  /// The word behind an option.
  private func argument(at position: Int) -> Finding? {
    let ending = wordEnd(from: position)
    let word = text[position..<ending]
    guard word.count >= 4, word.looksRandom, let first = word.first, !"-[$<{/.".utf8.contains(first), !word.isRedacted
    else { return nil }
    return Finding(range: position..<ending)
  }

  /// The end of an unquoted value, without what ends a sentence.
  private func wordEnd(from start: Int) -> Int {
    var ending = start
    while ending < text.count, ending - start < 1024 {
      let byte = text[ending]
      if byte.isBlank || byte.isLineEnd || byte.endsValue { break }
      if byte == 0x5C, ending + 1 < text.count, "\\nrt\"'".utf8.contains(text[ending + 1]) { break }
      ending += 1
    }
    while ending > start, ".:!?".utf8.contains(text[ending - 1]) { ending -= 1 }
    return ending
  }

  /// Whether a word is the name of a way to authorise, behind which the secret stands.
  private func isScheme(_ range: Range<Int>) -> Bool {
    let word = String(decoding: text[range].lazy.map(\.lowercased).prefix(16), as: UTF8.self)
    return ["apikey", "basic", "bearer", "bot", "digest", "negotiate", "token"].contains(word)
  }
}

extension ArraySlice<UInt8> {
  /// Whether a part of it has been taken out: it was judged with that, and is not judged anew for being longer now.
  ///
  /// The bracket at the end of what stands there instead ends an unquoted value.
  var isRedacted: Bool { firstRange(of: Redaction.replacement.dropLast()) != nil }

  /// Whether it begins like a URL, `jdbc:` and the like before the scheme included.
  ///
  /// A `://` further on says nothing: what stands around it may be taken out, and the rest would be judged anew.
  fileprivate var isURL: Bool {
    let rest = drop { $0.isAlphanumeric || "+-.:".utf8.contains($0) }
    return startIndex < rest.startIndex && self[rest.startIndex - 1] == UInt8(ascii: ":")
      && rest.starts(with: "//".utf8)
  }
}

extension UInt8 {
  /// Whether an unquoted value ends before this byte; asked of every byte, many times in a text that is made for it.
  fileprivate var endsValue: Bool {
    switch Unicode.Scalar(self) {
    case "\"", "'", "`", ",", ";", "&", "|", "<", ">", "(", ")", "{", "}", "]": true
    default: false
    }
  }
}
