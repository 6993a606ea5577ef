import Events
import Foundation
import TestSupport
import Testing

/// Agents that run on when their worktree has been removed.
struct `A worktree that is gone` {
  private func checkWarning(_ result: ProcessResult, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(result.status == 0, sourceLocation: sourceLocation)
    #expect(
      result.complaints.count == 1 && result.errorText.hasPrefix("warning: "), "\(result.errorText)",
      sourceLocation: sourceLocation)
    #expect(result.errorText.contains("nothing was stored"), "\(result.errorText)", sourceLocation: sourceLocation)
  }

  @Test func `is not made again by a feature folder below it`() throws {
    let repository = try TestRepository()
    try repository.commit("one")
    let worktree = repository.path + "/.worktrees/x-WP01"
    try repository.git("worktree", "add", "--quiet", "-b", "x-WP01", worktree)
    try repository.emitted("--feature-dir", worktree + "/kitty-specs/x")
    try repository.git("worktree", "remove", "--force", worktree)
    checkWarning(try repository.emit("--feature-dir", worktree + "/kitty-specs/x"))
    #expect(!FileManager.default.fileExists(atPath: worktree))
    try repository.git("worktree", "add", "--quiet", worktree, "x-WP01")
    #expect(try repository.emitted("--feature-dir", worktree + "/kitty-specs/x")["lamport_clock"] == .integer(2))
  }

  @Test func `is not made again when its folder was deleted and git does not know`() throws {
    let repository = try TestRepository()
    try repository.commit("one")
    for place in ["/repository/.worktrees/x-WP01", "/beside", "/repository/in"] {
      let worktree = repository.folder.path + place
      try repository.git("worktree", "add", "--quiet", "--detach", worktree)
      try repository.run("rm", "-r", worktree)
      checkWarning(try repository.emit("--feature-dir", worktree + "/kitty-specs/x"))
      #expect(!FileManager.default.fileExists(atPath: worktree))
      try repository.git("worktree", "prune")
      try repository.git("worktree", "add", "--quiet", "--detach", worktree)
    }
  }

  @Test func `is not made again when the whole folder of worktrees went with it`() throws {
    let repository = try TestRepository()
    try repository.commit("one")
    let worktree = repository.path + "/.worktrees/x-WP01"
    try repository.git("worktree", "add", "--quiet", "-b", "x-WP01", worktree)
    try repository.git("worktree", "remove", "--force", worktree)
    try repository.run("rm", "-rf", ".worktrees")
    let result = try repository.emit("--feature-dir", worktree + "/kitty-specs/x")
    #expect(result.status == 0)
    #expect(!FileManager.default.fileExists(atPath: worktree))
  }

  @Test(arguments: [[], ["--feature", "x"], ["--feature-dir", "kitty-specs/x"]])
  func `is survived by who stands in it`(arguments: [String]) throws {
    let repository = try TestRepository()
    try repository.commit("one")
    let worktree = try repository.addWorktree("x-WP01", branch: "x-WP01")
    let script = #"tool=$1 gone=$2; shift 2; cd "$gone" && rm -r "$gone" && "$tool" "$@""#
    let result = try ChildProcess.run(
      "sh", ["-c", script, "sh", try toolPath(), worktree, "emit", "--role", "implementer"] + arguments, in: "/",
      environment: repository.toolEnvironment)
    checkWarning(result)
    #expect(!FileManager.default.fileExists(atPath: worktree))
    try repository.git("worktree", "prune")
    try repository.git("worktree", "add", "--quiet", worktree, "x-WP01")
  }

  @Test func `does not keep what is recorded elsewhere`() throws {
    let repository = try TestRepository()
    try repository.commit("one")
    let worktree = try repository.addWorktree("x-WP01", branch: "x-WP01")
    try repository.run("rm", "-r", worktree)
    try repository.emitted("--feature", "x", "--wp-id", "WP01")
    #expect(try repository.notedLines().count == 1)
  }
}
