import Agents
import Events
import KittyGitTelemetry
import Logging
import SystemPackage
import TestSupport
import Testing

/// An orchestrator that runs agents and tells of them.
struct `An orchestrator` {
  private let messages = KeptLog.Messages()

  private func telemetry(_ folder: String) -> Orchestrator {
    Orchestrator(
      featureDirectory: FilePath(folder), featureSlug: "043-x",
      logger: Logger(label: "test") { [messages] _ in KeptLog(messages: messages) })
  }

  /// What an agent came to that said everything.
  private let full = InvocationResult(
    success: true, exitCode: 0, stdout: "out", stderr: "", durationSeconds: 84.2, model: "claude-sonnet-4-5",
    inputTokens: 48_210, outputTokens: 9120, costUSD: 0.2814)

  /// Works on a package as an orchestrator does: an agent runs, its run is told, and the work goes on.
  private func implement(_ telemetry: Orchestrator, _ agent: () -> InvocationResult?) -> Bool {
    let result = agent()
    telemetry.implementationEnded(wpID: "WP03", agent: "claude", result: result)
    return result?.success ?? false
  }

  private func events(_ folder: String) throws -> [Event] {
    try EventStore(featureDirectory: FilePath(folder)).events()
  }

  @Test func `an implementation leaves an event`() throws {
    let scratch = try ScratchDirectory()
    #expect(implement(telemetry(scratch.path)) { full })
    let event = try #require(try events(scratch.path).first)
    let expected: [(JSONString, JSONValue)] = [
      ("wp_id", .string("WP03")), ("agent", .string("claude")), ("role", .string("implementer")),
      ("model", .string("claude-sonnet-4-5")), ("input_tokens", .integer(48_210)), ("output_tokens", .integer(9120)),
      ("cost_usd", .float(0.2814)), ("duration_ms", .integer(84_200)), ("success", .bool(true)), ("error", .null),
      ("exit_code", .integer(0)), ("cost_source", .string("reported")),
    ]
    #expect(event.payload == JSONObject(expected) && event.nodeID == "cli:WP03" && event.aggregateID == "043-x")
    #expect(messages.all.isEmpty)
  }

  @Test func `a review leaves an event with its first error`() throws {
    let scratch = try ScratchDirectory()
    var verdict = full
    verdict.success = false
    verdict.exitCode = 1
    verdict.errors = ["tests are missing", "and more"]
    telemetry(scratch.path).reviewEnded(wpID: "WP03", agent: "gemini", result: verdict)
    let payload = try #require(try events(scratch.path).first).payload
    #expect(payload["role"]?.text == "reviewer" && payload["agent"]?.text == "gemini")
    #expect(payload["success"] == .bool(false) && payload["exit_code"] == .integer(1))
    #expect(payload["error"]?.text == "tests are missing")
  }

  @Test func `a failure to record does not keep it from going on`() throws {
    let repository = try TestRepository()
    try repository.write("taken", "a file where the folder should be")
    let telemetry = telemetry(repository.path + "/taken")
    #expect(implement(telemetry) { full })
    telemetry.reviewEnded(wpID: "WP03", agent: "gemini", result: full)
    telemetry.flush(after: "nosuch")
    let logged = messages.all
    #expect(logged.count == 3 && logged.allSatisfy { $0.contains("Telemetry emission failed for 043-x/") }, "\(logged)")
  }

  @Test func `what an agent did not say is unknown, and an agent without a result has failed`() throws {
    let scratch = try ScratchDirectory()
    let silent = InvocationResult(success: true, exitCode: 0, stdout: "", stderr: "", durationSeconds: 1)
    #expect(implement(telemetry(scratch.path)) { silent })
    #expect(!implement(telemetry(scratch.path)) { nil })
    let payloads = try events(scratch.path).map(\.payload)
    #expect(payloads.count == 2 && payloads.allSatisfy { $0.count == 11 })
    for key in ["model", "input_tokens", "output_tokens", "cost_usd", "error"] as [JSONString] {
      #expect(payloads.allSatisfy { $0[key] == .null }, "\(key)")
    }
    #expect(payloads[0]["success"] == .bool(true) && payloads[0]["duration_ms"] == .integer(1000))
    #expect(payloads[1]["success"] == .bool(false) && payloads[1]["exit_code"] == .integer(-1))
  }

  /// The ids of the events in the note on `commit`.
  private func noted(_ repository: TestRepository, _ commit: String) throws -> [EventID] {
    let shown = try repository.attempt(["notes", "--ref=kitty-telemetry", "show", commit]).outputText
    return shown.split(separator: "\n").compactMap { Event(line: Array($0.utf8))?.id }
  }

  @Test func `an implementation waits for the commit of its work, a review goes on what is there`() throws {
    let repository = try TestRepository()
    let before = try repository.commit("Begin")
    let worktree = try repository.addWorktree("043-x-WP03", branch: "043-x-WP03")
    let telemetry = telemetry(worktree + "/kitty-specs/043-x")
    #expect(implement(telemetry) { full })
    #expect(try noted(repository, before).isEmpty)
    try repository.write("work", "done", in: worktree)
    try repository.git("add", "work", in: worktree)
    try repository.git("commit", "--quiet", "-m", "feat(WP03)", in: worktree)
    let commit = try repository.git("rev-parse", "HEAD", in: worktree)
    telemetry.flush(after: commit)
    telemetry.reviewEnded(wpID: "WP03", agent: "gemini", result: full)
    #expect(try noted(repository, commit) == events(worktree + "/kitty-specs/043-x").map(\.id))
    #expect(try noted(repository, commit).count == 2 && noted(repository, before).isEmpty)
    #expect(messages.all.isEmpty)
  }

  @Test func `with the log in the main work tree, the work package says what a commit took in`() throws {
    let repository = try TestRepository()
    try repository.commit("Begin")
    let telemetry = telemetry(repository.path + "/kitty-specs/043-x")
    var commits: [String] = []
    for wpID in ["WP01", "WP02"] {
      telemetry.implementationEnded(wpID: wpID, agent: "claude", result: full)
      let worktree = try repository.addWorktree("043-x-\(wpID)", branch: "043-x-\(wpID)")
      commits.append(try repository.commit("feat(\(wpID))", in: worktree))
    }
    for (wpID, commit) in zip(["WP02", "WP01"], commits.reversed()) { telemetry.flush(after: commit, wpID: wpID) }
    let ids = try events(repository.path + "/kitty-specs/043-x").map(\.id)
    #expect(try noted(repository, commits[0]) == [ids[0]] && noted(repository, commits[1]) == [ids[1]])
    #expect(messages.all.isEmpty)
  }
}
