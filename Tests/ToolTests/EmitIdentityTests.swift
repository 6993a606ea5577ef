import Events
import Foundation
import TestSupport
import Testing

/// An event whose id the caller chose.
struct `An id given twice` {
  private let id = "01KHJVJWDM0HGAGYGXJYKD1JQG"

  private func emitted(_ repository: TestRepository, _ arguments: String...) throws -> JSONObject {
    let result = try repository.startTool(
      ["emit", "--role", "implementer", "--json", "--feature", "f", "--wp-id", "WP01", "--event-id", id] + arguments
    ).wait()
    #expect(result.status == 0 && result.errors.isEmpty, "\(result.errorText)")
    return try #require(result.document)
  }

  /// A repository that has an event before, one with the id, and one after.
  private func prepared() throws -> TestRepository {
    let repository = try TestRepository()
    try repository.commit("one")
    try repository.emitted("--feature", "f", "--wp-id", "WP01")
    #expect(try emitted(repository)["duplicate"] == nil)
    try repository.emitted("--feature", "f", "--wp-id", "WP01")
    return repository
  }

  @Test func `changes nothing`() throws {
    let repository = try prepared()
    let before = try listing(repository.path)
    for arguments in [[], ["--agent", "another"], ["--flush"]] {
      let result = try repository.startTool(
        ["emit", "--role", "reviewer", "--json", "--feature", "f", "--wp-id", "WP01", "--event-id", id.lowercased()]
          + arguments
      ).wait()
      #expect(result.status == 0 && result.errors.isEmpty, "\(result.errorText)")
      let document = try #require(result.document)
      #expect(document["result"]?.text == "success" && document["duplicate"] == .bool(true))
      #expect(document["event_id"]?.text == id && document["lamport_clock"] == .integer(2))
      #expect(document["note"]?.text == "written")
    }
    #expect(repository.lines(repository.log()).count == 3)
    #expect(repository.journaled().count == 3)
    #expect(try repository.notedLines().count == 3)
    #expect(try listing(repository.path) == before)
  }

  @Test func `restores the line that the log lost`() throws {
    let repository = try prepared()
    let lines = repository.lines(repository.log())
    let clocks = try [repository.clock(), ".git/kitty-telemetry/clocks/f.json"].map { try repository.read($0) }
    try repository.run("rm", repository.log())
    let document = try emitted(repository)
    #expect(document["duplicate"] == .bool(true) && document["lamport_clock"] == .integer(2))
    #expect(repository.lines(repository.log()) == [lines[1]])
    #expect(repository.journaled().count == 3)
    #expect(try repository.notedLines().count == 3)
    #expect(try [repository.clock(), ".git/kitty-telemetry/clocks/f.json"].map { try repository.read($0) } == clocks)
  }

  @Test func `restores the note when the reference is gone`() throws {
    let repository = try prepared()
    let log = try repository.read(repository.log())
    try repository.git("update-ref", "-d", "refs/notes/kitty-telemetry")
    let document = try emitted(repository)
    #expect(document["note"]?.text == "written")
    #expect(try events(repository.notedLines()).map(\.id.description) == [id])
    #expect(try repository.read(repository.log()) == log)
    #expect(repository.journaled().count == 3)
  }

  @Test func `restores the journal's record`() throws {
    let repository = try prepared()
    try repository.run("rm", ".git/kitty-telemetry/journal.jsonl")
    #expect(try emitted(repository)["duplicate"] == .bool(true))
    #expect(repository.journaled().map(\.id.description) == [id])
    #expect(repository.lines(repository.log()).count == 3)
    #expect(try repository.notedLines().count == 3)
  }

  @Test func `is known from the note alone`() throws {
    let repository = try prepared()
    try repository.run("rm", "-r", ".git/kitty-telemetry", "kitty-specs")
    let document = try emitted(repository)
    #expect(document["duplicate"] == .bool(true) && document["lamport_clock"] == .integer(2))
    #expect(events(repository.lines(repository.log())).map(\.id.description) == [id])
    #expect(repository.journaled().map(\.id.description) == [id])
    #expect(try repository.notedLines().count == 3)
  }

  @Test func `is known from what a killed recorder kept for the note`() throws {
    let repository = try prepared()
    let head = try repository.git("rev-parse", "HEAD")
    let line = repository.lines(repository.log())[1]
    try repository.git("update-ref", "-d", "refs/notes/kitty-telemetry")
    try repository.run("rm", "-r", ".git/kitty-telemetry", "kitty-specs")
    try repository.write(".git/kitty-telemetry/unnoted/\(head)", line + "\n")
    #expect(try emitted(repository)["duplicate"] == .bool(true))
    #expect(repository.lines(repository.log()) == [line])
    #expect(try repository.notedLines() == [line])
    #expect(repository.journaled().map(\.id.description) == [id])
  }

  @Test func `keeps the commit that the event was on`() throws {
    let repository = try prepared()
    let first = try repository.git("rev-parse", "HEAD")
    try repository.commit("two")
    let document = try emitted(repository)
    #expect(document["commit"]?.text == first)
    #expect(try repository.notedLines("HEAD").isEmpty)
    #expect(try repository.notedLines(first).count == 3)
  }

  @Test func `goes on waiting when it waited`() throws {
    let repository = try TestRepository()
    try repository.commit("one")
    for duplicate in [false, true] {
      let document = try emitted(repository, "--next-commit")
      #expect(document["note"]?.text == "waiting" && document["commit"] == .null)
      #expect((document["duplicate"] == .bool(true)) == duplicate)
    }
    #expect(repository.journaled().count == 1)
    #expect(repository.lines(repository.log()).count == 1)
  }

  @Test func `is the same id in any spelling`() throws {
    let repository = try TestRepository()
    try repository.commit("one")
    for id in ["6f9619ff-8b86-d011-b42d-00c04fc964ff", "6F9619FF8B86D011B42D00C04FC964FF"] {
      let document = try repository.emitted("--feature", "f", "--event-id", id)
      #expect(document["event_id"]?.text == "6f9619ff-8b86-d011-b42d-00c04fc964ff")
    }
    #expect(repository.lines(repository.log()).count == 1)
  }

  @Test func `given by eight processes at once is recorded once`() throws {
    let repository = try TestRepository()
    try repository.commit("one")
    let processes = try (0..<8).map { _ in
      try repository.startTool(["emit", "--role", "implementer", "--feature", "f", "--event-id", id])
    }
    for process in processes {
      let result = try process.wait()
      #expect(result.status == 0 && result.errors.isEmpty, "\(result.errorText)")
    }
    #expect(repository.lines(repository.log()).count == 1)
    #expect(repository.journaled().count == 1)
    #expect(try repository.notedLines().count == 1)
  }

  @Test func `outside of any repository is recorded once as well`() throws {
    let scratch = try TestRepository()
    let folder = scratch.folder.path + "/new/f"
    for duplicate in [false, true] {
      let document = try scratch.emitted("--feature-dir", folder, "--event-id", id, in: "/")
      #expect((document["duplicate"] == .bool(true)) == duplicate)
      #expect(document["lamport_clock"] == .integer(1))
    }
    #expect(scratch.lines(folder + "/execution.events.jsonl").count == 1)
  }
}
