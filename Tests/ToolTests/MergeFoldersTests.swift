import Events
import TestSupport
import Testing

/// `merge` where folders, blobs or references are not as they were.
struct `Merge of changed folders` {
  @Test func `events of a renamed feature go to the log that has the others, and the old folder stays gone`() throws {
    let repository = try TestRepository()
    try repository.plan()
    let before = try #require(try repository.emitted("--feature", "f")["event_id"]?.text)
    try repository.commit("Track the log")
    let late = try repository.workPackage("WP01", events: 1)
    try repository.git("mv", "kitty-specs/f", "kitty-specs/g")
    try repository.commit("Rename the feature")
    try repository.git("merge", "--quiet", "--no-ff", "--no-edit", "f-WP01")
    try repository.abandon("WP01")
    try repository.merged()
    let logged = events(repository.lines(repository.log("g"))).map(\.id.description)
    #expect(logged.sorted() == ([before] + late).sorted())
    #expect(try repository.git("status", "--porcelain", "kitty-specs/f").isEmpty)
    #expect(repository.lines(repository.log("f")).isEmpty)
  }

  @Test func `a feature that was dropped stays dropped, and its events are said to have no folder`() throws {
    let repository = try TestRepository()
    try repository.plan()
    try repository.emitted("--feature", "f")
    try repository.commit("Track the log")
    try repository.git("rm", "-rq", "kitty-specs/f")
    try repository.commit("Drop the feature")
    let result = try repository.tool("merge")
    #expect(result.status == 0 && result.outputText == "nothing to merge\n")
    #expect(result.errorText.contains(#"note: "f" has no folder here: what is due of it, 1 in all, stays in notes"#))
    #expect(repository.lines(repository.log()).isEmpty)
  }

