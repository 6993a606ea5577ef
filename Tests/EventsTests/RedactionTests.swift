import Events
import Foundation
import TestSupport
import Testing

/// What is left of texts that may hold secrets.
struct `Redaction of texts` {
  /// A text of the corpus, and what shall be left of it; the same where it holds no secret.
  struct Example: CustomTestStringConvertible {
    let text: String
    let kept: String

    var testDescription: String { kept }

    /// All of them.
    static var all: [Example] {
      get throws {
        let fixtures = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")
        let lines = try String(contentsOf: fixtures.appending(path: "redaction.jsonl"), encoding: .utf8)
        return try lines.split(separator: "\n").map { line in
          let members = try #require(JSONValue(Array(line.utf8))?.object)
          let text = try Secrets.spelled(try #require(members["text"]?.text))
          return Example(text: text, kept: members["kept"]?.text ?? text)
        }
      }
    }
  }

  private func redacted(_ text: String, _ redaction: Redaction = Redaction()) -> String {
    redaction.redacted(JSONString(text)).description
  }

  @Test func `a folder behind another one is left, and taken out no later either`() {
    for text in ["/home/a\u{FFFE}/home/b", "~/home/b", "/Users/ab/home/b"] {
      let once = redacted(text)
      #expect(once.hasPrefix("~/") && once.hasSuffix("/home/b") && redacted(once) == once, "\(text): \(once)")
    }
  }

