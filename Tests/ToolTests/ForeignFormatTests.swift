import Events
import Foundation
import TestSupport
import Testing

/// Repositories that libgit2 cannot open: the git executable takes its place.
struct `A repository that only git can open` {
  /// What `git init` is told: objects named by SHA-256, and references in tables where there is a git that can.
  private static let formats: [String] = {
    let tables = "--ref-format=reftable"
    let probe = try? TestRepository(tables)
    return ["--object-format=sha256"] + (probe == nil ? [] : [tables])
  }()

  private func planned(_ format: String) throws -> TestRepository {
    let repository = try TestRepository(format)
    try repository.plan()
    return repository
  }

  @Test(arguments: formats)
  func `takes events in, joins them, and is verified and healed like any other`(format: String) throws {
    let repository = try planned(format)
    let first = try repository.workPackage("WP01")
    let second = try repository.workPackage("WP02", events: 3)
    for (name, ids) in [("f-WP01", first), ("f-WP02", second)] {
      #expect(try repository.notedIDs(on: name) == ids)
    }
    #expect(try repository.git("notes", "--ref=kitty-telemetry", "list").split(separator: "\n").count == 2)
    let shown = try repository.git("log", "-1", "--notes=kitty-telemetry", "--format=%N", "f-WP01")
    #expect(first.allSatisfy(shown.contains))

    try repository.git("merge", "--quiet", "--squash", "f-WP01")
    try repository.git("commit", "--quiet", "--no-edit")
    try repository.git("merge", "--quiet", "--no-ff", "--no-edit", "f-WP02")
    try repository.abandon("WP01")
    try repository.abandon("WP02")
    try repository.merged("--commit")
    try repository.expectHome(first + second)
    try repository.expectSettled()
    #expect(
      try repository.git("show", "--format=", "--name-only", "HEAD") == "\(repository.clock())\n\(repository.log())")
    #expect(try repository.git("status", "--porcelain").isEmpty)

    let verified = try repository.tool("verify")
    #expect(verified.status == 0, "\(verified.outputText)\(verified.errorText)")
    try repository.git("update-ref", "-d", "refs/notes/kitty-telemetry")
    #expect(try repository.tool("verify").status == 1)
    let repaired = try repository.tool("repair")
    #expect(repaired.status == 0, "\(repaired.errorText)")
    try repository.expectHome(first + second)
    #expect(try repository.tool("verify").status == 0)

    #expect(try repository.queriedIDs("HEAD~3..HEAD").sorted() == (first + second).sorted())
    #expect(try !repository.reported("cost", "--group-by", "commit").isEmpty)
  }

  @Test(arguments: formats)
  func `has notes that are laid out as git lays them out`(format: String) throws {
    let repository = try planned(format)
    let tree = try repository.git("rev-parse", "HEAD^{tree}")
    var parent = try repository.git("rev-parse", "HEAD")
    for number in 0..<4 {
      parent = try repository.git("commit-tree", tree, "-p", parent, "-m", "work \(number)")
      try repository.git("update-ref", "refs/heads/main", parent)
      try repository.emitted("--feature", "f")
    }
    // Git rewrites the whole tree when it adds a note: what it makes of ours says that ours was its own.
    let notes = "refs/notes/kitty-telemetry"
    let before = try repository.git("rev-parse", "\(notes)^{tree}")
    try repository.git("update-ref", "refs/notes/copy", notes)
    try repository.git("notes", "--ref=copy", "add", "-m", "x", "HEAD~4")
    try repository.git("notes", "--ref=copy", "remove", "HEAD~4")
    #expect(try repository.git("rev-parse", "refs/notes/copy^{tree}") == before)
    #expect(try repository.git("fsck", "--strict", "--no-dangling").isEmpty)
  }

  @Test(arguments: formats)
  func `has hooks that give a commit the events that waited for it`(format: String) throws {
    let repository = try planned(format)
    try repository.copyHooks()
    try repository.setUp()
    let lane = try repository.startWork(on: "WP01")
    for (directory, file) in [(repository.path, "main.txt"), (lane, "lane.txt")] {
      let id = try repository.recorded("--next-commit", in: directory)
      let commit = try repository.hookedWork(in: directory, file)
      #expect(try repository.notedIDs(on: commit) == [id])
    }
    try repository.hooked("merge", "--quiet", "--squash", "f-WP01")
    try repository.hooked("commit", "--quiet", "--no-edit")
    #expect(try repository.notedIDs(on: "HEAD") == repository.notedIDs(on: "f-WP01"))
  }

  @Test(arguments: formats)
  func `runs no hook of its own while notes are written`(format: String) throws {
    let repository = try planned(format)
    let trace = "\(repository.folder.path)/trace"
    try repository.write(".git/hooks/reference-transaction", "#!/bin/sh\necho \"$@\" >>'\(trace)'\n")
    try repository.run("chmod", "755", ".git/hooks/reference-transaction")
    try repository.emitted("--feature", "f")
    #expect(try repository.notedLines().count == 1)
    #expect(!FileManager.default.fileExists(atPath: trace))
  }

  @Test(arguments: formats)
  func `keeps every event of processes that record at once`(format: String) throws {
    let repository = try planned(format)
    let places = try ["WP01", "WP02"].map { try repository.startWork(on: $0) }
    for (index, place) in places.enumerated() { try repository.work(in: place, "\(index).txt") }
    let words = ["emit", "--role", "implementer"]
    let running = try (0..<8).map { try repository.startTool(words, in: places[$0 % 2]) }
    for process in running { #expect(try process.wait().status == 0) }
    #expect(repository.journaled().count == 8)
    #expect(try repository.tool("emit", "--flush").status == 0)
    #expect(Set(try repository.allNotedLines()).count == 8)
  }

  @Test func `takes events into log and journal while there is no git, and notes them afterwards`() throws {
    let repository = try planned("--object-format=sha256")
    try repository.setUp()
    let lane = try repository.startWork(on: "WP01")
    let commit = try repository.work(in: lane, "work.txt")
    let without = ["PATH": "/nowhere"]
    let result = try ChildProcess.run(
      try toolPath(), ["emit", "--role", "implementer"], in: lane,
      environment: repository.toolEnvironment.merging(without) { $1 })
    #expect(result.status == 0)
    #expect(result.complaints.count == 1 && result.errorText.contains("no git on PATH"), "\(result.errorText)")
    #expect(result.errorText.contains("stored in: journal, log"), "\(result.errorText)")
    #expect(repository.journaled().count == 1)
    #expect(repository.lines("\(lane)/\(repository.log())").count == 1)
    #expect(try repository.tool("emit", "--flush").status == 0)
    #expect(try repository.notedLines(commit).count == 1)
  }

  @Test func `waits a bounded time for a git that does not answer`() throws {
    let repository = try planned("--object-format=sha256")
    let slow = "\(repository.folder.path)/slow"
    try repository.write("git", "#!/bin/sh\nexec sleep 100\n", in: slow)
    try repository.run("chmod", "755", "\(slow)/git")
    let clock = ContinuousClock()
    let start = clock.now
    let result = try repository.emit(
      "--feature", "f", environment: ["PATH": "\(slow):\(repository.environment["PATH"] ?? "")"])
    #expect(result.status == 0)
    #expect(result.errorText.contains("git has not answered"), "\(result.errorText)")
    #expect(result.errorText.contains("stored in: journal, log"), "\(result.errorText)")
    // It is given up once, and not asked again: five seconds, and what a busy machine adds.
    #expect(clock.now - start < .seconds(30))
  }
}
