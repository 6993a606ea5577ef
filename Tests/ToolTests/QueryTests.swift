import Events
import TestSupport
import Testing

/// `query` in its simplest form.
struct `Query` {
  @Test func `events are shown once each and in order, as a table, as JSON, and as their lines`() throws {
    let repository = try TestRepository()
    try repository.commit("Begin")
    let foreign =
      #"{"aggregate_id":"f","event_id":"01khjvjwdm0hgagygxjykd1jqg","event_type":"ExecutionEvent","#
      + #""lamport_clock":"7","node_id":"cli:WP09","timestamp":"2026-02-16T09:12:58Z","extra":1}"#
    try repository.emitted("--feature", "f", "--wp-id", "WP01", "--agent", "claude", "--input-tokens", "1500")
    let own = try #require(repository.lines(repository.log()).first)
    let stamp = try #require(events([own]).first).timestamp.description
    let time = "\(stamp.dropFirst(5).prefix(5)) \(stamp.dropFirst(11).prefix(5))"
    try repository.write(repository.log(), [foreign, "[1]", own, own].joined(separator: "\n") + "\n")
    #expect(text(try repository.tool("query", "--feature", "f", "--jsonl").output) == "\(own)\n\(foreign)\n")
    guard case .array(let read)? = JSONValue(try repository.tool("query", "--json").output) else {
      Issue.record("no array")
      return
    }
    #expect(read.count == 2)
    let normalised = try #require(read[1].object)
    #expect(normalised["lamport_clock"] == .integer(7) && normalised["payload"] == .object(JSONObject()))
    #expect(normalised["event_id"]?.text == "01KHJVJWDM0HGAGYGXJYKD1JQG" && normalised["extra"] == .integer(1))
    #expect(normalised["timestamp"]?.text == "2026-02-16T09:12:58+00:00" && normalised["causation_id"] == .null)
    let table = try repository.tool("query").outputText
    #expect(
      table == """
        Time (UTC)   WP    Role         Agent   Model  Input  Output  Result
        -----------  ----  -----------  ------  -----  -----  ------  ------
        \(time)  WP01  implementer  claude         1,500          ok
        02-16 09:12

        """)
    #expect(try repository.tool("query", "--feature", "g", "--json").outputText == "[]\n")
    #expect(try repository.tool("query", "--json", "--jsonl").status == 64)
  }

  @Test func `control characters of others do not reach the terminal`() throws {
    let repository = try TestRepository()
    try repository.commit("Begin")
    try repository.emitted("--feature", "f", "--agent", "a\u{1b}[31mb\u{9b}c")
    for command in [["query"], ["cost"]] {
      let output = try repository.startTool(command).wait().outputText
      #expect(!output.unicodeScalars.contains { $0.properties.generalCategory == .control && $0 != "\n" })
      #expect(output.contains("[31mb"))
    }
  }
}