  @Test func `a value of which a pattern takes out a part is not judged anew for the rest`() throws {
    let redaction = Redaction(patterns: [try #require(WordPattern("*?b")), try #require(WordPattern("b"))])
    for (text, kept) in [
      (#"token":"9--`-b"#, #"token":"9--`[removed]"#), ("token=9--=-b", "token=9--=[removed]"),
      ("Basic bWU6cHc=~b", "Basic bWU6cHc=[removed]"), ("--token 1=b", "--token 1=[removed]"),
    ] {
      #expect(redacted(text, redaction) == kept && redacted(kept, redaction) == kept)
    }
  }

  @Test(arguments: ["u;/home/a:b", "u;C:\\Users\\a:b", "u:/home/a", "/home/a:b", "u;~:b"])
  func `a folder of a person among a name and a password goes with them`(information: String) {
    let once = redacted("https://\(information)@host.example")
    #expect(once == "https://[removed]@host.example" && redacted(once) == once)
  }

  @Test func `a URL behind the name of a secret is spared only where it begins the value`() throws {
    let redaction = Redaction(patterns: [try #require(WordPattern("*?b"))])
    for kept in [#"token: "https://host.example/a1""#, #"credential="jdbc:h2+tcp://host.example/a1""#] {
      #expect(redacted(kept, redaction) == kept)
    }
    // The pattern takes out what makes the rest a URL: judged anew, the rest would be taken out too.
    let once = redacted(#"token":"9---B|x://:b"#, redaction)
    #expect(once == #"token":"[removed]"# && redacted(once, redaction) == once)
  }

  @Test func `secrets are taken out, and nothing else is`() throws {
    let examples = try Example.all
    #expect(examples.count { $0.text != $0.kept } >= 90 && examples.count { $0.text == $0.kept } >= 90)
    for example in examples {
      #expect(redacted(example.text) == example.kept, "\(example.text.debugDescription)")
      #expect(redacted(example.kept) == example.kept, "once more")
    }
  }

  @Test(arguments: ["", "x ", "{\"error\":\"", "'", "(", "a\n\n", "\u{1B}[31m", "é"])
  func `a secret is found whatever stands around it`(before: String) throws {
    for example in try Example.all where example.text != example.kept && !example.text.contains("-----") {
      let text = "\(before) \(example.text) rest"
      #expect(redacted(text) == "\(before) \(example.kept) rest", "\(text.debugDescription)")
    }
  }

  @Test func `in JSON all texts are looked through, and the names of members count`() throws {
    let secret = Secrets.random(20)
    let value = JSONValue.object(
      JSONObject([
        ("api_key", .string(secret)), ("note", .string("password=\(secret)")), ("tokens", .integer(7)),
        ("list", .array([.string("https://u:\(secret)@h"), .null, .bool(true), .float(0.5)])),
        ("token", .integer(12)), ("inner", .object(JSONObject([("Secret", .string("any word"))]))),
      ]))
    let text = String(decoding: Redaction().redacted(value).canonicalText, as: UTF8.self)
    #expect(
      text
        == #"{"api_key": "[removed]", "inner": {"Secret": "[removed]"}, "list": ["https://[removed]@h", null, true, "#
        + #"0.5], "note": "password=[removed]", "token": 12, "tokens": 7}"#)
  }

  @Test(arguments: [
    ("acme_*", "key acme_1, and acme_.", "key [removed], and [removed]."),
    ("ab?d", "abcd ab.d abd", "[removed] [removed] abd"),
    ("*", "a (b)", "[removed] ([removed])"), ("*@corp.example", "to a.b@corp.example!", "to [removed]!"),
    ("a*b*c", "aXbXbXc abc ac", "[removed] [removed] ac"), ("x", "x xx [removed]", "[removed] xx [removed]"),
    ("é*", "été et", "[removed] et"), ("a.", "a. a", "[removed] a"),
  ])
  func `a pattern takes out whole words`(pattern: String, text: String, kept: String) throws {
    let redaction = Redaction(patterns: [try #require(WordPattern(pattern))])
    #expect(redacted(text, redaction) == kept)
    #expect(redacted(kept, redaction) == kept)
  }

  @Test(arguments: ["", "a b", "a=b", "(x)", "\n", String(repeating: "x", count: 201)])
  func `a pattern that can match no word is refused`(pattern: String) {
    #expect(WordPattern(pattern) == nil)
  }

  @Test(
    arguments: [
      "eyJ-", "eyJaaaaa.", "sk-", "token:", "token=\"", "://", "x://a:", "-----BEGIN PRIVATE KEY", "/home/",
      "C:\\Users\\",
      "Bearer ", "--token ", "password", "a", "password: \\\"", "Authorization: Bearer ", "_",
    ])
  func `a hostile text takes no more time than another of its length`(piece: String) throws {
    let pattern = try #require(WordPattern(String(repeating: "*a", count: 100)))
    let times = [1 << 11, 1 << 13].map { length in
      let text = String(repeating: piece, count: length / piece.utf8.count)
      return processorTime { _ = redacted(text, Redaction(patterns: [pattern])) }
    }
    // Four times the length; what grows with its square takes sixteen times as long.
    #expect(times[1] < 8 * times[0] + 0.05)
  }

  /// The seconds that the processor was busy with `body`, whatever else the machine has to do.
  private func processorTime(_ body: () -> Void) -> Double {
    func now() -> Double {
      var time = timespec()
      guard unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time) == 0 else { return 0 }
      return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
    let start = now()
    body()
    return now() - start
  }
}

/// Texts that look like secrets, put together here so that whoever looks for secrets in files finds none.
private enum Secrets {
  /// `template` with each `«ghp_+36»` written out: a beginning and so many letters and digits, or capitals with `^`;
  /// `«-BEGIN RSA»` is a line of PEM, `«@me:pw»` is Base64.
  static func spelled(_ template: String) throws -> String {
    var text = ""
    var rest = template[...]
    while let begin = rest.firstIndex(of: "«") {
      let end = try #require(rest[begin...].firstIndex(of: "»"))
      text += rest[..<begin] + secret(rest[rest.index(after: begin)..<end])
      rest = rest[rest.index(after: end)...]
    }
    return text + rest
  }

  private static func secret(_ template: Substring) -> String {
    let body = template.dropFirst()
    switch template.first {
    case "@": return Data(body.utf8).base64EncodedString()
    case "-": return "-----\(body) PRIVATE KEY-----".replacing("  ", with: " ")
    default: break
    }
    let parts = template.split(omittingEmptySubsequences: false) { $0 == "+" || $0 == "^" }
    let characters = random(parts.last.flatMap { Int($0) } ?? 0)
    return parts[0] + (template.contains("^") ? characters.uppercased() : characters)
  }

  /// Letters and digits.
  static func random(_ count: Int) -> String {
    String(String(repeating: "aB3dE5gH7jK9mN2pQ4sT6vW8yZ1cF0xL", count: count / 32 + 1).prefix(count))
  }
}
