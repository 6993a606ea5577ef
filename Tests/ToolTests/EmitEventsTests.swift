import Events
import Foundation
import TestSupport
import Testing

/// `emit --events`: many events at once, and events from elsewhere.
struct `Emit of many events` {
  private let foreign = """
    {"aggregate_id":"f","event_id":"01khjvjwdm0hgagygxjykd1jqg","event_type":"ExecutionEvent","lamport_clock":7,\
    "node_id":"cli:WP09","payload":{"agent":"x","wp_id":"WP09"},"timestamp":"2026-02-16T09:12:58Z","extra":[1.50]}
    """

  /// Runs `emit --events` over a file and returns what it did.
  private func emit(_ lines: [String], _ arguments: String..., in repository: TestRepository) throws -> ProcessResult {
    let file = repository.folder.path + "/events.jsonl"
    try Data(lines.map { $0 + "\n" }.joined().utf8).write(to: URL(filePath: file))
    return try repository.startTool(["emit", "--events", file, "--json", "--feature", "f"] + arguments).wait()
  }

  /// The objects of the array that `result` printed.
  private func documents(_ result: ProcessResult) throws -> [JSONObject] {
    guard case .array(let elements)? = JSONValue(result.output) else {
      Issue.record("no array: \(text(result.output))")
      return []
    }
    return elements.compactMap(\.object)
  }

  @Test func `payloads become new events, each with a clock value and all of its members`() throws {
    let repository = try TestRepository()
    try repository.commit("Begin")
    let result = try emit(
      [
        #"{"role": "implementer", "wp_id": "WP01", "agent": "claude", "cache_read_tokens": 9, "usage": {"a": [1, "é"]}}"#,
        #"{"role": "reviewer", "wp_id": "WP01", "cost_usd": 1}"#,
        #"{"wp_id": "WP02"}"#,
      ], "--role", "planner", "--agent", "someone", in: repository)
    #expect(result.status == 0 && result.errorText.isEmpty, "\(result.errorText)")
    let written = try documents(result)
    #expect(written.map { $0["lamport_clock"] } == [.integer(1), .integer(2), .integer(1)])
    #expect(written.map { $0["role"]?.text } == ["implementer", "reviewer", "planner"])
    #expect(written.map { $0["agent"]?.text } == ["claude", "someone", "someone"])
    #expect(written.allSatisfy { $0["note"]?.text == "written" && $0["result"]?.text == "success" })
    let logged = events(repository.lines(repository.log()))
    #expect(logged.map(\.id.description) == written.map { $0["event_id"]?.text })
    #expect(logged[0].payload["cache_read_tokens"] == .integer(9))
    #expect(logged[0].payload["usage"] == JSONValue(Array(#"{"a": [1, "é"]}"#.utf8)))
    #expect(logged.allSatisfy { $0.payload.count >= 11 })
    #expect(try repository.git("rev-list", "--count", "refs/notes/kitty-telemetry") == "1")
    #expect(text(try repository.read(repository.clock())) == #"{"cli:WP01": 2, "cli:WP02": 1}"#)
  }

  @Test func `an event from elsewhere keeps every byte, and is taken in once`() throws {
    let repository = try TestRepository()
    try repository.commit("Begin")
    let first = try emit([foreign, foreign], in: repository)
    #expect(first.status == 0 && first.errorText.isEmpty, "\(first.errorText)")
    #expect(try documents(first).map { $0["duplicate"] } == [nil, .bool(true)])
    #expect(repository.lines(repository.log()) == [foreign])
    let documents = try documents(try emit([foreign], in: repository))
    #expect(documents.first?["duplicate"] == .bool(true) && documents.first?["lamport_clock"] == .integer(7))
    try repository.merged()
    #expect(repository.lines(repository.log()) == [foreign])
    #expect(try repository.notedLines() == [foreign])
    #expect(text(try repository.read(repository.clock())) == #"{"*": 7, "cli:WP09": 7}"#)
  }

