import Events
import Foundation
import TestSupport
import Testing

/// Where `query` and `cost` read from.
struct `Places that reports are made of` {
  @Test func `a branch's log is read without checking it out, also in a bare repository`() throws {
    let repository = try TestRepository()
    try repository.commit("Begin")
    try repository.git("checkout", "-q", "-b", "lane")
    let id = try repository.emittedID("--cost-usd", "1.5")
    try repository.commit("Log")
    try repository.git("checkout", "-q", "main")
    #expect(try repository.queriedIDs().isEmpty)
    #expect(try repository.queriedIDs("--ref", "lane") == [id])
    #expect(try repository.queriedIDs("--ref", "lane", "-f", "g").isEmpty)
    let bare = repository.folder.path + "/bare.git"
    try repository.git("clone", "-q", "--bare", repository.path, bare)
    #expect(try repository.queriedIDs("--ref", "lane", in: bare) == [id])
    #expect(try repository.reported("cost", "--ref", "lane", in: bare).first?["total_cost_usd"] == .float(1.5))
    for command in ["query", "cost"] {
      let refused = try repository.tool(command, in: bare)
      #expect(refused.status == 1 && refused.complaints.count == 1 && refused.errorText.contains("--ref"))
      let unknown = try repository.tool(command, "--ref", "nowhere", in: bare)
      #expect(unknown.status == 1 && unknown.errorText.contains("there is no such commit"))
    }
  }

  @Test func `a range is the events noted on its commits, also in a bare repository`() throws {
    let repository = try TestRepository()
    try repository.commit("Begin")
    let base = try repository.emittedID()
    try repository.git("checkout", "-q", "-b", "WP03")
    try repository.commit("One")
    let one = try repository.emittedID()
    try repository.commit("Two")
    let two = try repository.emittedID("--agent", "codex")
    #expect(try repository.queriedIDs("main..WP03") == [one, two])
    #expect(try repository.queriedIDs("main..") == [one, two] && repository.queriedIDs("..main").isEmpty)
    #expect(try repository.queriedIDs("WP03~1") == [one] && repository.queriedIDs("main") == [base])
    #expect(try repository.queriedIDs("main..WP03", "--agent", "codex", "-f", "f") == [two])
    #expect(try repository.queriedIDs("main..WP03", "-f", "g").isEmpty)
    let bare = repository.folder.path + "/bare.git"
    try repository.git("clone", "-q", "--mirror", repository.path, bare)
    #expect(try repository.queriedIDs("main..WP03", in: bare) == [one, two])
    #expect(try repository.tool("query", "main...WP03").status == 64)
    #expect(try repository.tool("query", "main..nowhere").status == 1)
    #expect(try repository.tool("query", "main..WP03", "--ref", "main").status == 64)
  }

  @Test func `an event that is noted on several commits belongs to the earliest that can be reached`() throws {
    let repository = try TestRepository()
    try repository.commit("Begin")
    let first = try repository.commit("First")
    let id = try repository.emittedID("--cost-usd", "1")
    let note = try repository.notedLines().joined(separator: "\n")
    let later = try repository.commit("Later")
    // What cannot be reached does not count, however early it is.
    let lost = try repository.git("commit-tree", "-m", "Lost", "\(first)~1^{tree}")
    for commit in [later, lost] {
      try repository.git("notes", "--ref=kitty-telemetry", "add", "-m", note, commit)
    }
    #expect(try repository.queriedIDs("\(first)") == [id] && repository.queriedIDs("\(later)").isEmpty)
    #expect(try repository.queriedIDs("\(lost)").isEmpty && repository.queriedIDs("\(first)..").isEmpty)
    let rows = try repository.reported("cost", "-g", "commit")
    #expect(rows.count == 1 && rows[0]["group_key"]?.text == first && rows[0]["event_count"] == .integer(1))
  }

