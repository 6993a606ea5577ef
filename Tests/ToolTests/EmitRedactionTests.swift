import Events
import Foundation
import TestSupport
import Testing

/// Secrets in what is recorded.
struct `Secrets of an event` {
  /// A token, put together here so that whoever looks for tokens finds none.
  private static let token = "ghp" + "_" + String(repeating: "aB3dE5gH7j", count: 4)
  private static let error = "401 for \(token) at https://me:pw@host/x in /home/anna/src, acme_7"

  private func error(_ repository: TestRepository) -> String? {
    events(repository.lines(repository.log())).last?.payload["error"]?.text
  }

  private func repository() throws -> TestRepository {
    let repository = try TestRepository()
    try repository.commit("one")
    return repository
  }

  @Test func `are in no replica, unless somebody wants them`() throws {
    let repository = try repository()
    try repository.emitted("--feature", "f", "--failed", "--error", Self.error)
    let kept = "401 for [removed] at https://[removed]@host/x in ~/src, acme_7"
    #expect(error(repository) == kept)
    #expect(repository.journaled().first?.payload["error"]?.text == kept)
    #expect(try events(repository.notedLines()).first?.payload["error"]?.text == kept)
    try repository.git("config", "--add", "kitty-telemetry.redactPattern", "nothing*")
    try repository.git("config", "--add", "kitty-telemetry.redactPattern", "acme_?")
    try repository.emitted("--feature", "f", "--failed", "--error", Self.error)
    #expect(error(repository) == kept.replacing("acme_7", with: "[removed]"))
    try repository.git("config", "kitty-telemetry.redact", "false")
    try repository.emitted("--feature", "f", "--failed", "--error", Self.error)
    #expect(error(repository) == Self.error)
  }

  @Test func `are taken out of what agents, orchestrators and batches say`() throws {
    let repository = try repository()
    let result =
      #"{"type":"result","is_error":true,"result":"bad \#(Self.token)","usage":{"input_tokens":3,"note":"\#(Self.token)"}}"#
    let from = try repository.startTool(
      ["emit", "--role", "implementer", "--feature", "f", "--from", "claude"], input: Array(result.utf8)
    ).wait()
    #expect(from.status == 0 && from.errorText.isEmpty, "\(from.errorText)")
    let batch = #"{"role":"reviewer","error":"bad \#(Self.token)","usage":[{"token":"\#(Self.token)"}]}"#
    let events = try repository.startTool(["emit", "--feature", "f", "--events", "-"], input: Array(batch.utf8)).wait()
    #expect(events.status == 0 && events.errorText.isEmpty, "\(events.errorText)")
    let run = try repository.startTool(
      ["run", "--feature", "f", "--agent", "codex", "--", "sh", "-c", "echo error: \(Self.token) >&2; exit 3"]
    ).wait()
    #expect(run.status == 3 && run.errorText.contains(Self.token))
    try repository.write(
      "f_WP01_review.log",
      "=== command: codex ===\n=== exit_code: 1 ===\n=== stdout ===\n\n=== stderr ===\nerror: \(Self.token)\n")
    #expect(try repository.tool("import", "f_WP01_review.log").status == 0)
    let lines = repository.lines(repository.log()) + repository.lines(".git/kitty-telemetry/journal.jsonl")
    #expect(repository.lines(repository.log()).count == 4)
    #expect(lines.allSatisfy { !$0.contains(Self.token) })
    #expect(lines.count { $0.contains("[removed]") } == lines.count, "\(lines)")
  }

  @Test func `in the lines of others stay as they are`() throws {
    let repository = try repository()
    try repository.emitted("--feature", "f", "--failed", "--error", "x")
    let line = try #require(repository.lines(repository.log()).first)
      .replacing("\"error\": \"x\"", with: "\"error\": \"\(Self.token)\"")
    let other = try self.repository()
    let imported = try other.startTool(["emit", "--events", "-"], input: Array(line.utf8)).wait()
    #expect(imported.status == 0, "\(imported.errorText)")
    #expect(other.lines(other.log()) == [line])
  }

  @Test func `a pattern that cannot be used is named, and the others count`() throws {
    let repository = try repository()
    try repository.git("config", "--add", "kitty-telemetry.redactPattern", "two words")
    try repository.git("config", "--add", "kitty-telemetry.redactPattern", "acme_*")
    let result = try repository.tool("emit", "--role", "reviewer", "--feature", "f", "--error", Self.error)
    #expect(result.status == 0 && result.errorText.contains("kitty-telemetry.redactPattern"), "\(result.errorText)")
    #expect(error(repository) == "401 for [removed] at https://[removed]@host/x in ~/src, [removed]")
    // Nothing to look through, nothing to complain of.
    try repository.emitted("--feature", "f")
  }
}