  @Test func `another content under a known id is a variant, and neither is lost`() throws {
    let repository = try TestRepository()
    try repository.commit("Begin")
    let other = foreign.replacing("\"x\"", with: "\"y\"")
    #expect(try documents(try emit([foreign, other], in: repository)).allSatisfy { $0["duplicate"] == nil })
    #expect(try documents(try emit([other], in: repository)).map { $0["duplicate"] } == [.bool(true)])
    #expect(try repository.tool("merge").status == 1)
    #expect(repository.lines(repository.log()) == [other, "{\"conflict\": \(foreign)}"])
    // A log with conflict records is imported as the events that it holds.
    let copy = try TestRepository()
    try copy.commit("Begin")
    #expect(try documents(try emit(repository.lines(repository.log()), in: copy)).count == 2)
    #expect(try copy.tool("merge").status == 1)
    #expect(copy.lines(copy.log()) == repository.lines(repository.log()))
  }

  @Test func `a whole log is imported into another repository, line for line`() throws {
    let source = try TestRepository()
    try source.commit("Begin")
    for _ in 0..<5 { try source.emitted("--feature", "f", "--wp-id", "WP01") }
    let target = try TestRepository()
    try target.commit("Begin")
    let log = source.path + "/" + source.log()
    let result = try target.tool("emit", "--events", log)
    #expect(result.status == 0 && result.outputText == "recorded 5 events\n", "\(result.errorText)")
    #expect(try target.read(target.log()) == source.read(source.log()))
    #expect(try target.emitted("--feature", "f", "--wp-id", "WP01")["lamport_clock"] == .integer(6))
    #expect(try source.tool("query", "--jsonl").output == source.read(source.log()))
  }

  @Test(arguments: [
    ("[1]", "it is no JSON object"),
    ("not json", "it is no JSON object"),
    (#"{"event_id": "01KHJVJWDM0HGAGYGXJYKD1JQG"}"#, "its envelope is not that of an event"),
    (#"{"lamport_clock": 3, "event_id": "x"}"#, "its envelope is not that of an event"),
    (#"{"role": "cook"}"#, "without a role"),
    (#"{"role": "planner", "cost_usd": NaN}"#, "it is no amount"),
    (#"{"role": "planner", "cost_usd": "1"}"#, "it is no amount"),
    (#"{"role": "planner", "input_tokens": -1}"#, "it is negative"),
    (#"{"role": "planner", "input_tokens": 1.5}"#, "it is no whole number"),
    (#"{"role": "planner", "wp_id": 5}"#, "it is no text"),
    (#"{"role": "planner", "deep": [Infinity]}"#, "NaN or an infinity"),
  ])
  func `a line that cannot be recorded costs the others nothing`(line: String, reason: String) throws {
    let repository = try TestRepository()
    try repository.commit("Begin")
    let good = #"{"role": "planner", "wp_id": "WP01"}"#
    let result = try emit([good, line, good], in: repository)
    #expect(result.status == 0)
    #expect(result.complaints.count == 1 && result.errorText.contains(reason), "\(result.errorText)")
    let outcomes = try documents(result)
    #expect(outcomes.map { $0["result"]?.text } == ["success", "error", "success"])
    #expect(outcomes[1]["stored"] == .array([]) && outcomes[1]["error"]?.text?.contains(reason) == true)
    #expect(events(repository.lines(repository.log())).map(\.lamportClock) == [LamportValue(1), LamportValue(2)])
    #expect(try emit([line], "--strict", in: repository).status == 1)
  }

  @Test func `a file that is not there is a usage error, and nothing is an empty array`() throws {
    let repository = try TestRepository()
    try repository.commit("Begin")
    let missing = try repository.tool("emit", "--events", "nosuch")
    #expect(missing.status == 64 && missing.errorText.contains(#"cannot read "nosuch""#))
    #expect(text(try emit([], in: repository).output) == "[]\n")
    #expect(try repository.tool("emit", "--events", "x", "--event-id", "y").status == 64)
  }

  @Test func `a thousand events on one commit leave one notes commit`() throws {
    let repository = try TestRepository()
    try repository.commit("Begin")
    let lines = (0..<1000).map { #"{"role": "planner", "wp_id": "WP01", "input_tokens": \#($0)}"# }
    let result = try emit(lines, in: repository)
    #expect(result.status == 0 && result.errorText.isEmpty, "\(result.errorText)")
    #expect(try repository.git("rev-list", "--count", "refs/notes/kitty-telemetry") == "1")
    #expect(try repository.notedLines().count == 1000)
    let clocks = events(repository.lines(repository.log())).map(\.lamportClock)
    #expect(clocks == (1...1000).map { LamportValue($0) })
  }
}
