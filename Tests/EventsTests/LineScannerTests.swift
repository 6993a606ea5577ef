import Events
import Testing

/// What a line is.
struct LineScannerTests {
  private enum Kind { case event, conflict, marker, unreadable, blank }

  private func kind(_ text: String) -> Kind { kind(Array(text.utf8)) }

  private func kind(_ line: [UInt8]) -> Kind {
    let bytes = line.span
    let range = LineScanner.trimmed(bytes, bytes.indices)
    guard !range.isEmpty else { return .blank }
    return switch LineScanner.content(of: range, in: bytes) {
    case .event: .event
    case .conflict: .conflict
    case .marker: .marker
    case .unreadable: .unreadable
    }
  }

  @Test(arguments: [
    "<<<<<<<", "=======", ">>>>>>>", "|||||||", "<<<<<<< HEAD", "||||||| 1a2b3c", ">>>>>>> lane-b", " =======\t",
  ])
  func `what git writes between the sides is a marker`(line: String) {
    #expect(kind(line) == .marker)
  }

  @Test(arguments: ["======", "========", "<<<<<<<HEAD", "=======\u{A0}x", "+++++++", "<<<<<<= x", "<", "<<<<<<<{"])
  func `what only looks like a marker is kept`(line: String) {
    #expect(kind(line) == .unreadable)
  }

  @Test func `a conflict record is exactly a record around an event`() {
    #expect(kind(#"{"conflict": \#(line())}"#) == .conflict)
    #expect(kind(line(more: #", "conflict": {}"#)) == .event)
    for text in [
      #"{"conflict":\#(line())}"#, #"{"conflict":  \#(line())}"#, #"{"conflict": \#(line()) }"#,
      #"{"conflict": \#(line())"#, #"{"conflict": \#(line())}}"#, #"{"conflict": \#(line()), "x": 1}"#,
      #"{"conflict": {"conflict": \#(line())}}"#, #"{"conflict": {}}"#, #"{"conflict": }"#, #"{"conflict": "#,
    ] {
      #expect(kind(text) == .unreadable, "\(text)")
    }
  }

  @Test func `a line of the greatest length is read, and one byte more is not`() {
    func padded(_ count: Int) -> String {
      let empty = line(payload: #"{"a": ""}"#).utf8.count
      return line(payload: #"{"a": "\#(String(repeating: "x", count: count - empty))"}"#)
    }
    let (longest, tooLong) = (padded(LineScanner.maximumLength), padded(LineScanner.maximumLength + 1))
    #expect(longest.utf8.count == 1_048_576)
    #expect(kind(longest) == .event)
    #expect(kind(tooLong) == .unreadable)
    #expect(kind(#"{"conflict": \#(longest)}"#) == .conflict)
    #expect(kind(#"{"conflict": \#(tooLong)}"#) == .unreadable)
    let events = set("\(tooLong)\n\(line(2))")
    #expect(events.bytes == Array("\(line(2))\n\(tooLong)\n".utf8))
  }

  @Test func `nesting is read to its limit, and one level more is not`() {
    func nested(_ depth: Int) -> String {
      // The object of the event and that of the payload are two levels.
      let brackets = (String(repeating: "[", count: depth - 2), String(repeating: "]", count: depth - 2))
      return line(payload: #"{"a": \#(brackets.0)\#(brackets.1)}"#)
    }
    #expect(kind(nested(1024)) == .event)
    #expect(kind(nested(1025)) == .unreadable)
    #expect(kind(#"{"conflict": \#(nested(1024))}"#) == .conflict)
    #expect(kind(#"{"conflict": \#(nested(1025))}"#) == .unreadable)
    let loser = nested(1024)
    #expect(written(loser, line(clock: "2")) == [line(clock: "2"), #"{"conflict": \#(loser)}"#])
    #expect(written(loser, line(clock: "2"), #"{"conflict": \#(loser)}"#).count == 2)
    let objects = String(repeating: #"{"":"#, count: 1023) + "0" + String(repeating: "}", count: 1023)
    #expect(kind(line(payload: objects)) == .event)
    #expect(kind(line(payload: #"{"":\#(objects)}"#)) == .unreadable)
  }

  @Test(arguments: [
    "aggregate_id", "event_id", "event_type", "lamport_clock", "node_id", "timestamp",
  ])
  func `an event needs each part of its envelope`(member: String) throws {
    var object = try #require(JSONValue(Array(line().utf8))?.object)
    object[JSONString(member)] = nil
    #expect(kind(JSONValue.object(object).canonicalText) == .unreadable)
    object[JSONString(member)] = .null
    #expect(kind(JSONValue.object(object).canonicalText) == .unreadable)
    object[JSONString(member)] = .string("")
    #expect(kind(JSONValue.object(object).canonicalText) == .unreadable)
    object[JSONString(member)] = .array([])
    #expect(kind(JSONValue.object(object).canonicalText) == .unreadable)
  }

  @Test func `of a repeated member the last one counts`() {
    #expect(kind(line(clock: #"-1, "lamport_clock": 1"#)) == .event)
    #expect(kind(line(clock: #"1, "lamport_clock": -1"#)) == .unreadable)
    #expect(kind(line(more: #", "event\u005fid": "x""#)) == .unreadable)
  }

  @Test(arguments: ["null", "[]", "1", "\"x\""])
  func `a payload is an object or absent`(payload: String) {
    #expect(kind(line(payload: payload)) == .unreadable)
    #expect(kind(line().replacing(#", "payload": {}"#, with: "")) == .event)
  }

  @Test(arguments: ["1", "{}", "\"\"", "\"x\"", "[]", "true"])
  func `a cause is an id, null or absent`(cause: String) {
    #expect(kind(line().replacing("null", with: cause)) == .unreadable)
    #expect(kind(line().replacing(#""causation_id": null, "#, with: "")) == .event)
  }

  @Test func `a surrogate without a partner is no text, and passes in a payload`() {
    #expect(kind(line(node: #"cli\ud800"#)) == .unreadable)
    #expect(kind(line(node: #"cli\ude00\ud83d"#)) == .unreadable)
    #expect(kind(line(node: #"cli\ud83d\ude00"#)) == .event)
    let payload = line(payload: #"{"a": "\ud800"}"#)
    #expect(written(payload) == [payload])
  }

  @Test(arguments: [
    "\u{9}", "\u{B}", "\u{C}", "\u{1C}", "\u{1F}", " ", "\u{85}", "\u{A0}", "\u{1680}", "\u{2000}", "\u{200A}",
    "\u{2028}", "\u{2029}", "\u{202F}", "\u{205F}", "\u{3000}", "\u{FEFF}",
  ])
  func `a blank around a line is no part of it`(blank: String) {
    #expect(kind(blank) == .blank)
    #expect(kind(blank + blank) == .blank)
    #expect(written(blank + line() + blank) == [line()])
  }

  @Test(arguments: ["\u{200B}", "\u{180E}", "\u{2060}", "\u{0}", "\u{1B}", "\u{A1}", "\u{2007A}", "\u{30FF}"])
  func `what is no blank stays`(character: String) {
    #expect(kind(character) == .unreadable)
    #expect(written(line() + character).first != line())
  }
}
