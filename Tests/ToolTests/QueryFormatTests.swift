import Events
import TestSupport
import Testing

/// The forms in which `query` prints events.
struct `Forms of query` {
  /// A repository whose log has these lines.
  private func repository(_ lines: [String]) throws -> TestRepository {
    let repository = try TestRepository()
    try repository.commit("Begin")
    try repository.write(repository.log(), lines.map { $0 + "\n" }.joined())
    return repository
  }

  private func line(_ number: Int, payload: String, feature: String = "f") -> String {
    #"{"aggregate_id": "\#(feature)", "causation_id": null, "event_id": "01KHJVJWDM0HGAGYGXJYKD1J0\#(number)", "#
      + #""event_type": "ExecutionEvent", "lamport_clock": \#(number), "node_id": "cli:WP01", "payload": \#(payload), "#
      + #""timestamp": "2026-02-16T09:12:58+00:00"}"#
  }

  @Test func `limit takes the first, and reverse turns the order round before that`() throws {
    let lines = (1...5).map { line($0, payload: "{}") }
    let repository = try repository(lines.shuffled())
    func shown(_ arguments: String...) throws -> [String] {
      try repository.report(["query", "--jsonl"] + arguments).outputText.split(separator: "\n").map(String.init)
    }
    #expect(try shown() == lines)
    #expect(try shown("--limit", "2") == Array(lines[..<2]))
    #expect(try shown("--reverse") == lines.reversed())
    #expect(try shown("--reverse", "--limit", "2") == [lines[4], lines[3]])
    #expect(try shown("--limit", "0").isEmpty)
    #expect(try repository.tool("query", "--limit", "0", "--json").outputText == "[]\n")
    #expect(try repository.tool("query", "--limit", "-1").status == 64)
  }

  @Test func `cells are quoted, and no cell begins a formula`() throws {
    let repository = try repository([
      line(
        1,
        payload:
          #"{"wp_id": "=1+1", "agent": "@a", "role": "+r", "model": "-m", "error": "a,\"b\"\nc", "exit_code": -1}"#),
      line(
        2,
        payload:
          #"{"wp_id": "\t=1", "agent": "a=1", "role": ["x", 1], "cost_usd": 0.5, "success": true, "error": "\u001b[31m"}"#
      ),
    ])
    let output = try repository.tool("query", "--csv").outputText
    #expect(
      output == """
        event_id,timestamp,aggregate_id,event_type,lamport_clock,node_id,wp_id,role,agent,model,input_tokens,\
        output_tokens,cost_usd,duration_ms,success,error,exit_code
        01KHJVJWDM0HGAGYGXJYKD1J01,2026-02-16T09:12:58+00:00,f,ExecutionEvent,1,cli:WP01,'=1+1,'+r,'@a,'-m,,,,,,"a,""b""
        c",-1
        01KHJVJWDM0HGAGYGXJYKD1J02,2026-02-16T09:12:58+00:00,f,ExecutionEvent,2,cli:WP01,'\u{FFFD}=1,"[""x"", 1]",a=1,,,,0.5,,true,\u{FFFD}[31m,

        """)
    let heading = try repository.tool("query", "--csv", "--agent", "nobody").outputText
    #expect(heading.hasPrefix("event_id,") && heading.hasSuffix("exit_code\n"))
  }

  @Test func `a table fits 80 columns, whatever the names`() throws {
    let payload =
      #"{"wp_id": "WP01-and-more", "role": "implementer", "agent": "an-agent-of-long-name", "#
      + #""model": "vendor/claude-sonnet-4-20250514-漢字漢字漢字", "input_tokens": 30532200, "output_tokens": 178560}"#
    let repository = try repository([
      line(1, payload: payload, feature: "043-telemetry-foundation-of-everything"), line(2, payload: "{}"),
    ])
    let one = try repository.tool("query").outputText
    try repository.write(repository.log("g"), "\n")
    let several = try repository.tool("query").outputText
    for table in [one, several] {
      let lines = table.split(separator: "\n")
      // Each of the wide characters counts twice.
      #expect(lines.count == 4 && lines.allSatisfy { $0.count + $0.count { "漢字".contains($0) } <= 80 }, "\(table)")
    }
    #expect(one.contains("30,532,200") && several.contains("30,710,760") && several.contains("043-"))
    let wide = try repository.startTool(["query"], environment: ["COLUMNS": "200"]).wait().outputText
    #expect(wide.contains("vendor/claude-sonnet-4-20250514-漢字漢字漢字"))
  }

  @Test func `a terminal is not acted upon, nor does a line change its value for it`() throws {
    let repository = try repository([line(1, payload: "{\"agent\": \"a\u{9B}31mb\u{202E}\u{7F}\"}")])
    // What goes to a file or a pipe is the line as it is.
    #expect(try repository.tool("query", "--jsonl").output == repository.read(repository.log()))
    let result = try ChildProcess.run(
      "script", ["-qec", "\(try toolPath()) query --jsonl", "/dev/null"], in: repository.path,
      environment: repository.toolEnvironment.merging(["LLVM_PROFILE_FILE": "/dev/null"]) { $1 })
    #expect(result.outputText.contains(#"a\u009b31mb\u202e\u007f"#), "\(result.outputText)")
  }

  @Test func `what nobody reads ends the program quietly`() throws {
    let repository = try repository(
      (1...9).map { line($0, payload: #"{"x": "\#(String(repeating: "y", count: 20_000))"}"#) })
    let result = try ChildProcess.run(
      "sh", ["-c", "{ \"$0\" query --jsonl; echo $? >&2; } | true", try toolPath()], in: repository.path,
      environment: repository.toolEnvironment.merging(["LLVM_PROFILE_FILE": "/dev/null"]) { $1 })
    #expect(result.errorText == "0\n")
  }

  @Test(arguments: [
    ["--json", "--csv"], ["--jsonl", "--csv"], ["--success", "--failed"], ["--since", "yesterday"],
    ["--until", "2026-13-01"],
    ["--limit", "x"], ["--nonsense"],
  ])
  func `what cannot be asked is a usage error`(arguments: [String]) throws {
    let repository = try TestRepository()
    let result = try repository.report(["query"] + arguments)
    #expect(result.status == 64 && result.output.isEmpty && !result.errors.isEmpty)
  }

  @Test func `an empty text is no filter`() throws {
    let repository = try repository([line(1, payload: "{}")])
    for flag in ["--feature", "--agent", "--since", "--until", "--event-type"] {
      #expect(try repository.queriedIDs("\(flag)=").count == 1 && repository.queriedIDs(flag, "").count == 1, "\(flag)")
    }
    #expect(try repository.tool("query", "--agent", "x").outputText == "No execution events found.\n")
    #expect(try repository.tool("query", "-f", "9\u{1b}").outputText == "No features matching '9\u{FFFD}' found.\n")
    #expect(try repository.tool("query", "-f", "../x", "--json").outputText == "[]\n")
  }
}