  @Test func `two features whose files are equal both get theirs`() throws {
    let repository = try TestRepository()
    try repository.plan()
    let event = Event(
      id: try #require(EventID("01KHJVJWDM0HGAGYGXJYKD1JQG")), aggregateID: "f", lamportClock: LamportValue(1),
      nodeID: "cli:WP01", payload: Invocation(wpID: "WP01", agent: "a", role: .planner).payload, timestamp: .epoch)
    for feature in ["f", "g"] {
      try repository.write(repository.log(feature), text(event.line) + "\n")
      try repository.write(repository.clock(feature), #"{"cli:WP01": 7}"#)
    }
    try repository.commit("Equal files")
    try repository.run("rm", repository.log("f"), repository.log("g"), repository.clock("f"), repository.clock("g"))
    try repository.merged()
    for feature in ["f", "g"] {
      #expect(repository.lines(repository.log(feature)) == [text(event.line)])
      #expect(text(try repository.read(repository.clock(feature))) == #"{"*": 1, "cli:WP01": 7}"#)
    }
  }

  @Test func `two features whose names are one to Swift and two to git stay two`() throws {
    let repository = try TestRepository()
    let names = ["caf\u{e9}", "cafe\u{301}"]
    for name in names { try repository.write("kitty-specs/\(name)/spec.md", name) }
    try repository.commit("Plan")
    for name in names { try repository.emitted("--feature", name) }
    for name in names { try repository.run("rm", repository.log(name)) }
    try repository.merged()
    for name in names {
      let logged = events(repository.lines(repository.log(name)))
      #expect(logged.count == 1 && logged.first?.aggregateID == JSONString(name))
    }
    #expect(try repository.tool("query", "--jsonl").output.count(where: { $0 == 0x0A }) == 2)
  }

  @Test func `one feature that cannot be read or written costs the others nothing`() throws {
    let repository = try TestRepository()
    for feature in ["a", "b", "c"] { try repository.write("kitty-specs/\(feature)/spec.md", "") }
    try repository.commit("Plan")
    for feature in ["a", "b", "c"] { try repository.emitted("--feature", feature) }
    for feature in ["a", "b", "c"] { try repository.run("rm", repository.log(feature)) }
    try repository.run("ln", "-s", "/dev/null", repository.log("b"))
    let result = try repository.tool("merge")
    #expect(result.status == 1 && result.complaints.count == 1, "\(result.errorText)")
    #expect(result.errorText.contains("it is a symbolic link"))
    #expect(repository.lines(repository.log("a")).count == 1 && repository.lines(repository.log("c")).count == 1)
    #expect(try repository.tool("query", "--feature", "a", "--jsonl").status == 0)
  }

  @Test(arguments: ["blob", "tree"])
  func `a notes reference that holds no notes is told, and the logs are joined all the same`(kind: String) throws {
    let repository = try TestRepository()
    try repository.plan()
    try repository.emitted("--feature", "f")
    try repository.run("rm", repository.log())
    let object = kind == "blob" ? "HEAD:.gitignore" : "HEAD^{tree}"
    try repository.git("update-ref", "refs/notes/kitty-telemetry", try repository.git("rev-parse", object))
    let result = try repository.tool("merge")
    #expect(result.status == 1 && result.errorText.contains("refs/notes/kitty-telemetry"))
    #expect(repository.lines(repository.log()).count == 1)
  }

  @Test func `a log that a partial clone lacks is told, and joined once it is there`() throws {
    let origin = try TestRepository()
    try origin.plan()
    try origin.git("config", "uploadpack.allowFilter", "true")
    try origin.git("checkout", "-qb", "w")
    try origin.emitted("--feature", "f")
    try origin.commit("Track the log")
    try origin.git("checkout", "-q", "main")
    let clone = origin.folder.path + "/clone"
    try origin.git("clone", "-q", "--filter=blob:none", "file://\(origin.path)", clone)
    let result = try origin.tool("merge", "origin/w", in: clone)
    #expect(result.status == 1 && result.errorText.contains("this clone does not have it"), "\(result.errorText)")
    try origin.git("cat-file", "-e", "origin/w:\(origin.log())", in: clone)
    try origin.git("cat-file", "-e", "origin/w:\(origin.clock())", in: clone)
    try origin.merged("origin/w", in: clone)
    #expect(origin.lines(clone + "/" + origin.log()).count == 1)
  }

  @Test func `a sparse checkout that leaves features out is left alone`() throws {
    let repository = try TestRepository()
    try repository.plan()
    try repository.write("src/a", "")
    try repository.emitted("--feature", "f")
    try repository.commit("Track the log")
    try repository.git("sparse-checkout", "set", "src")
    let result = try repository.tool("merge")
    #expect(result.status == 1 && result.errorText.contains("sparse-checkout add"), "\(result.errorText)")
    #expect(try repository.git("status", "--porcelain").isEmpty)
  }

  @Test func `a conflict in the clock alone is resolved`() throws {
    let repository = try TestRepository()
    try repository.commit("Begin")
    for (branch, value) in [("one", 3), ("two", 5)] {
      try repository.git("checkout", "-q", "-b", branch, "main")
      try repository.write(repository.clock(), #"{"cli:WP01": \#(value)}"#)
      try repository.commit(branch)
    }
    #expect(try repository.attempt(["merge", "-q", "--no-edit", "one"]).status == 1)
    try repository.merged()
    #expect(text(try repository.read(repository.clock())) == #"{"cli:WP01": 5}"#)
    #expect(try repository.git("diff", "--name-only", "--diff-filter=U").isEmpty)
  }

  @Test func `variants that git left side by side are reported by the run that records the conflict`() throws {
    let repository = try TestRepository()
    try repository.commit("Begin")
    try repository.write(".git/info/attributes", "*.jsonl merge=union\n")
    for (branch, agent) in [("one", "claude"), ("two", "codex")] {
      try repository.git("checkout", "-q", "-b", branch, "main")
      let event = Event(
        id: try #require(EventID("01KHJVJWDM0HGAGYGXJYKD1JQG")), aggregateID: "f", lamportClock: LamportValue(1),
        nodeID: "cli:WP01", payload: Invocation(wpID: "WP01", agent: agent, role: .planner).payload, timestamp: .epoch)
      try repository.write(repository.log(), text(event.line) + "\n")
      try repository.commit(branch)
    }
    try repository.git("merge", "-q", "--no-edit", "one")
    #expect(try repository.tool("merge").status == 1)
    #expect(try repository.tool("merge").status == 0)
  }
}
