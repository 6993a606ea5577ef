import Events
import Foundation
import TestSupport
import Testing

/// Values at the edge of what can be recorded.
struct `Values of an event` {
  private func payload(_ repository: TestRepository) throws -> JSONObject {
    try #require(events(repository.lines(repository.log())).last).payload
  }

  @Test(arguments: [-1, 0, 137, 4_294_967_295])
  func `an exit code of any sign is recorded`(code: Int) throws {
    let repository = try TestRepository()
    try repository.commit("one")
    try repository.emitted("--feature", "f", "--exit-code", "\(code)")
    #expect(try payload(repository)["exit_code"] == .integer(code))
  }

  @Test func `values that begin with a hyphen are values`() throws {
    let repository = try TestRepository()
    try repository.commit("one")
    try repository.emitted("--feature", "-f", "--wp-id", "--wp", "--agent", "--json", "--model", "-C", "--error", "--")
    let event = try #require(events(repository.lines(repository.log("-f"))).first)
    #expect(["wp_id", "agent", "model", "error"].map { event.payload[$0]?.text } == ["--wp", "--json", "-C", "--"])
  }

  @Test func `a failure and its names`() throws {
    let repository = try TestRepository()
    try repository.commit("one")
    for (flag, success) in [("--success", true), ("--failure", false), ("--failed", false)] {
      try repository.emitted("--feature", "f", flag)
      #expect(try payload(repository)["success"] == .bool(success))
    }
  }

  @Test func `tokens at the edge of an integer are recorded`() throws {
    let repository = try TestRepository()
    try repository.commit("one")
    try repository.emitted("--feature", "f", "--input-tokens", "9223372036854775807", "--output-tokens", "0")
    #expect(try payload(repository)["input_tokens"] == .integer(Int.max))
    #expect(try payload(repository)["output_tokens"] == .integer(0))
  }

  @Test(arguments: ["x", "é", "😀", "\u{1}"])
  func `a long error is capped and its line stays readable`(character: String) throws {
    let repository = try TestRepository()
    try repository.commit("one")
    let error = String(repeating: character, count: 120_000 / character.utf8.count)
    let document = try repository.emitted("--feature", "f", "--error", error)
    let line = try #require(repository.lines(repository.log()).first)
    #expect(line.utf8.count < 100_000)
    let kept = try #require(payload(repository)["error"]?.text)
    #expect(error.hasPrefix(kept.prefix(1000)))
    #expect(!kept.unicodeScalars.contains("\u{FFFD}"))
    #expect(document["lamport_clock"] == .integer(1))
    #expect(try repository.notedLines() == [line])
  }

  @Test func `what a terminal acts on is never shown raw`() throws {
    let repository = try TestRepository()
    try repository.commit("one")
    let hostile = "\u{1b}]0;title\u{7}\r\n\u{7f}\u{9b}31m"
    for format in [[], ["--json"]] {
      let result = try repository.startTool(
        ["emit", "--role", "reviewer", "--feature", "f", "--wp-id", hostile, "--agent", hostile, "--node-id", hostile]
          + format
      ).wait()
      #expect(result.status == 0 && result.errors.isEmpty)
      #expect(result.output.last == 0x0A)
      for output in [result.outputText.dropLast(), result.errorText.dropLast()] {
        #expect(!output.unicodeScalars.contains { $0.properties.generalCategory == .control })
      }
    }
    #expect(repository.lines(repository.log()).count == 2)
    #expect(try payload(repository)["agent"]?.text == hostile)
  }

  @Test func `a hostile path or revision in a message is not shown raw either`() throws {
    let repository = try TestRepository()
    try repository.commit("one")
    let hostile = "x\u{1b}[31m\ny"
    for arguments in [
      ["--feature", "f", "--commit", hostile], ["--feature", "f", "--event-id", hostile], ["--feature", hostile],
      ["--feature", "f", "-C", "/dev/null/" + hostile], ["--feature", "f", "--feature-dir", "/dev/null/" + hostile],
      ["--feature", "f", "--role", hostile], ["--feature", "f", "--cost-usd", hostile], ["--" + hostile], [hostile],
    ] {
      let result = try repository.startTool(["emit", "--role", "implementer"] + arguments).wait()
      #expect(!result.errors.contains(0x1B), "\(arguments)")
      #expect(!result.output.contains(0x1B), "\(arguments)")
    }
  }
}
