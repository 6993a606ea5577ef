import Events
import Foundation
import TestSupport
import Testing

/// `run`: what is recorded of an agent's run.
struct `Run of an agent, recorded` {
  private let claude = """
    {"type":"result","subtype":"success","is_error":false,"session_id":"s","total_cost_usd":0.5,\
    "usage":{"input_tokens":1,"cache_read_input_tokens":2,"cache_creation_input_tokens":3,"output_tokens":4},\
    "modelUsage":{"claude-x":{"inputTokens":1,"outputTokens":4,"cacheReadInputTokens":2,"cacheCreationInputTokens":3}}}
    """

  private func expectUsage(_ payload: JSONObject, sourceLocation: SourceLocation = #_sourceLocation) {
    let keys: [JSONString] = ["input_tokens", "cache_read_tokens", "cache_write_tokens", "output_tokens"]
    #expect(keys.map { payload[$0] } == [1, 2, 3, 4].map { JSONValue.integer($0) }, sourceLocation: sourceLocation)
    #expect(payload["cost_usd"] == .float(0.5), sourceLocation: sourceLocation)
    #expect(payload["cost_source"]?.text == "reported", sourceLocation: sourceLocation)
    #expect(payload["model"]?.text == "claude-x" && payload["session_id"]?.text == "s", sourceLocation: sourceLocation)
  }

  @Test func `the agent's output says model, tokens and cost, through a pipe and into a file`() throws {
    for script in ["claude -p | cat", "claude -p > out; cat out"] {
      let repository = try TestRepository(workPackage: "f-WP01")
      let path = try repository.agent("claude", "cat <<'END'\n\(claude)\nEND")
      let result = try repository.shell("$tool run -- \(script)", environment: ["PATH": path])
      #expect(result.outputText == claude + "\n" && result.errors.isEmpty)
      let payload = try repository.onlyEvent().payload
      expectUsage(payload)
      #expect(payload["agent"]?.text == "claude" && payload["success"] == .bool(true))
    }
  }

  @Test func `another program's output is read as that of the agent that is named`() throws {
    let repository = try TestRepository(workPackage: "f-WP01")
    try repository.write("transcript", claude)
    #expect(try repository.tool("run", "--agent", "claude", "--", "cat", "transcript").status == 0)
    let payload = try repository.onlyEvent().payload
    expectUsage(payload)
    #expect(payload["agent"]?.text == "claude")
  }

  @Test func `steps are counted wherever in a long output they stand`() throws {
    let step = #"{"type":"step_finish","part":{"reason":"tool-calls","cost":0.25,"tokens":{"input":10,"output":1}}}"#
    let noise = "head -c 3000000 /dev/zero | tr '\\0' 'x' | fold -w 1000; echo"
    let script = "for i in 1 2 3 4; do echo '\(step)'; \(noise); done"
    for sink in ["| wc -c", "> out"] {
      let repository = try TestRepository(workPackage: "f-WP01")
      let path = try repository.agent("opencode", script)
      _ = try repository.shell("$tool run -- opencode run \(sink)", environment: ["PATH": path])
      let payload = try repository.onlyEvent().payload
      #expect(payload["input_tokens"] == .integer(40) && payload["cost_usd"] == .float(1))
    }
  }

