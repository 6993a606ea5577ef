import Events
import TestSupport
import Testing

/// `merge` finds a home for events whose commits are gone.
struct `Merge of homeless events` {
  @Test func `a squashed branch that is named brings its events, noted on the squash`() throws {
    let repository = try TestRepository()
    try repository.plan()
    let ids = try repository.workPackage("WP01")
    try repository.git("merge", "--quiet", "--squash", "f-WP01")
    let squash = try repository.commit("feat: squash")
    try repository.commit("Something later")
    try repository.merged("f-WP01")
    #expect(repository.loggedIDs().sorted() == ids.sorted())
    #expect(Set(try repository.notedIDs()) == Set(ids))
    #expect(squash != (try repository.git("rev-parse", "HEAD")))
    try repository.expectSettled("f-WP01")
  }

  @Test func `a squash whose message lists the commits is found without being named`() throws {
    let repository = try TestRepository()
    try repository.plan()
    let ids = try repository.workPackage("WP01")
    try repository.git("merge", "--quiet", "--squash", "f-WP01")
    try repository.git("commit", "--quiet", "--no-edit")
    let squash = try repository.git("rev-parse", "HEAD")
    try repository.commit("Something later")
    try repository.merged()
    try repository.expectHome(ids)
    #expect(try repository.notedLines(squash).count == 2)
    try repository.expectSettled()
  }

  @Test func `squash, forced removal, deleted branches and gc lose nothing`() throws {
    let repository = try TestRepository()
    try repository.plan()
    let ids = try repository.workPackage("WP01") + repository.workPackage("WP02")
    for wpID in ["WP01", "WP02"] {
      try repository.git("merge", "--quiet", "--squash", "-X", "theirs", "f-\(wpID)")
      try repository.commit("feat: squash of \(wpID)")
      try repository.abandon(wpID)
    }
    try repository.git("reflog", "expire", "--expire=now", "--all")
    try repository.git("gc", "--quiet", "--prune=now")
    try repository.git("notes", "--ref=kitty-telemetry", "prune")
    try repository.merged()
    try repository.expectHome(ids)
    try repository.expectSettled()
  }

  @Test func `an amended commit leaves its events to the commit that took its place`() throws {
    let repository = try TestRepository()
    try repository.plan()
    let ids = [try #require(try repository.emitted("--feature", "f")["event_id"]?.text)]
    try repository.git("commit", "--quiet", "--amend", "--allow-empty", "-m", "Plan f, better")
    try repository.merged()
    try repository.expectHome(ids)
    #expect(try repository.notedLines("HEAD").count == 1)
    try repository.expectSettled()
  }

  @Test func `the note goes to the first commit whose log has the event`() throws {
    let repository = try TestRepository()
    try repository.plan()
    let ids = try repository.workPackage("WP01")
    try repository.abandon("WP01")
    try repository.merged()
    let first = try repository.commit("Record the telemetry")
    try repository.commit("Something later")
    try repository.git("update-ref", "-d", "refs/notes/kitty-telemetry")
    try repository.merged()
    try repository.expectHome(ids)
    #expect(try repository.notedLines(first).count == 2)
  }

  @Test func `a notes reference that was deleted is written again`() throws {
    let repository = try TestRepository()
    try repository.plan()
    let ids = try repository.workPackage("WP01")
    try repository.git("merge", "--quiet", "--no-ff", "--no-edit", "f-WP01")
    try repository.git("update-ref", "-d", "refs/notes/kitty-telemetry")
    try repository.merged()
    try repository.expectHome(ids)
    #expect(try repository.notedLines("f-WP01").count == 2)
    try repository.expectSettled()
  }

  @Test func `an event that waits goes to the first commit made on its branch since`() throws {
    let repository = try TestRepository()
    try repository.plan()
    let worktree = try repository.startWork(on: "WP01")
    let id = try #require(try repository.emitted("--next-commit", in: worktree)["event_id"]?.text)
    let first = try repository.work(in: worktree, "one.txt")
    try repository.work(in: worktree, "two.txt")
    try repository.git("merge", "--quiet", "--no-ff", "--no-edit", "f-WP01")
    try repository.merged()
    try repository.expectHome([id])
    #expect(try repository.notedLines(first).count == 1)
    try repository.expectSettled()
  }

  @Test func `an event that waits where the branch is gone finds a home`() throws {
    let repository = try TestRepository()
    try repository.plan()
    let worktree = try repository.startWork(on: "WP01")
    let id = try #require(try repository.emitted("--next-commit", in: worktree)["event_id"]?.text)
    try repository.abandon("WP01")
    try repository.merged()
    try repository.expectHome([id])
    try repository.expectSettled()
  }

  @Test func `a feature's folder is never made from notes alone`() throws {
    let repository = try TestRepository()
    try repository.plan()
    try repository.workPackage("WP01")
    try repository.abandon("WP01")
    try repository.git("rm", "-rq", "kitty-specs")
    try repository.commit("Drop the feature")
    let result = try repository.tool("merge", "--json")
    #expect(result.status == 0 && result.document?["features"] == .array([]))
    #expect(result.errorText.contains("has no folder here"))
    #expect(repository.lines(repository.log()).isEmpty)
  }
}
