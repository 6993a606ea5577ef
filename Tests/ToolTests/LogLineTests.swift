import Events
import Foundation
import TestSupport
import Testing

/// What `emit` does with a log that others have written to.
struct `A log` {
  private let excludes = "kitty-specs/*/execution.events.jsonl\nkitty-specs/*/.telemetry-clock.json\n"

  @Test func `with a torn last line keeps it as a line of its own`() throws {
    let repository = try TestRepository()
    try repository.commit("one")
    let torn = #"{"aggregate_id": "f", "causation_id": null, "event_i"#
    try repository.emitted("--feature", "f")
    let whole = try text(repository.read(repository.log()))
    try repository.write(repository.log(), whole + torn)
    try repository.emitted("--feature", "f")
    try repository.emitted("--feature", "f")
    let lines = repository.lines(repository.log())
    #expect(lines.count == 4 && lines[1] == torn)
    #expect(events([lines[0], lines[2], lines[3]]).map(\.lamportClock) == (1...3).map { LamportValue($0) })
  }

  @Test func `with what the reference stumbles over still takes events`() throws {
    let repository = try TestRepository()
    try repository.commit("one")
    try repository.emitted("--feature", "f", "--wp-id", "WP01")
    var bytes = try repository.read(repository.log())
    bytes.removeLast()
    bytes += Array("\r\n[1]\r\nnull\n\n<<<<<<< HEAD\n=======\n>>>>>>> x\n{\"a\": \"".utf8) + [0xFF, 0xFE, 0xC0]
    bytes += Array("\"}\n\u{FEFF}{}\n".utf8)
    try Data(bytes).write(to: URL(fileURLWithPath: repository.path + "/" + repository.log()))
    for expected in 2...3 {
      let document = try repository.emitted("--feature", "f", "--wp-id", "WP01")
      #expect(document["lamport_clock"] == .integer(expected))
    }
    let now = try repository.read(repository.log())
    #expect(now.starts(with: bytes))
    #expect(EventSet(now).count == 3)
  }

  @Test func `with a journal that was torn takes events, and the journal its records`() throws {
    let repository = try TestRepository()
    try repository.commit("one")
    try repository.emitted("--feature", "f")
    let journal = repository.path + "/.git/kitty-telemetry/journal.jsonl"
    try Data(repository.read(journal).dropLast(20)).write(to: URL(fileURLWithPath: journal))
    let document = try repository.emitted("--feature", "f")
    #expect(document["lamport_clock"] == .integer(2))
    #expect(repository.lines(journal).count == 2)
    #expect(repository.journaled().map(\.lamportClock) == [LamportValue(2)])
  }

  @Test func `that is tracked and excluded is left alone`() throws {
    let repository = try TestRepository()
    try repository.commit("one")
    try repository.emitted("--feature", "f", "--wp-id", "WP01")
    try repository.commit("log and clock")
    try repository.write(".git/info/exclude", excludes)
    let worktree = try repository.addWorktree("f-WP01", branch: "f-WP01")
    let files = [repository.log(), repository.clock()].map { "\(worktree)/\($0)" }
    let before = try files.map { try repository.read($0) }
    for expected in 2...3 {
      let document = try repository.emitted(in: worktree)
      #expect(document["lamport_clock"] == .integer(expected))
    }
    #expect(try repository.git("status", "--porcelain", in: worktree).isEmpty)
    #expect(try files.map { try repository.read($0) } == before)
    #expect(repository.journaled().count == 3)
    #expect(try repository.notedLines(repository.git("rev-parse", "f-WP01")).count == 2)
  }

  @Test func `that is excluded and not tracked is written, and git does not see it`() throws {
    let repository = try TestRepository()
    try repository.commit("one")
    try repository.write(".git/info/exclude", excludes)
    let worktree = try repository.addWorktree("f-WP01", branch: "f-WP01")
    try repository.emitted(in: worktree)
    #expect(repository.lines("\(worktree)/\(repository.log())").count == 1)
    #expect(try repository.git("status", "--porcelain", in: worktree).isEmpty)
  }

  @Test(arguments: [["--no-cone", "/*", "!/kitty-specs/", "!/kitty-specs/**"], ["--cone", "src"]])
  func `that a sparse checkout leaves out is not made`(patterns: [String]) throws {
    let repository = try TestRepository()
    try repository.write("kitty-specs/f/spec.md", "spec")
    try repository.write("src/a.c", "int a;")
    try repository.commit("one")
    try repository.write(".git/info/exclude", excludes)
    let worktree = try repository.addWorktree("f-WP01", branch: "f-WP01")
    try repository.git(["sparse-checkout", "set"] + patterns, in: worktree)
    try repository.emitted(in: worktree)
    #expect(!FileManager.default.fileExists(atPath: worktree + "/kitty-specs"))
    #expect(try repository.git("status", "--porcelain", in: worktree).isEmpty)
    #expect(repository.journaled().count == 1)
    #expect(try repository.notedLines().count == 1)
    try repository.git("sparse-checkout", "disable", in: worktree)
    try repository.emitted(in: worktree)
    #expect(repository.lines("\(worktree)/\(repository.log())").count == 1)
  }
}
