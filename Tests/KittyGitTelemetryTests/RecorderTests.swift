import Events
import Git
import Journal
import KittyGitTelemetry
import Notes
import SystemPackage
import TestSupport
import Testing

struct `A recorder` {
  @Test func `rewrites a note ever more rarely as it grows, and loses nothing`() throws {
    let repository = try TestRepository()
    let commit = try repository.commit("one")
    let recorder = try repository.recorder()
    var ids: Set<EventID> = []
    var rewrites: [Int] = []
    for _ in 0..<300 {
      let recording = try recorder.record(someRun, context())
      #expect(recording.warning == nil)
      ids.insert(recording.id)
      rewrites.append(recording.note == .written ? 1 : 0)
    }
    #expect(rewrites.prefix(24).reduce(0, +) == 24)
    let commits = try #require(Int(repository.git("rev-list", "--count", "refs/notes/kitty-telemetry")))
    #expect(commits == rewrites.reduce(0, +))
    #expect(commits < 120)
    #expect(rewrites.suffix(100).reduce(0, +) <= 5)
    try recorder.flush()
    let opened = try Repository(discoveredFrom: repository.path)
    let noted = EventSet(try NotesRef().bodies(of: try #require(ObjectID(hex: commit)), in: opened).flatMap(\.self))
    #expect(noted.ids == ids && noted.count == 300)
    #expect(CommonJournal(commonDirectory: FilePath(opened.commonDirectory)).heldCommits.isEmpty)
    let shown = try repository.git("notes", "--ref=kitty-telemetry", "show", commit)
    #expect(shown.split(separator: "\n").count == 300)
  }

  @Test func `flushes nothing twice`() throws {
    let repository = try TestRepository()
    try repository.commit("one")
    let recorder = try repository.recorder()
    try recorder.flush()
    _ = try recorder.record(someRun, context())
    let tip = try repository.git("rev-parse", "refs/notes/kitty-telemetry")
    try recorder.flush()
    #expect(try repository.git("rev-parse", "refs/notes/kitty-telemetry") == tip)
  }

  @Test func `puts the notes where the configuration says`() throws {
    let repository = try TestRepository()
    try repository.commit("one")
    try repository.git("config", "kitty-telemetry.notesRef", "refs/notes/elsewhere")
    _ = try repository.recorder().record(someRun, context())
    #expect(try repository.git("notes", "--ref=elsewhere", "list").split(separator: "\n").count == 1)
    #expect(try repository.attempt(["rev-parse", "--verify", "refs/notes/kitty-telemetry"]).status != 0)
  }

  @Test(arguments: ["refs/heads/main", "elsewhere", "refs/notes", "refs/notes/", ""])
  func `writes no notes outside of refs/notes`(name: String) throws {
    let repository = try TestRepository()
    let commit = try repository.commit("one")
    try repository.git("config", "kitty-telemetry.notesRef", name)
    let recording = try repository.recorder().record(someRun, context())
    #expect(recording.stored == [.journal, .log])
    #expect(try #require(recording.warning).contains("kitty-telemetry.notesRef"))
    #expect(try repository.git("for-each-ref", "--format=%(objectname) %(refname)") == "\(commit) refs/heads/main")
    try repository.git("config", "--unset", "kitty-telemetry.notesRef")
    try repository.recorder().flush()
    #expect(try repository.git("notes", "--ref=kitty-telemetry", "list").split(separator: "\n").count == 1)
  }

  @Test func `keeps in the journal where an event was recorded`() throws {
    let repository = try TestRepository()
    let commit = try repository.commit("one")
    let worktree = try repository.addWorktree("f-WP02", branch: "f-WP02")
    var waiting = context(feature: nil, wpID: nil)
    waiting.target = .next
    let recording = try repository.recorder(in: worktree).record(someRun, waiting)
    #expect(recording.feature == "f" && recording.wpID == "WP02" && recording.note == .waiting)
    let journal = CommonJournal(commonDirectory: FilePath(repository.path + "/.git"))
    let record = try #require(try journal.records().first)
    #expect(record.waits && record.commit == nil && record.head == commit)
    #expect(record.branch == "refs/heads/f-WP02" && record.worktree == "f-WP02" && record.directory == "kitty-specs/f")
  }

  @Test func `counts each node of a feature by itself`() throws {
    let repository = try TestRepository()
    try repository.commit("one")
    let recorder = try repository.recorder()
    for (wpID, clock) in [("WP01", 1), ("WP02", 1), ("WP01", 2), ("WP02", 2)] as [(String, UInt64)] {
      #expect(try recorder.record(someRun, context(wpID: wpID)).lamportClock == LamportValue(clock))
    }
    #expect(try recorder.record(someRun, context(feature: "g")).lamportClock == LamportValue(1))
  }

  @Test func `goes on counting when a work package goes on in another worktree`() throws {
    let repository = try TestRepository()
    try repository.commit("one")
    let first = try repository.addWorktree("f-WP01", branch: "f-WP01")
    for _ in 0..<3 { _ = try repository.recorder(in: first).record(someRun, context()) }
    try repository.git("worktree", "remove", "--force", first)
    let second = try repository.addWorktree("again", branch: "again")
    #expect(try repository.recorder(in: second).record(someRun, context()).lamportClock == LamportValue(4))
  }

  @Test func `goes above what was seen at a merge`() throws {
    let repository = try TestRepository()
    try repository.commit("one")
    try repository.write("kitty-specs/f/.telemetry-clock.json", #"{"*": 41, "cli:WP01": 7}"#)
    #expect(try repository.recorder().record(someRun, context()).lamportClock == LamportValue(42))
    #expect(try repository.recorder().record(someRun, context(wpID: "WP09")).lamportClock == LamportValue(42))
  }
}
