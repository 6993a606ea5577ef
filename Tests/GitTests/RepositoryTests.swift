import Foundation
import Git
import TestSupport
import Testing

struct RepositoryTests {
  @Test func `a repository is found from a subfolder of a linked worktree`() throws {
    let scratch = try TestRepository()
    try scratch.commit("first")
    let path = try scratch.addWorktree("lane", branch: "lane")
    try scratch.write("a/b/file", "text", in: path)
    let linked = try open(path + "/a/b")
    let places = (linked.workTree, linked.gitDirectory, linked.commonDirectory, linked.isLinkedWorktree)
    #expect(places == (path, scratch.path + "/.git/worktrees/lane", scratch.path + "/.git", true))
    let main = try open(scratch.path)
    let own = (main.workTree, main.gitDirectory, main.commonDirectory, main.isLinkedWorktree)
    #expect(own == (scratch.path, scratch.path + "/.git", scratch.path + "/.git", false))
  }

  @Test func `a folder outside any repository says so`() throws {
    let folder = try ScratchDirectory()
    let path = folder.path
    let error = #expect(throws: GitError.self) { _ = try open(path) }
    #expect(error?.code == .notFound)
    let reason = "there is none, neither there nor above; run: git init"
    #expect(error?.description == "cannot open a repository at \(path): \(reason)")
  }

  @Test func `a bare repository has no work tree`() throws {
    let scratch = try TestRepository("--bare")
    let repository = try open(scratch.path)
    let facts = (repository.workTree, repository.gitDirectory)
    #expect(facts == (nil, scratch.path))
  }

  @Test(arguments: ["worktreeConfig=true", "partialClone=origin", "preciousObjects=true", "relativeWorktrees=true"])
  func `an extension that changes nothing for us opens`(setting: String) throws {
    let scratch = try TestRepository()
    let commit = try scratch.commit("first")
    let parts = setting.split(separator: "=").map(String.init)
    // Written by hand: once a repository has an extension that this git does not know, git refuses to set more.
    let config = scratch.path + "/.git/config"
    let text = try String(contentsOfFile: config, encoding: .utf8)
      .replacing("repositoryformatversion = 0", with: "repositoryformatversion = 1")
    try scratch.write(".git/config", text + "[extensions]\n\t\(parts[0]) = \(parts[1])\n")
    let head = try open(scratch.path).head()
    #expect(head.commit?.description == commit)
  }

  @Test func `a SHA-256 repository is refused in words of ours`() throws {
    let scratch = try TestRepository("--object-format=sha256")
    let path = scratch.path
    let error = #expect(throws: GitError.self) { _ = try open(path) }
    #expect(error?.code == .unsupported)
    #expect(error?.reason == "its objects are named by SHA-256, which libgit2 cannot read; use git itself there")
  }

  @Test(.enabled(if: getuid() == 0, "only root can give a folder to another user"))
  func `a repository of another user is refused with the remedy`() throws {
    let scratch = try TestRepository()
    _ = try ChildProcess.run(
      "chown", ["-R", "12345", scratch.path], in: scratch.folder.path, environment: scratch.environment)
    let path = scratch.path
    let error = #expect(throws: GitError.self) { _ = try open(path) }
    #expect(error?.code == .notOwned)
    #expect(
      error?.reason == "it belongs to another user; run: git config --global --add safe.directory \(path)")
  }

  @Test func `settings are read, and an unset one is nil`() throws {
    let scratch = try TestRepository()
    try scratch.git("config", "kitty-telemetry.notesRef", "refs/notes/other")
    let repository = try open(scratch.path)
    let set = try repository.configuration("kitty-telemetry.notesRef")
    let unset = try repository.configuration("kitty-telemetry.nothing")
    #expect(set == "refs/notes/other")
    #expect(unset == nil)
  }

  @Test func `a clone with a cut-off history is shallow`() throws {
    let scratch = try TestRepository()
    try scratch.commit("first")
    try scratch.commit("second")
    let shallow = scratch.folder.path + "/shallow"
    try scratch.git("clone", "--quiet", "--depth=1", "file://\(scratch.path)", shallow)
    let facts = (try open(shallow).isShallow, try open(scratch.path).isShallow)
    #expect(facts == (true, false))
  }

  @Test func `an operation in progress is named`() throws {
    let scratch = try TestRepository()
    let branches = try conflictingBranches(in: scratch)
    let before = try open(scratch.path)
    let quiet = (before.operationInProgress, try before.mergeHeads())
    #expect(quiet == (nil, []))
    try scratch.attempt(["merge", "theirs"])
    let merging = try open(scratch.path)
    let merge = (merging.operationInProgress, try merging.mergeHeads())
    #expect(merge == (.merge, [branches.theirs]))
    try scratch.git("merge", "--abort")
    try scratch.attempt(["cherry-pick", "theirs"])
    let picking = try open(scratch.path).operationInProgress
    #expect(picking == .cherryPick)
    try scratch.git("cherry-pick", "--abort")
    try scratch.attempt(["rebase", "theirs"])
    let rebasing = try open(scratch.path).operationInProgress
    #expect(rebasing == .rebase)
  }
}

/// Makes `main` and `theirs` change one file in different ways, and leaves `main` checked out.
func conflictingBranches(in scratch: TestRepository) throws -> (ours: ObjectID, theirs: ObjectID) {
  try scratch.write("file", "base\n")
  try scratch.commit("base")
  try scratch.git("checkout", "--quiet", "-b", "theirs")
  try scratch.write("file", "theirs\n")
  let theirs = try id(scratch.commit("theirs"))
  try scratch.git("checkout", "--quiet", "main")
  try scratch.write("file", "ours\n")
  return (ours: try id(scratch.commit("ours")), theirs: theirs)
}
