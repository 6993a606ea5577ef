import Agents
import Events
import Testing

/// The logs that orchestrators keep.
struct `Orchestrator log` {
  private func read(_ name: String, _ content: String) -> OrchestratorLog? {
    OrchestratorLog(name: name, content: Array(content.utf8))
  }

  private let older = """
    ======================================================================
    Agent: claude-code
    Role: implementation
    Exit code: 0
    Success: True
    Duration: 12.34s
    Command: claude -p --output-format json...
    ======================================================================

    --- WARNINGS ---
      Warning: old

    --- STDOUT ---
    {"type":"result","subtype":"success","is_error":false,"duration_ms":9,"session_id":"s","total_cost_usd":0.5,\
    "usage":{"input_tokens":1,"output_tokens":2,"cache_read_input_tokens":3,"cache_creation_input_tokens":4},\
    "result":"I ran\\n\\n--- STDERR ---\\n"}

    --- STDERR ---
    Warning: old

    """

  private let newer = """
    === command: codex exec - --json --full-auto -m gpt-5-codex ===
    === exit_code: 1 ===
    === stdout ===
    {"type":"thread.started","thread_id":"t"}
    {"type":"turn.failed","error":{"message":"no more"}}

    === stderr ===
    Error: something else

    """

  @Test func `the older generation's is read`() throws {
    let log = try #require(read("WP03-implementation-20260219-101112.log", older))
    #expect(log.feature == nil && log.wpID == "WP03" && log.role == .implementer && log.agent == "claude-code")
    #expect(log.result.success && log.result.exitCode == 0 && log.result.durationSeconds == 12.34)
    #expect(log.result.inputTokens == 1 && log.result.outputTokens == 2 && log.result.cacheReadTokens == 3)
    #expect(log.result.cacheWriteTokens == 4 && log.result.costUSD == 0.5 && log.result.sessionID == "s")
  }

  @Test func `the newer generation's is read`() throws {
    let log = try #require(read("017-log_in_WP01_review-2.log", newer))
    #expect(log.feature == "017-log_in" && log.wpID == "WP01" && log.role == .reviewer && log.agent == "codex")
    #expect(!log.result.success && log.result.exitCode == 1 && log.result.errors == ["no more"])
    #expect(log.result.model == "gpt-5-codex" && log.result.sessionID == "t" && log.result.durationSeconds == 0)
  }

  @Test func `the agent's own measure counts where the orchestrator has none`() throws {
    let content =
      "=== command: claude -p ===\n=== exit_code: 0 ===\n=== stdout ===\n"
      + #"{"type":"result","duration_ms":1500}"# + "\n=== stderr ===\n\n"
    #expect(try #require(read("f_WP01_implementation.log", content)).result.durationSeconds == 1.5)
  }

  @Test func `a prompt in the command may have any lines`() throws {
    let content =
      "=== command: timeout 300 cursor agent -p ---\nwork_package_id: WP01\n=== stdout ===\n--- ===\n"
      + "=== exit_code: 124 ===\n=== stdout ===\n\n=== stderr ===\n\n"
    let log = try #require(read("f_WP01_reimpl-1.log", content))
    #expect(log.agent == "cursor" && log.role == .implementer && log.result.exitCode == 124 && !log.result.success)
  }

  @Test func `what an agent printed need not be text, nor end a line`() throws {
    let content =
      Array("=== command: codex ===\n=== exit_code: 0 ===\n=== stdout ===\n".utf8) + [0xFF, 0x0D]
      + Array("\n=== stderr ===\n\r\n".utf8)
    let log = try #require(OrchestratorLog(name: "f_WP01_review.log", content: content))
    #expect(log.result.stdout == "\u{FFFD}\r" && log.result.stderr == "\r\n")
  }

  @Test func `what the orchestrator called a failure is one, with its reason`() throws {
    let content = """
      ======================================================================
      Agent: copilot
      Role: review
      Exit code: 0
      Success: False
      Duration: 1.00s
      ======================================================================

      --- ERRORS ---
        tests are missing
        twice

      --- STDOUT ---
      no


      --- STDERR ---

      """
    let log = try #require(read("WP1-review.log", content))
    #expect(log.role == .reviewer && !log.result.success && log.result.errors == ["tests are missing", "twice"])
  }

  @Test(arguments: [
    "WP01.log", "WP01-planning.log", "f_WP01_planning.log", "_WP01_review-1.log", "f_X1_review-1.log", "f.txt", "",
    "WP03-implementation-20260219-101112.txt", "notes_review.log",
  ])
  func `another name is none`(name: String) {
    #expect(read(name, older) == nil && read(name, newer) == nil)
  }

  @Test func `another content is none, wherever it ends`() {
    for content in ["", "hello", "=== command: x ===\n", "--- STDOUT ---\n\n\n--- STDERR ---\n"] {
      #expect(read("WP03-implementation.log", content) == nil)
    }
    #expect(read("WP03-implementation.log", older.replacing(/Agent: .*/, with: "Agent: ")) == nil)
    for whole in [older, newer] {
      for end in stride(from: 0, to: whole.utf8.count - 60, by: 5) {
        _ = OrchestratorLog(name: "WP03-implementation.log", content: Array(whole.utf8.prefix(end)))
      }
    }
  }

  @Test func `one of no command is none`() {
    let end = "\n=== exit_code: 0 ===\n=== stdout ===\n\n=== stderr ===\n"
    for command in ["", " ", "  "] {
      #expect(read("f_WP01_review-1.log", "=== command:\(command) ===\(end)") == nil, "\(command.debugDescription)")
    }
  }

  @Test func `the event's id is that of the name and the content`() throws {
    let id = try #require(read("f_WP01_implementation.log", newer)).id
    #expect(read("f_WP01_implementation.log", newer)?.id == id && id.description.utf8.count == 36)
    #expect(read("f_WP02_implementation.log", newer)?.id != id)
    #expect(read("f_WP01_implementation.log", newer + " ")?.id != id)
    #expect(EventID(id.description) == id)
  }
}
