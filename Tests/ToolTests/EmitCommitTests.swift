import Events
import Foundation
import TestSupport
import Testing

/// Which commit carries an event.
struct `The commit of an event` {
  @Test func `is the one that is checked out`() throws {
    let repository = try TestRepository()
    for message in ["one", "two"] {
      let commit = try repository.commit(message)
      let document = try repository.emitted("--feature", "f")
      #expect(document["commit"]?.text == commit && document["note"]?.text == "written")
      #expect(try repository.notedLines(commit).count == 1)
    }
  }

  @Test func `is the worktree's own`() throws {
    let repository = try TestRepository()
    try repository.commit("one")
    let worktree = try repository.addWorktree("f-WP01", branch: "f-WP01")
    let commit = try repository.commit("work", in: worktree)
    #expect(try repository.emitted(in: worktree)["commit"]?.text == commit)
  }

  @Test func `is the next one when it shall wait`() throws {
    let repository = try TestRepository()
    let head = try repository.commit("one")
    let document = try repository.emitted("--feature", "f", "--next-commit")
    #expect(document["note"]?.text == "waiting" && document["commit"] == .null)
    #expect(try repository.notedLines().isEmpty)
    let record = try #require(repository.lines(".git/kitty-telemetry/journal.jsonl").first)
    #expect(record.contains(#""waits": true"#) && record.contains(#""commit": null"#))
    #expect(record.contains(#""head": "\#(head)""#) && record.contains(#""branch": "refs/heads/main""#))
    #expect(repository.lines(repository.log()).count == 1)
    #expect(try repository.tool("emit", "--flush").status == 0)
    #expect(try repository.attempt(["rev-parse", "--verify", "refs/notes/kitty-telemetry"]).status != 0)
  }

  @Test func `is what a revision names, through tags`() throws {
    let repository = try TestRepository()
    let first = try repository.commit("one")
    try repository.git("tag", "-a", "-m", "tag", "v1")
    try repository.git("tag", "-a", "-m", "tag of a tag", "v2", "v1")
    try repository.commit("two")
    for (count, name) in ["HEAD~1", first, String(first.prefix(10)), "v1", "v2", "main^", "v2^{commit}"].enumerated() {
      #expect(try repository.emitted("--feature", "f", "--commit", name)["commit"]?.text == first, "\(name)")
      #expect(try repository.notedLines(first).count == count + 1)
    }
    #expect(try repository.notedLines("HEAD").isEmpty)
  }

  @Test func `is no tree and no blob`() throws {
    let repository = try TestRepository()
    try repository.write("file", "text")
    try repository.commit("one")
    let before = try listing(repository.path)
    for name in ["HEAD^{tree}", "HEAD:file", "main..main", String(repeating: "0", count: 40), "-1", "--all"] {
      let result = try repository.emit("--feature", "f", "--commit", name)
      #expect(result.status == 64 && result.complaints.count == 1, "\(name): \(result.errorText)")
    }
    #expect(try listing(repository.path) == before)
  }

  @Test func `may be anywhere in a branch that is checked out nowhere`() throws {
    let repository = try TestRepository()
    try repository.commit("one")
    try repository.git("checkout", "--quiet", "-b", "other")
    let other = try repository.commit("other")
    try repository.git("checkout", "--quiet", "main")
    #expect(try repository.emitted("--feature", "f", "--commit", "other")["commit"]?.text == other)
    #expect(try repository.notedLines("other").count == 1)
  }

  @Test func `is made in the name of whoever git says`() throws {
    let repository = try TestRepository()
    try repository.commit("one")
    try repository.emitted("--feature", "f")
    let author = try repository.git("log", "-1", "--format=%an <%ae>|%cn|%s", "refs/notes/kitty-telemetry")
    #expect(author.hasPrefix("Test Person <test@example.com>|Test Person|"))
    #expect(try #require(author.split(separator: "|").last).count > 5)
    try repository.git("config", "--unset", "user.email")
    try repository.git("config", "--unset", "user.name")
    try repository.emitted("--feature", "f")
    #expect(try repository.notedLines().count == 2)
    #expect(try repository.attempt(["fsck", "--strict"]).status == 0)
  }
}