  @Test func `the model that was asked for is the best that is known where the agent does not say it`() throws {
    let repository = try TestRepository(workPackage: "f-WP01")
    let path = try repository.agent("codex", #"echo '{"type":"turn.completed","usage":{"input_tokens":5}}'"#)
    _ = try repository.shell("$tool run -- codex exec --json -m gpt-x -", environment: ["PATH": path])
    let payload = try repository.onlyEvent().payload
    #expect(payload["model"]?.text == "gpt-x" && payload["input_tokens"] == .integer(5))
  }

  @Test func `a commit that the agent makes carries the event`() throws {
    let repository = try TestRepository(workPackage: "f-WP01")
    let agent = "echo work > work; git add work; git commit -q -m work"
    #expect(try repository.shell("$tool run -- sh -c '\(agent)'", environment: repository.environment).status == 0)
    let id = try repository.onlyEvent().id
    #expect(try repository.git("log", "-1", "--format=%s") == "work")
    #expect(events(try repository.notedLines()).map(\.id) == [id])
    #expect(try repository.attempt(["notes", "--ref=kitty-telemetry", "show", "HEAD~1"]).status != 0)
  }

  @Test func `work that is not committed waits for the commit that takes it in`() throws {
    let repository = try TestRepository(workPackage: "f-WP01")
    let agent = "echo work > work; exit 1"
    #expect(try repository.tool("run", "--", "sh", "-c", agent).status == 1)
    let id = try repository.onlyEvent().id
    #expect(try repository.attempt(["notes", "--ref=kitty-telemetry", "list"]).output.isEmpty)
    try repository.git("add", "work")
    try repository.git("commit", "--quiet", "-m", "feat(WP01): implementation")
    #expect(try repository.tool("emit", "--flush").status == 0)
    #expect(events(try repository.notedLines()).map(\.id) == [id])
  }

  @Test func `a reviewer's run is noted on what it has read`() throws {
    let repository = try TestRepository(workPackage: "f-WP01")
    #expect(try repository.tool("run", "--role", "reviewer", "--", "true").status == 0)
    #expect(events(try repository.notedLines()).map(\.id) == [try repository.onlyEvent().id])
  }

  @Test func `before the first commit a run waits`() throws {
    let repository = try TestRepository("--initial-branch=f-WP01")
    let result = try repository.tool("run", "--", "true")
    #expect(result.status == 0 && result.errors.isEmpty, "\(result.errorText)")
    #expect(try repository.onlyEvent().payload["success"] == .bool(true))
  }

  @Test func `each attempt is an event`() throws {
    let repository = try TestRepository(workPackage: "f-WP01")
    for status in [1, 1, 0] { #expect(try repository.tool("run", "--", "sh", "-c", "exit \(status)").status == status) }
    let all = events(repository.lines(repository.log()))
    #expect(all.map { $0.payload["success"] } == [.bool(false), .bool(false), .bool(true)])
    #expect(all.map(\.lamportClock) == [1, 2, 3].map { LamportValue($0) })
    guard case .integer(let duration)? = all[0].payload["duration_ms"] else {
      Issue.record("no duration: \(all[0].payload)")
      return
    }
    #expect(0...60_000 ~= (duration.int64 ?? -1))
  }
}

/// `run`: what a run belongs to, and how that is found out.
struct `Run of an agent, attributed` {
  private let header = "---\nwork_package_id: \"WP07\"\nlane: \"for_review\"\n---\n# Do it\n"

  /// The work package, the role and their sources in the only event.
  private func found(_ repository: TestRepository, log: String? = nil) throws -> [String?] {
    let event = try #require(events(repository.lines(log ?? repository.log())).last)
    let sources = event.payload["attributed_by"]?.object
    return [
      event.payload["wp_id"]?.text, sources?["wp_id"]?.text, event.payload["role"]?.text, sources?["role"]?.text,
      sources?["feature"]?.text,
    ]
  }

  @Test func `options come first, then the environment, then the prompt, then names`() throws {
    let environment = ["KITTY_FEATURE": "f", "KITTY_WP_ID": "WP08", "KITTY_ROLE": "planner"]
    let input = Array(header.utf8)
    let repository = try TestRepository(workPackage: "f-WP01")
    _ = try repository.shell("$tool run -- cat", environment: environment, input: input)
    #expect(try found(repository) == ["WP08", "environment", "planner", "environment", "environment"])
    _ = try repository.shell(
      "$tool run -f f --wp-id WP09 -r merger -- cat", environment: environment, input: input)
    #expect(try found(repository) == ["WP09", "option", "merger", "option", "option"])
    _ = try repository.shell("$tool run -- cat", input: input)
    #expect(try found(repository) == ["WP07", "prompt", "reviewer", "prompt", "branch"])
    _ = try repository.shell("$tool run -- cat")
    #expect(try found(repository) == ["WP01", "branch", "implementer", "default", "branch"])
  }

  @Test func `a prompt is seen in a file, in a pipe and among the arguments`() throws {
    let repository = try TestRepository(workPackage: "f-WP01")
    // The pipe is filled before the agent runs.
    let filled = "mkfifo pipe; exec 3<>pipe; cat >&3; $tool run -- head -c 19 <&3"
    for script in ["$tool run -- cat", filled, "$tool run -- echo \"$(cat)\" < /dev/null"] {
      let result = try repository.shell(script, input: Array(header.utf8))
      #expect(result.outputText.hasPrefix("---\nwork_package_id"), "\(script)")
      #expect(try found(repository).first == "WP07", "\(script)")
    }
  }

  @Test func `a prompt that comes late is passed on as it is`() throws {
    let repository = try TestRepository(workPackage: "f-WP01")
    let script = "mkfifo go; { read x < go; printf late; } | $tool run -- sh -c 'echo > go; cat' | cat"
    #expect(try repository.shell(script).outputText == "late")
    #expect(try repository.onlyEvent().payload["success"] == .bool(true))
  }

  @Test func `a lane's only work package is found, in a detached worktree and without its own specs`() throws {
    let repository = try TestRepository("--initial-branch=main")
    try repository.write("kitty-specs/f/lanes.json", #"{"lanes":[{"lane_id":"lane-b","wp_ids":["WP02"]}]}"#)
    try repository.commit("Begin")
    let worktree = repository.path + "/.worktrees/f-lane-b"
    try repository.git("worktree", "add", "--quiet", "--detach", worktree)
    _ = try repository.tool("run", "--", "true", in: worktree)
    let log = worktree + "/kitty-specs/f/execution.events.jsonl"
    #expect(try found(repository, log: log) == ["WP02", "lanes.json", "implementer", "default", "worktree"])
    try repository.run("rm", "-r", worktree + "/kitty-specs")
    _ = try repository.tool("run", "--", "true", in: worktree)
    #expect(try found(repository, log: log).first == "WP02")
  }

  @Test func `the orchestrator's own word says which of a lane's work packages it is, and how far`() throws {
    let repository = try TestRepository("--initial-branch=main")
    try repository.write("kitty-specs/f/lanes.json", #"{"lanes":[{"lane_id":"lane-a","wp_ids":["WP01","WP02"]}]}"#)
    try repository.write(
      "kitty-specs/f/status.events.jsonl",
      """
      {"at":"2026-03-01T10:00:00Z","wp_id":"WP02","from_lane":"planned","to_lane":"in_progress"}
      {"at":"2026-03-01T11:00:00Z","wp_id":"WP02","from_lane":"in_progress","to_lane":"for_review"}
      {"at":"2026-03-01T12:00:00Z","wp_id":"WP01","from_lane":"planned","to_lane":"in_progress"}
      not JSON

      """)
    try repository.write(".kittify/workspaces/f-lane-a.json", #"{"current_wp":"WP02"}"#)
    try repository.commit("Begin")
    let worktree = repository.path + "/.worktrees/f-lane-a"
    try repository.git("worktree", "add", "--quiet", "-b", "kitty/mission-f-lane-a", worktree)
    _ = try repository.tool("run", "--", "true", in: worktree)
    let log = worktree + "/kitty-specs/f/execution.events.jsonl"
    #expect(try found(repository, log: log) == ["WP02", "workspace", "reviewer", "status", "branch"])
    _ = try repository.tool("run", "--wp-id", "WP01", "--", "true", in: worktree)
    #expect(try found(repository, log: log) == ["WP01", "option", "implementer", "status", "branch"])
  }

  @Test func `an agent that may not write is a reviewer`() throws {
    let repository = try TestRepository(workPackage: "f-WP01")
    let path = try repository.agent("claude", "true")
    _ = try repository.shell("$tool run -- claude -p --allowedTools Read,Grep", environment: ["PATH": path])
    #expect(try found(repository) == ["WP01", "branch", "reviewer", "arguments", "branch"])
  }

  @Test func `a feature's folder that is named says the feature where nothing else does`() throws {
    let repository = try TestRepository("--initial-branch=main")
    try repository.commit("Begin")
    _ = try repository.tool("run", "--feature-dir", "kitty-specs/f", "--", "true")
    #expect(try found(repository) == ["N/A", nil, "implementer", "default", "option"])
  }
}
