import Events
import TestSupport
import Testing

/// `import`: what orchestrators kept in logs of their own.
struct `Import of orchestrators' logs` {
  private func log(_ session: String, exitCode: Int = 0) -> String {
    """
    === command: claude -p --output-format json ===
    === exit_code: \(exitCode) ===
    === stdout ===
    {"type":"result","is_error":false,"session_id":"\(session)","total_cost_usd":0.5,"usage":{"input_tokens":7,"output_tokens":9}}

    === stderr ===


    """
  }

  private func repository() throws -> TestRepository {
    let repository = try TestRepository()
    try repository.write(".kittify/logs/f_WP01_implementation.log", log("s-1"))
    try repository.write(".kittify/logs/f_WP01_review-1.log", log("s-2", exitCode: 1))
    try repository.write(".kittify/logs/g_WP01_implementation.log", log("s-3"))
    try repository.commit("Begin")
    return repository
  }

  @Test func `each log becomes an event of its feature, and importing again changes nothing`() throws {
    let repository = try repository()
    let first = try repository.tool("import", ".kittify/logs")
    #expect(first.status == 0 && first.errorText.isEmpty, "\(first.errorText)")
    #expect(first.outputText == "imported 3 events\n")
    let logged = events(repository.lines(repository.log()))
    #expect(logged.map { $0.payload["role"]?.text } == ["implementer", "reviewer"])
    #expect(logged.map { $0.payload["success"] } == [.bool(true), .bool(false)])
    #expect(logged.allSatisfy { $0.payload["input_tokens"] == .integer(7) && $0.nodeID == "cli:WP01" })
    #expect(logged.allSatisfy { $0.payload["agent"]?.text == "claude" && $0.payload["cost_usd"] == .float(0.5) })
    #expect(events(repository.lines(repository.log("g"))).count == 1)
    #expect(try repository.notedLines().count == 3)
    let before = try listing(repository.folder.path)
    let second = try repository.tool("import", ".kittify/logs", ".kittify/logs/f_WP01_implementation.log")
    #expect(second.status == 0 && second.outputText == "imported 0 events, 4 known already\n", "\(second.errorText)")
    #expect(try listing(repository.folder.path) == before)
  }

  @Test func `a run that was recorded when it happened is not recorded once more`() throws {
    let repository = try repository()
    try repository.emitted("--feature", "f", "--wp-id", "WP01", "--session-id", "s-1")
    try repository.emitted("--feature", "f", "--wp-id", "WP02", "--session-id", "s-2")
    let result = try repository.tool("import", ".kittify/logs")
    #expect(result.outputText == "imported 2 events, 1 known already\n", "\(result.errorText)")
    #expect(events(repository.lines(repository.log())).count == 3)
  }

  @Test func `the feature is that of the option, the name, or the worktree`() throws {
    let repository = try repository()
    let log = """
      ======================================================================
      Agent: gemini
      Role: implementation
      Exit code: 0
      Success: True
      Duration: 2.50s
      ======================================================================

      --- STDOUT ---
      done


      --- STDERR ---

      """
    try repository.write(".kittify/logs/WP07-implementation-20260219-101112.log", log)
    let worktree = try repository.addWorktree("h-WP09", branch: "h-WP09")
    let path = repository.path + "/.kittify/logs/WP07-implementation-20260219-101112.log"
    #expect(try repository.tool("import", path, "-C", worktree).status == 0)
    #expect(try repository.tool("import", "-f", "i", ".kittify/logs/f_WP01_implementation.log").status == 0)
    let event = try #require(events(repository.lines(worktree + "/kitty-specs/h/execution.events.jsonl")).first)
    #expect(event.nodeID == "cli:WP07" && event.payload["duration_ms"] == .integer(2500))
    #expect(events(repository.lines(repository.log("i"))).count == 1)
    let lost = try repository.tool("import", path)
    #expect(lost.status == 1 && lost.errorText.contains("give --feature"), "\(lost.errorText)")
  }

  @Test func `what is no log is refused, and the others are recorded`() throws {
    let repository = try repository()
    try repository.write("notes.log", "hello\n")
    let result = try repository.tool("import", "--json", "notes.log", "nosuch.log", ".kittify/logs/f_WP01_review-1.log")
    #expect(result.status == 1 && result.complaints.count == 2, "\(result.errorText)")
    guard case .array(let documents)? = JSONValue(Array(result.output.dropLast())) else {
      Issue.record("no array: \(result.outputText)")
      return
    }
    #expect(documents.map { $0.object?["result"]?.text } == ["error", "error", "success"])
    #expect(documents.map { $0.object?["path"]?.text }.first == "notes.log")
    #expect(events(repository.lines(repository.log())).count == 1)
  }

  @Test func `is refused without a log and outside of a repository`() throws {
    let repository = try repository()
    #expect(try repository.tool("import").status == 64)
    let outside = try repository.tool("import", repository.path + "/.kittify/logs", in: repository.folder.path)
    #expect(outside.status == 1 && outside.complaints.count == 1, "\(outside.errorText)")
  }
}