  @Test func `events that wait for their note are on their commit all the same`() throws {
    let repository = try TestRepository()
    let commit = try repository.commit("Begin")
    let id = try repository.emittedID()
    try repository.git("update-ref", "-d", "refs/notes/kitty-telemetry")
    #expect(try repository.queriedIDs("HEAD") == [id])
    let waiting = try repository.emittedID("--next-commit")
    #expect(try repository.queriedIDs("HEAD") == [id])
    let keys = try repository.reported("cost", "-g", "commit").map { $0["group_key"] }
    #expect(Set(keys) == [.string(commit), .null] && waiting != id)
  }

  @Test func `lines from standard input need no repository`() throws {
    let repository = try TestRepository()
    try repository.commit("Begin")
    let ids = try [repository.emittedID("--cost-usd", "2"), repository.emittedID()]
    let log = try repository.read(repository.log())
    let outside = repository.folder.path
    #expect(try repository.queriedIDs("-", in: outside, input: log + log + Array("no event\n".utf8)) == ids)
    #expect(try repository.queriedIDs("-", "-f", "g", in: outside, input: log).isEmpty)
    let rows = try repository.reported("cost", "-", "-g", "commit", in: outside, input: log)
    #expect(rows.count == 1 && rows[0]["total_cost_usd"] == .float(2) && rows[0]["group_key"] == .null)
    #expect(try repository.report(["query", "--jsonl", "-"], in: outside, input: []).output.isEmpty)
    let refused = try repository.report(["query"], in: outside)
    #expect(refused.status == 1 && refused.complaints.count == 1)
  }

  @Test func `where a worktree's log is left alone, the journal is read in its place`() throws {
    let repository = try TestRepository()
    try repository.plan()
    try repository.write("kitty-specs/f/execution.events.jsonl", "")
    try repository.commit("Track the log")
    try repository.run("sh", "-c", "echo 'kitty-specs/*/execution.events.jsonl' >>.git/info/exclude")
    let lanes = try ["WP01", "WP02"].map(repository.startWork)
    let first = try repository.emittedID(in: lanes[0])
    let second = try repository.emittedID(in: lanes[1])
    #expect(repository.lines("\(lanes[0])/\(repository.log())").isEmpty)
    #expect(try repository.queriedIDs(in: lanes[0]) == [first] && repository.queriedIDs(in: lanes[1]) == [second])
    #expect(try repository.queriedIDs("-f", "g", in: lanes[0]).isEmpty && repository.queriedIDs().isEmpty)
    #expect(try repository.reported("cost", in: lanes[1]).first?["event_count"] == .integer(1))
    // Where the log holds the event as well, it counts once.
    try repository.merged(in: lanes[0])
    #expect(try repository.queriedIDs(in: lanes[0]).filter { $0 == first } == [first])
  }

  @Test func `a sparse worktree without the feature's folder shows what was recorded there`() throws {
    let repository = try TestRepository()
    try repository.plan()
    try repository.run("sh", "-c", "echo 'kitty-specs/*/execution.events.jsonl' >>.git/info/exclude")
    let lane = try repository.startWork(on: "WP01")
    try repository.git("sparse-checkout", "set", "--no-cone", "/*", "!/kitty-specs/", in: lane)
    let id = try repository.emittedID(in: lane)
    #expect(!FileManager.default.fileExists(atPath: lane + "/kitty-specs/f"))
    #expect(try repository.queriedIDs(in: lane) == [id] && repository.queriedIDs("-f", "f", in: lane) == [id])
  }

  @Test func `an event in two features' logs counts once`() throws {
    let repository = try TestRepository()
    try repository.commit("Begin")
    let id = try repository.emittedID("--cost-usd", "1")
    try repository.write(repository.log("g"), repository.lines(repository.log())[0] + "\n")
    #expect(try repository.queriedIDs() == [id])
    #expect(try repository.reported("cost").first?["event_count"] == .integer(1))
    #expect(try repository.queriedIDs("-f", "g") == [id])
  }
}
