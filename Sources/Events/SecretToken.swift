// A token begins with what its provider begins all of them with, at the beginning of a word, and goes on for at least so
// many bytes. The lengths are below the real ones: a token that was cut off is one too.

/// How a provider's tokens look.
struct SecretToken {
  /// What a token is made of behind its beginning.
  enum Alphabet {
    case letters, capitals, words, dashes

    func holds(_ byte: UInt8) -> Bool {
      switch self {
      case .letters: byte.isAlphanumeric
      case .capitals: byte.isDigit || 0x41...0x5A ~= byte
      case .words: byte.isAlphanumeric || byte == UInt8(ascii: "_")
      case .dashes: byte.isAlphanumeric || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
      }
    }
  }

  let beginning: [UInt8]
  let alphabet: Alphabet
  let minimum: Int
  /// Whether there has to be a digit, since words that begin so are known.
  let needsDigit: Bool

  private init(_ beginning: String, _ alphabet: Alphabet, _ minimum: Int, needsDigit: Bool = false) {
    self.beginning = Array(beginning.utf8)
    self.alphabet = alphabet
    self.minimum = minimum
    self.needsDigit = needsDigit
  }

  static let all =
    ["ghp_", "gho_", "ghu_", "ghs_", "ghr_"].map { SecretToken($0, .words, 16) }
    + ["AKIA", "ASIA", "ABIA", "ACCA"].map { SecretToken($0, .capitals, 16) }
    + ["sk_live_", "sk_test_", "rk_live_", "rk_test_", "whsec_"].map { SecretToken($0, .letters, 12) }
    + ["xoxb-", "xoxp-", "xoxa-", "xoxr-", "xoxs-", "xoxe-", "xoxe.", "xapp-"].map {
      SecretToken($0, .dashes, 10, needsDigit: true)
    }
    + ["hf_", "gsk_", "r8_", "npm_"].map { SecretToken($0, .letters, 24) }
    + ["glpat-", "gldt-", "glrt-", "pplx-", "xai-", "nvapi-", "pypi-AgE", "hvs.", "dckr_pat_", "ATATT3x", "SG."].map {
      SecretToken($0, .dashes, 16, needsDigit: true)
    }
    + [
      SecretToken("github_pat_", .words, 16), SecretToken("sk-ant-", .dashes, 12),
      SecretToken("sk-", .dashes, 16, needsDigit: true), SecretToken("AIza", .dashes, 24),
      SecretToken("ya29.", .dashes, 16), SecretToken("dop_v1_", .letters, 32),
    ]
}

extension SecretSearch {
  /// A token that begins at `position`.
  mutating func token(at position: Int) -> Finding? {
    if let web = webToken(at: position) { return web }
    for shape in SecretToken.all where text[position] == shape.beginning[0] {
      let start = position + shape.beginning.count
      guard start <= text.count, text[position..<start].elementsEqual(shape.beginning) else { continue }
      let sample = end(from: start, limit: 64, shape.alphabet.holds)
      guard sample - start >= shape.minimum, !shape.needsDigit || text[start..<sample].contains(where: \.isDigit)
      else { continue }
      // What parts such a token, parts the same provider's longer ones.
      let whole = end(from: sample, limit: text.count) { shape.alphabet.holds($0) || $0.isAlphanumeric }
      if shape.alphabet == .capitals, text[start..<whole].contains(where: { !shape.alphabet.holds($0) }) { continue }
      return Finding(range: position..<end(from: whole, limit: text.count) { $0.isTokenPart })
    }
    return nil
  }

  /// A JSON web token: two or more parts in Base64, of which the first begins as JSON objects do.
  private mutating func webToken(at position: Int) -> Finding? {
    guard position >= barrenEnd, text[position] == UInt8(ascii: "e"), text[position...].starts(with: "eyJ".utf8)
    else { return nil }
    let head = end(from: position, limit: text.count, SecretToken.Alphabet.dashes.holds)
    let body = min(head + 1, text.count)
    let isParted = head < text.count && text[head] == UInt8(ascii: ".") && head - position >= 8
    guard isParted, end(from: body, limit: 8, SecretToken.Alphabet.dashes.holds) - body == 8 else {
      barrenEnd = head
      return nil
    }
    return Finding(range: position..<end(from: body, limit: text.count) { $0.isTokenPart || $0 == UInt8(ascii: ".") })
  }
}

extension UInt8 {
  var isDigit: Bool { 0x30...0x39 ~= self }
  var isLetter: Bool { 0x61...0x7A ~= lowercased }
  var isAlphanumeric: Bool { isDigit || isLetter }
  var isBlank: Bool { self == 0x20 || self == 0x09 }
  var isLineEnd: Bool { self == 0x0A || self == 0x0D }
  var lowercased: UInt8 { 0x41...0x5A ~= self ? self + 0x20 : self }
  /// Whether names of variables, options and members are made of it.
  var isNamePart: Bool { isAlphanumeric || "_-.".utf8.contains(self) }
  /// Whether the tokens of one provider or another are made of it.
  var isTokenPart: Bool { isAlphanumeric || self == UInt8(ascii: "_") || self == UInt8(ascii: "-") }
  /// Whether a person's folder may have it in its name.
  var isNameOfPerson: Bool { self > 0x20 && self != 0x7F && !"/\\\"'`:;,()[]{}<>|&?*".utf8.contains(self) }
}

extension ArraySlice<UInt8> {
  /// Whether this is rather drawn by lot than a word: it has a digit, or capitals and small letters behind its first.
  var looksRandom: Bool {
    contains(where: \.isDigit)
      || dropFirst().contains { 0x41...0x5A ~= $0 } && dropFirst().contains { 0x61...0x7A ~= $0 }
  }

  /// Whether this is Base64 of a text with a colon, as `Basic` has it.
  var isBase64OfCredentials: Bool {
    guard 8...1024 ~= count else { return false }
    var bits: UInt32 = 0
    var count = 0
    var hasColon = false
    for byte in self where byte != UInt8(ascii: "=") {
      guard let digit = byte.base64Digit else { return false }
      bits = bits << 6 | digit
      count += 6
      guard count >= 8 else { continue }
      count -= 8
      let decoded = UInt8(truncatingIfNeeded: bits >> UInt32(count))
      guard decoded >= 0x20 else { return false }
      if decoded == UInt8(ascii: ":") { hasColon = true }
    }
    return hasColon
  }
}

extension UInt8 {
  fileprivate var base64Digit: UInt32? {
    switch self {
    case 0x41...0x5A: UInt32(self - 0x41)
    case 0x61...0x7A: UInt32(self - 0x61) + 26
    case 0x30...0x39: UInt32(self - 0x30) + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}
