import Events
import Testing

struct JSONTests {
  private func canonical(_ spelling: String) -> String? {
    JSONValue(Array(spelling.utf8)).map { text($0.canonicalText) }
  }

  @Test(arguments: [
    (#"{"b":1,"a":[1,2 , 3],"é":{}}"#, #"{"a": [1, 2, 3], "b": 1, "\u00e9": {}}"#),
    (#"{"a":1,"a":2}"#, #"{"a": 2}"#), (#"{"\u0061":1,"a":2}"#, #"{"a": 2}"#), ("[]", "[]"), (" \t[ ] ", "[]"),
    ("{ }", "{}"), ("-0", "0"), ("-0.0", "-0.0"), ("1E5", "100000.0"), ("1e16", "1e+16"), ("1e-5", "1e-05"),
    ("0.0001", "0.0001"), ("1e22", "1e+22"), ("123456789012345678901234567890", "123456789012345678901234567890"),
    ("1e400", "Infinity"), ("-1e400", "-Infinity"), ("1e-400", "0.0"), ("NaN", "NaN"), ("-Infinity", "-Infinity"),
    (#""\/\b\f\n\r\t\"\\""#, #""/\b\f\n\r\t\"\\""#), (#""\u001F\u007f\u2028""#, #""\u001f\u007f\u2028""#),
    (#""😀\uD83D\uDE00\ud83d""#, #""\ud83d\ude00\ud83d\ude00\ud83d""#),
    (#"{"\ud800":1,"\uffff":2,"😀":3}"#, #"{"\ud800": 1, "\uffff": 2, "\ud83d\ude00": 3}"#),
  ])
  func `a value is written as Python writes it`(spelling: String, expected: String) {
    #expect(canonical(spelling) == expected)
  }

  @Test(arguments: [
    "", " ", "[", "]", "[1", "[1,", "[1,]", "[,]", "[1 2]", "{", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,",
    "{\"a\":1,}", "{a:1}", "{1:1}", "{\"a\" 1}", "tru", "True", "nul", "-", "+1", "01", "-01", ".5", "1.", "1e",
    "1e+", "--1", "Nan", "-NaN", "Infinit", "\"", "\"\\", "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"", "\"\u{1}\"",
    "\"\t\"", "1 1", "//", "'a'", "{\"a\":1}}", "\u{FEFF}1", "\u{A0}1",
  ])
  func `what Python refuses is refused`(spelling: String) {
    #expect(canonical(spelling) == nil)
  }

  private static let illFormed: [[UInt8]] = [
    [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xC3], [0xE0, 0x9F, 0xBF], [0xED, 0xA0, 0x80], [0xE2, 0x82],
    [0xF0, 0x8F, 0xBF, 0xBF], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFF], [0xE2, 0x28, 0xA1],
    [0xF0, 0x90, 0x28, 0xBC], [0xC3, 0x28],
  ]

  @Test(arguments: illFormed) func `ill-formed UTF-8 is no string`(bytes: [UInt8]) {
    #expect(JSONValue([0x22] + bytes + [0x22]) == nil)
  }

  @Test(arguments: ["\u{80}", "\u{7FF}", "\u{800}", "\u{D7FF}", "\u{E000}", "\u{FFFF}", "\u{10000}", "\u{10FFFF}"])
  func `the edges of UTF-8 are read and written`(character: String) {
    #expect(JSONValue(Array("\"\(character)\"".utf8))?.text == character)
    #expect(canonical("\"\(character)\"").flatMap(canonical) == canonical("\"\(character)\""))
  }

  @Test func `a string made of broken bytes is still written as ASCII`() {
    let broken = JSONValue.string(JSONString(bytes: [0x61, 0xC3]))
    #expect(text(broken.canonicalText) == #""a\u00c3""#)
  }

  @Test func `parts can be asked for`() throws {
    let value = try #require(JSONValue(Array(#"{"a": "é", "b": 7, "c": 1.5}"#.utf8)))
    let object = try #require(value.object)
    #expect(object.count == 3)
    #expect(object["a"]?.text == "é")
    #expect(object["b"]?.text == nil)
    #expect(object["a"]?.object == nil)
    #expect(object["b"] == .integer(7))
    #expect(object["d"] == nil)
    #expect(JSONInteger(-7).int64 == -7)
    #expect(JSONInteger(UInt64.max).int64 == nil)
  }

  @Test func `a member is found where it stands last`() {
    let bytes = Array(#"{"a": 1, "b": [2], "\u0061": 3}"#.utf8)
    let span = bytes.span
    func member(_ key: JSONString) -> String? {
      JSONScanner.range(ofMember: key, in: span).map { text([UInt8](copying: span, in: $0)) }
    }
    #expect(member("a") == "3")
    #expect(member("b") == "[2]")
    #expect(member("c") == nil)
    for broken in ["[1]", #"{"a": 1"#, #"{"a": 1} "#, #"{"a": tru}"#, #"{"a" 1}"#, #"{"a": "\x"}"#, "{1}", "", "{}"] {
      let bytes = Array(broken.utf8)
      #expect(JSONScanner.range(ofMember: "a", in: bytes.span) == nil)
    }
  }
}
