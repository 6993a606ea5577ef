import Agents
import Events
import KittyGitTelemetry
import Logging
import SystemPackage
import TestSupport
import Testing

/// The one call that orchestrators make.
struct `Emitting an execution event` {
  private let messages = KeptLog.Messages()

  private var logger: Logger {
    Logger(label: "test") { [messages] _ in KeptLog(messages: messages) }
  }

  private func emit(_ folder: String, wpID: String = "WP03", agent: String = "claude") {
    emitExecutionEvent(
      featureDirectory: FilePath(folder), featureSlug: "043-x", wpID: wpID, agent: agent, role: .implementer,
      logger: logger)
  }

  private func events(_ folder: String) throws -> [Event] {
    try EventStore(featureDirectory: FilePath(folder)).events()
  }

  @Test func `emitting creates an event with all its fields`() throws {
    let scratch = try ScratchDirectory()
    emitExecutionEvent(
      featureDirectory: FilePath(scratch.path), featureSlug: "043-x", wpID: "WP03", agent: "claude", role: .reviewer,
      model: "opus", inputTokens: 5, outputTokens: 7, costUSD: 0.25, durationMS: 1200, success: false,
      error: "no", exitCode: 3, nodeID: "host", logger: logger)
    let event = try #require(try events(scratch.path).first)
    #expect(event.type == "ExecutionEvent" && event.aggregateID == "043-x" && event.nodeID == "host:WP03")
    #expect(event.lamportClock == LamportValue(1) && event.causationID == nil)
    #expect(event.id.description.utf8.count == 26)
    let expected: [(JSONString, JSONValue)] = [
      ("wp_id", .string("WP03")), ("agent", .string("claude")), ("role", .string("reviewer")),
      ("model", .string("opus")), ("input_tokens", .integer(5)), ("output_tokens", .integer(7)),
      ("cost_usd", .float(0.25)), ("duration_ms", .integer(1200)), ("success", .bool(false)),
      ("error", .string("no")), ("exit_code", .integer(3)),
    ]
    #expect(event.payload == JSONObject(expected))
    #expect(messages.all.isEmpty)
  }

  @Test func `a result is recorded with its duration in milliseconds and its first error`() throws {
    let scratch = try ScratchDirectory()
    let result = InvocationResult(
      success: false, exitCode: 3, stdout: "out", stderr: "err", durationSeconds: 1.2345, errors: ["first", "second"],
      model: "opus", inputTokens: 5, outputTokens: 7, costUSD: 0.25, cacheReadTokens: 11, reasoningTokens: 2,
      sessionID: "s", usage: .object(JSONObject([("input", .integer(5))])))
    emitExecutionEvent(
      featureDirectory: FilePath(scratch.path), featureSlug: "043-x", wpID: "WP03", agent: "claude", role: .reviewer,
      result: result, logger: logger)
    let payload = try #require(try events(scratch.path).first).payload
    #expect(payload["duration_ms"] == .integer(1234) && payload["error"] == .string("first"))
    #expect(payload["exit_code"] == .integer(3) && payload["success"] == .bool(false))
    #expect(payload["model"] == .string("opus") && payload["cost_usd"] == .float(0.25))
    #expect(payload["input_tokens"] == .integer(5) && payload["output_tokens"] == .integer(7))
    #expect(payload["cache_read_tokens"] == .integer(11) && payload["reasoning_tokens"] == .integer(2))
    #expect(payload["session_id"] == .string("s") && payload["cost_source"] == .string("reported"))
    #expect(payload["usage"]?.object?["input"] == .integer(5) && payload["cache_write_tokens"] == nil)
  }

  @Test func `emitting the minimum leaves the rest unknown`() throws {
    let scratch = try ScratchDirectory()
    emit(scratch.path)
    let payload = try #require(try events(scratch.path).first).payload
    for key in ["model", "input_tokens", "output_tokens", "cost_usd", "error"] as [JSONString] {
      #expect(payload[key] == .null, "\(key)")
    }
    #expect(payload["duration_ms"] == .integer(0) && payload["exit_code"] == .integer(0))
    #expect(payload["success"] == .bool(true) && payload.count == 11)
  }

  @Test func `three events have the clock values 1, 2 and 3`() throws {
    let scratch = try ScratchDirectory()
    for _ in 0..<3 { emit(scratch.path) }
    #expect(try events(scratch.path).map(\.lamportClock) == [1, 2, 3].map { LamportValue($0) })
  }

  @Test func `the clock goes on where the last emission left it`() throws {
    let scratch = try ScratchDirectory()
    emit(scratch.path)
    let storage = FileClockStorage(FilePath(scratch.path).appending(".telemetry-clock.json"))
    #expect(try storage.load("cli:WP03") == 1)
    emit(scratch.path)
    #expect(try LamportClock(node: "cli:WP03", storage: storage).current == 2)
  }

  @Test func `a failure is one warning, and nothing is thrown`() throws {
    let scratch = try TestRepository()
    try scratch.write("taken", "a file where the folder should be")
    emit(scratch.path + "/taken")
    let logged = messages.all
    #expect(logged.count == 1)
    #expect(logged.first?.hasPrefix("warning: Telemetry emission failed for 043-x/WP03: cannot ") == true, "\(logged)")
  }

  @Test func `folders that do not exist are created`() throws {
    let scratch = try ScratchDirectory()
    emit(scratch.path + "/deep/down/043-x")
    #expect(try events(scratch.path + "/deep/down/043-x").count == 1)
    #expect(messages.all.isEmpty)
  }

  @Test func `in a repository the event is noted on the commit, and the clock is one for all worktrees`() throws {
    let repository = try TestRepository()
    try repository.commit("Begin")
    let worktree = try repository.addWorktree("f-WP01", branch: "f-WP01")
    emit(repository.path + "/kitty-specs/043-x")
    emit(worktree + "/kitty-specs/043-x")
    #expect(try events(worktree + "/kitty-specs/043-x").first?.lamportClock == LamportValue(2))
    let noted = try repository.git("notes", "--ref=kitty-telemetry", "show").split(separator: "\n")
    #expect(noted.count == 2)
    #expect(messages.all.isEmpty)
  }
}
