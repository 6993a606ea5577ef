import Foundation
import Git
import TestSupport
import Testing

struct RepositoryTests {
  @Test(arguments: Answerer.allCases)
  func `a repository is found from a subfolder of a linked worktree`(answerer: Answerer) throws {
    let scratch = try TestRepository()
    try scratch.commit("first")
    let path = try scratch.addWorktree("lane", branch: "lane")
    try scratch.write("a/b/file", "text", in: path)
    let linked = try open(path + "/a/b", for: answerer)
    let places = (linked.workTree, linked.gitDirectory, linked.commonDirectory, linked.isLinkedWorktree)
    #expect(places == (path, scratch.path + "/.git/worktrees/lane", scratch.path + "/.git", true))
    let main = try open(scratch.path, for: answerer)
    let own = (main.workTree, main.gitDirectory, main.commonDirectory, main.isLinkedWorktree)
    #expect(own == (scratch.path, scratch.path + "/.git", scratch.path + "/.git", false))
  }

  @Test(arguments: Answerer.allCases)
  func `a folder outside any repository says so`(answerer: Answerer) throws {
    let folder = try ScratchDirectory()
    let path = folder.path
    let error = #expect(throws: GitError.self) { _ = try open(path, for: answerer) }
    #expect(error?.code == .notFound)
    let reason = "there is none, neither there nor above; run: git init"
    #expect(error?.description == "cannot open a repository at \(path): \(reason)")
  }

  @Test(arguments: Answerer.allCases)
  func `a bare repository has no work tree`(answerer: Answerer) throws {
    let scratch = try TestRepository("--bare")
    let repository = try open(scratch.path, for: answerer)
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

  @Test func `a SHA-256 repository is read and written by the git executable`() throws {
    let scratch = try TestRepository("--object-format=sha256")
    try scratch.write("folder/file", "text\n")
    let first = try id(scratch.commit("first"))
    let repository = try open(scratch.path)
    let head = try repository.head()
    #expect(head.branch == "refs/heads/main" && head.commit == first && first.count == 32)
    let tree = try #require(try repository.commit(first)).tree
    let file = try #require(try repository.entry(at: "folder/file", in: tree))
    #expect(try repository.blob(file.id) == Array("text\n".utf8))
    let changed = try repository.writeTree(from: tree, setting: [TreeEntry(name: "new", id: file.id, kind: .blob)])
    let second = try repository.writeCommit(tree: changed, parents: [first], message: "second")
    try repository.move("refs/test/it", from: nil, to: second, reason: "create")
    #expect(try scratch.git("ls-tree", "-r", "--name-only", "refs/test/it") == "folder/file\nnew")
    #expect(try scratch.git("fsck", "--strict", "--no-dangling").isEmpty)
  }

  @Test func `what git cannot open either is refused at every question, with both reasons`() throws {
    let scratch = try TestRepository("--object-format=sha256")
    try scratch.git("config", "extensions.fromTheFuture", "true")
    let repository = try open(scratch.path)
    let places = (repository.workTree, repository.commonDirectory)
    #expect(places == (scratch.path, scratch.path + "/.git"))
    let error = #expect(throws: GitError.self) { _ = try open(scratch.path).reference("refs/heads/main") }
    #expect(error?.code == .unsupported)
    let reason = try #require(error?.reason)
    #expect(reason.contains("libgit2 cannot read") || reason.contains("newer than libgit2"), "\(reason)")
    #expect(reason.hasSuffix("install a newer git"), "\(reason)")
  }

  @Test(.enabled(if: getuid() == 0, "only root can give a folder to another user"), arguments: Answerer.allCases)
  func `a repository of another user is refused with the remedy`(answerer: Answerer) throws {
    let scratch = try TestRepository()
    _ = try ChildProcess.run(
      "chown", ["-R", "12345", scratch.path], in: scratch.folder.path, environment: scratch.environment)
    let path = scratch.path
    let error = #expect(throws: GitError.self) { _ = try open(path, for: answerer) }
    #expect(error?.code == .notOwned)
    #expect(
      error?.reason == "it belongs to another user; run: git config --global --add safe.directory \(path)")
  }

  @Test(arguments: Answerer.allCases)
  func `settings are read, and an unset one is nil`(answerer: Answerer) throws {
    let scratch = try TestRepository()
    try scratch.git("config", "kitty-telemetry.notesRef", "refs/notes/other")
    let repository = try open(scratch.path, for: answerer)
    let set = try repository.configuration("kitty-telemetry.notesRef")
    let unset = try repository.configuration("kitty-telemetry.nothing")
    #expect(set == "refs/notes/other")
    #expect(unset == nil)
  }

  @Test(arguments: Answerer.allCases)
  func `a clone with a cut-off history is shallow`(answerer: Answerer) throws {
    let scratch = try TestRepository()
    try scratch.commit("first")
    try scratch.commit("second")
    let shallow = scratch.folder.path + "/shallow"
    try scratch.git("clone", "--quiet", "--depth=1", "file://\(scratch.path)", shallow)
    let facts = (try open(shallow, for: answerer).isShallow, try open(scratch.path, for: answerer).isShallow)
    #expect(facts == (true, false))
  }

  @Test(arguments: Answerer.allCases)
  func `an operation in progress is named`(answerer: Answerer) throws {
    let scratch = try TestRepository()
    let branches = try conflictingBranches(in: scratch)
    let before = try open(scratch.path, for: answerer)
    let quiet = (before.operationInProgress, try before.mergeHeads())
    #expect(quiet == (nil, []))
    try scratch.attempt(["merge", "theirs"])
    let merging = try open(scratch.path, for: answerer)
    let merge = (merging.operationInProgress, try merging.mergeHeads())
    #expect(merge == (.merge, [branches.theirs]))
    try scratch.git("merge", "--abort")
    try scratch.attempt(["cherry-pick", "theirs"])
    let picking = try open(scratch.path, for: answerer).operationInProgress
    #expect(picking == .cherryPick)
    try scratch.git("cherry-pick", "--abort")
    try scratch.attempt(["rebase", "theirs"])
    let rebasing = try open(scratch.path, for: answerer).operationInProgress
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
