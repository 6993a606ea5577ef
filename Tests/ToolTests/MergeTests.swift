import Events
import TestSupport
import Testing

/// `merge` where nothing stands in its way.
struct `Merge` {
  @Test func `two merged branches give one log, and their notes stay where they are`() throws {
    let repository = try TestRepository()
    try repository.plan()
    let ids = try repository.workPackage("WP01") + repository.workPackage("WP02", events: 3)
    for wpID in ["WP01", "WP02"] {
      try repository.git("merge", "--quiet", "--no-ff", "--no-edit", "f-\(wpID)")
      try repository.abandon(wpID)
    }
    let document = try repository.merged()
    try repository.expectHome(ids)
    #expect(try repository.notedLines("HEAD").isEmpty)
    #expect(text(try repository.read(repository.clock())) == #"{"*": 3, "cli:WP01": 2, "cli:WP02": 3}"#)
    guard case .array(let features)? = document["features"], let feature = features.first?.object else {
      Issue.record("no features in the document")
      return
    }
    #expect(feature["feature"]?.text == "f")
    #expect(feature["events"] == .integer(5) && feature["added"] == .integer(5))
    #expect(feature["duplicates"] == .integer(0) && feature["conflicts"] == .integer(0))
    #expect(feature["notes_written"] == .integer(0) && feature["unreadable"] == .integer(0))
    #expect(feature["clock"]?.object?["*"] == .integer(3))
    #expect(feature["log"]?.text?.hasSuffix(repository.log()) == true)
    #expect(feature["commit"] == .null)
    try repository.expectSettled()
  }

  @Test func `events of a lane that is still alive stay where they are, and arrive when it is merged`() throws {
    let repository = try TestRepository()
    try repository.plan()
    let first = try repository.workPackage("WP01")
    let second = try repository.workPackage("WP02")
    try repository.git("merge", "--quiet", "--no-ff", "--no-edit", "f-WP01")
    try repository.merged()
    try repository.expectHome(first)
    try repository.git("merge", "--quiet", "--no-ff", "--no-edit", "f-WP02")
    try repository.merged()
    try repository.expectHome(first + second)
    try repository.expectSettled()
  }

  @Test func `every event after a merge sorts after all that were merged, whoever records it`() throws {
    let repository = try TestRepository()
    try repository.plan()
    try repository.workPackage("WP01", events: 5)
    let late = try repository.startWork(on: "WP02")
    try repository.work(in: late, "late.txt")
    try repository.git("merge", "--quiet", "--no-ff", "--no-edit", "f-WP01")
    try repository.merged()
    #expect(try repository.emitted("--feature", "f", "--wp-id", "WP09")["lamport_clock"] == .integer(6))
    // A worktree whose own clock knows nothing of the merge goes on from it all the same.
    #expect(try repository.emitted(in: late)["lamport_clock"] == .integer(6))
  }

  @Test func `a fast-forward and an octopus are merges like any other`() throws {
    let repository = try TestRepository()
    try repository.plan()
    let first = try repository.workPackage("WP01")
    try repository.git("merge", "--quiet", "--ff-only", "f-WP01")
    try repository.merged()
    try repository.expectHome(first)
    let rest = try repository.workPackage("WP02") + repository.workPackage("WP03")
    try repository.git("merge", "--quiet", "--no-edit", "f-WP02", "f-WP03")
    try repository.merged()
    try repository.expectHome(first + rest)
    try repository.expectSettled()
  }

  @Test func `eight worktrees emit at once, and the merge of all has every event`() throws {
    let repository = try TestRepository()
    try repository.plan()
    let worktrees = try (1...8).map { number in
      let worktree = try repository.startWork(on: "WP0\(number)")
      try repository.work(in: worktree, "\(number).txt")
      return worktree
    }
    let script = #"n=0; while [ $n -lt 25 ]; do "$0" emit --role implementer >/dev/null || exit 1; n=$((n+1)); done"#
    let loops = try worktrees.map { try repository.startTool([], in: $0, prefix: ["sh", "-c", script]) }
    for loop in loops {
      let result = try loop.wait()
      #expect(result.status == 0 && result.errorText.isEmpty, "\(result.errorText)")
    }
    for number in 1...8 { try repository.git("merge", "--quiet", "--no-ff", "--no-edit", "f-WP0\(number)") }
    try repository.merged()
    let logged = events(repository.lines(repository.log()))
    #expect(logged.count == 200 && Set(logged.map(\.id)).count == 200)
    #expect(Set(logged.map { "\($0.nodeID) \($0.lamportClock)" }).count == 200)
    #expect(try repository.notedIDs().count == 200)
    try repository.expectSettled()
  }

  @Test func `a single feature can be merged alone`() throws {
    let repository = try TestRepository()
    try repository.plan()
    try repository.write("kitty-specs/g/spec.md", "Another feature.\n")
    try repository.commit("Plan g")
    try repository.emitted("--feature", "f")
    try repository.emitted("--feature", "g")
    try repository.git("clean", "-fdxq")
    try repository.merged("--feature", "g")
    #expect(repository.lines(repository.log("g")).count == 1)
    #expect(repository.lines(repository.log("f")).isEmpty)
    try repository.merged()
    #expect(repository.lines(repository.log("f")).count == 1)
  }

  @Test func `with nothing recorded there is nothing to merge, and nothing is written`() throws {
    let repository = try TestRepository()
    try repository.plan()
    let result = try repository.tool("merge")
    #expect(result.status == 0 && result.outputText == "nothing to merge\n" && result.errorText.isEmpty)
    #expect(try repository.git("status", "--porcelain").isEmpty)
    #expect(try repository.attempt(["rev-parse", "--verify", "-q", "refs/notes/kitty-telemetry"]).status == 1)
  }

  @Test(
    arguments: [
      (["merge", "nosuch"], "cannot use \"nosuch\": there is no such commit", 1),
      (["merge", "--feature", ""], "cannot use \"\" as a feature", 64),
      (["merge", "--feature", "../x"], "cannot use \"../x\" as a feature", 64),
      (["merge", "-C", "/"], "cannot open a repository at /", 1),
    ] as [([String], String, Int32)])
  func `a merge that cannot be says why`(arguments: [String], reason: String, status: Int32) throws {
    let repository = try TestRepository()
    try repository.plan()
    try repository.emitted("--feature", "f")
    let before = try listing(repository.path)
    let result = try repository.startTool(arguments).wait()
    #expect(result.status == status)
    #expect(result.errorText.contains(reason), "\(result.errorText)")
    #expect(try listing(repository.path) == before)
  }

  @Test func `a bare repository is no place to merge in`() throws {
    let repository = try TestRepository("--bare")
    let result = try repository.tool("merge")
    #expect(result.status == 1 && result.errorText.contains("a bare repository has no work tree"))
  }
}
