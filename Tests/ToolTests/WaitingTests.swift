import Events
import TestSupport
import Testing

/// Events that wait for their commit.
struct `Waiting events` {
  @Test(arguments: ["branch", "detached"])
  func `flush notes them on the first commit that was made in their worktree`(head: String) throws {
    let repository = try TestRepository()
    try repository.plan()
    let worktree = try repository.startWork(on: "WP01")
    if head == "detached" { try repository.git("checkout", "-q", "--detach", in: worktree) }
    try repository.emitted("--next-commit", "--feature", "f", in: worktree)
    let first = try repository.work(in: worktree, "one.txt")
    try repository.work(in: worktree, "two.txt")
    #expect(try repository.tool("emit", "--flush").status == 0)
    #expect(try repository.notedLines(first).count == 1)
    #expect(try repository.allNotedLines().count == 1)
  }

  @Test func `who amends a commit takes in what waited on it`() throws {
    let repository = try TestRepository()
    try repository.plan()
    let worktree = try repository.startWork(on: "WP01")
    try repository.work(in: worktree, "one.txt")
    try repository.emitted("--next-commit", "--feature", "f", in: worktree)
    try repository.git("commit", "--quiet", "--amend", "-m", "better", in: worktree)
    #expect(try repository.tool("emit", "--flush").status == 0)
    #expect(try repository.notedLines("f-WP01").count == 1)
  }

  @Test func `what waited on a commit that was reset away finds another home`() throws {
    let repository = try TestRepository()
    try repository.plan()
    try repository.commit("a mistake")
    let event = try repository.emitted("--next-commit", "--feature", "f")
    try repository.git("reset", "--quiet", "--hard", "HEAD~1")
    try repository.merged()
    try repository.expectHome([try #require(event["event_id"]?.text)])
  }

  @Test func `commits that a fast-forward or a rebase brought are not theirs`() throws {
    let repository = try TestRepository()
    try repository.plan()
    let worktree = try repository.startWork(on: "WP01")
    try repository.emitted("--next-commit", in: worktree)
    try repository.write("other.txt", "somebody else's\n")
    try repository.commit("Somebody else's work")
    try repository.git("merge", "-q", "--ff-only", "main", in: worktree)
    #expect(try repository.tool("emit", "--flush").status == 0)
    #expect(try repository.attempt(["rev-parse", "-q", "--verify", "refs/notes/kitty-telemetry"]).status == 1)
  }
}
