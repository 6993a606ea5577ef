import Events
import Foundation
import TestSupport
import Testing

/// What `emit` writes is what the reference writes.
struct `Emitted bytes` {
  @Test func `three events have the clocks 1, 2 and 3`() throws {
    let repository = try TestRepository()
    try repository.commit("one")
    for expected in 1...3 {
      let document = try repository.emitted("--feature", "f", "--wp-id", "WP03")
      #expect(document["lamport_clock"] == .integer(expected))
      #expect(document["node_id"]?.text == "cli:WP03")
    }
    #expect(try text(repository.read(repository.clock())) == #"{"cli:WP03": 3}"#)
    #expect(events(repository.lines(repository.log())).map(\.lamportClock) == [1, 2, 3].map { LamportValue($0) })
  }

  @Test func `a line has the reference's bytes`() throws {
    let repository = try TestRepository()
    try repository.commit("one")
    let id = "01KHJVJWDM0HGAGYGXJYKD1JQG"
    try repository.emitted(
      "--feature", "043-telemetry-foundation", "--wp-id", "WP04", "--agent", "copilot", "--model", "claude-sonnet-4.5",
      "--input-tokens", "30532200", "--output-tokens", "178560", "--cost-usd", "15.6", "--duration-ms", "17880000",
      "--event-id", id.lowercased())
    let bytes = try repository.read(repository.log("043-telemetry-foundation"))
    #expect(bytes.last == 0x0A)
    var event = try #require(Event(line: Array(bytes.dropLast())))
    #expect(event.line == Array(bytes.dropLast()))
    #expect(abs(event.timestamp.microsecondsSince1970 - Int64(Date().timeIntervalSince1970 * 1e6)) < 600_000_000)
    event.timestamp = try #require(Timestamp(Array("2026-02-16T09:12:58.036834+00:00".utf8)))
    let expected =
      #"{"aggregate_id": "043-telemetry-foundation", "causation_id": null, "event_id": "\#(id)", "#
      + #""event_type": "ExecutionEvent", "lamport_clock": 1, "node_id": "cli:WP04", "payload": {"agent": "copilot", "#
      + #""cost_usd": 15.6, "duration_ms": 17880000, "error": null, "exit_code": 0, "input_tokens": 30532200, "#
      + #""model": "claude-sonnet-4.5", "output_tokens": 178560, "role": "implementer", "success": true, "#
      + #""wp_id": "WP04"}, "timestamp": "2026-02-16T09:12:58.036834+00:00"}"#
    #expect(text(event.line) == expected)
  }

  @Test func `log, note and journal have the same bytes`() throws {
    let repository = try TestRepository()
    try repository.commit("one")
    try repository.emitted("--feature", "f", "--agent", "é\u{7f}")
    let line = try #require(repository.lines(repository.log()).first)
    #expect(try repository.notedLines() == [line])
    let record = try #require(repository.lines(".git/kitty-telemetry/journal.jsonl").first)
    #expect(record.contains(#", "line": \#(line), "#))
  }

  @Test(arguments: [
    ("é 漢 😀", #"\u00e9 \u6f22 \ud83d\ude00"#), ("\u{2028}/\u{7f}", #"\u2028/\u007f"#),
    ("\n\t\r\u{1}\u{1b}[31m", #"\n\t\r\u0001\u001b[31m"#), (#"a"b\c"#, #"a\"b\\c"#), ("\u{85}\u{9b}", #"\u0085\u009b"#),
    ("e\u{301}", #"e\u0301"#), ("\u{FFFF}\u{10FFFF}", #"\uffff\udbff\udfff"#),
    ("<script>alert(1)</script>", "<script>alert(1)</script>"),
  ])
  func `a text is escaped as the reference escapes it`(plain: String, escaped: String) throws {
    let repository = try TestRepository()
    try repository.commit("one")
    let result = try repository.emit(
      "--feature", "f", "--wp-id", "WP01", "--json", "--agent", plain, "--model", plain, "--error", plain)
    #expect(result.status == 0 && result.errors.isEmpty)
    let line = try #require(repository.lines(repository.log()).first)
    for key in ["agent", "model", "error"] { #expect(line.contains(#""\#(key)": "\#(escaped)""#)) }
    for output in [result.output, result.errors, Array(line.utf8)] {
      #expect(output.allSatisfy { 0x20...0x7E ~= $0 || $0 == 0x0A })
    }
    #expect(Event(line: Array(line.utf8))?.payload["agent"]?.text == plain)
  }

  @Test(arguments: [
    ("0", "0.0"), ("1e-7", "1e-07"), ("0.1", "0.1"), ("1e16", "1e+16"), ("15.60", "15.6"), ("5e-324", "5e-324"),
    ("123456789012345678", "1.2345678901234568e+17"), ("-0.0", "-0.0"),
  ])
  func `a cost is spelled as Python spells it`(given: String, spelled: String) throws {
    let repository = try TestRepository()
    try repository.commit("one")
    try repository.emitted("--feature", "f", "--cost-usd", given)
    #expect(try #require(repository.lines(repository.log()).first).contains(#""cost_usd": \#(spelled), "#))
  }

  @Test func `without JSON one line says what was recorded`() throws {
    let repository = try TestRepository()
    let commit = try repository.commit("one")
    let result = try repository.emit("--feature", "f", "--wp-id", "WP03")
    #expect(result.status == 0 && result.errors.isEmpty)
    let words = result.outputText.split(separator: "\n").map(String.init)
    #expect(words.count == 1 && words[0].contains("WP03 of f") && words[0].contains(commit.prefix(8)))
  }
}
