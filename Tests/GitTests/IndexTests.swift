import Git
import TestSupport
import Testing

struct IndexTests {
  @Test func `a conflict's versions are read, and staging the file ends it`() throws {
    let scratch = try TestRepository()
    _ = try conflictingBranches(in: scratch)
    try scratch.attempt(["merge", "theirs"])
    try scratch.write("staged", "by the user\n")
    try scratch.git("add", "staged")
    try scratch.write("unstaged", "by the user\n")
    let repository = try open(scratch.path)
    let conflict = try repository.conflict(at: "file")
    #expect(try conflict?.ancestor?.description == scratch.git("rev-parse", ":1:file"))
    #expect(try conflict?.ours?.description == scratch.git("rev-parse", ":2:file"))
    #expect(try conflict?.theirs?.description == scratch.git("rev-parse", ":3:file"))
    let tracked = (try repository.isTracked("file"), try repository.isTracked("unstaged"))
    #expect(tracked == (true, false))

    try scratch.write("file", "both\n")
    try repository.stage(["file"])
    #expect(try scratch.git("status", "--porcelain") == "M  file\nA  staged\n?? unstaged")
    #expect(try scratch.git("show", ":file") == "both")
    let resolved = try repository.conflict(at: "file")
    #expect(resolved == nil)
    #expect(try scratch.git("ls-files", "--unmerged").isEmpty)
  }

  @Test func `an ignored file is staged when it is asked for`() throws {
    let scratch = try TestRepository()
    try scratch.write(".gitignore", "*.log\n")
    try scratch.commit("first")
    try scratch.write("folder/a.log", "text\n")
    try open(scratch.path).stage(["folder/a.log"])
    #expect(try scratch.git("status", "--porcelain") == "A  folder/a.log")
  }

  @Test func `nothing is staged when one file is missing`() throws {
    let scratch = try TestRepository()
    try scratch.commit("first")
    try scratch.write("there", "text\n")
    let error = #expect(throws: GitError.self) { try open(scratch.path).stage(["there", "not there"]) }
    #expect(error?.code == .notFound)
    #expect(try scratch.git("status", "--porcelain") == "?? there")
  }

  @Test func `a held index lock is reported as a lock`() throws {
    let scratch = try TestRepository()
    try scratch.commit("first")
    try scratch.write("there", "text\n")
    try scratch.write(".git/index.lock", "")
    let error = #expect(throws: GitError.self) { try open(scratch.path).stage(["there"]) }
    #expect(error?.code == .locked)
  }

  @Test func `a split index is refused with the remedy`() throws {
    let scratch = try TestRepository()
    try scratch.write("file", "text\n")
    try scratch.commit("first")
    try scratch.git("update-index", "--split-index")
    let error = #expect(throws: GitError.self) { _ = try open(scratch.path).isTracked("file") }
    #expect(error?.code == .unsupported)
    #expect(error?.reason == "libgit2 cannot read a split index; run: git update-index --no-split-index")
    try scratch.git("update-index", "--no-split-index")
    let tracked = try open(scratch.path).isTracked("file")
    #expect(tracked)
  }

  @Test func `a sparse index is refused with the remedy`() throws {
    let scratch = try TestRepository()
    try scratch.write("in/file", "text\n")
    try scratch.write("out/file", "text\n")
    try scratch.commit("first")
    try scratch.git("sparse-checkout", "set", "--cone", "--sparse-index", "in")
    let error = #expect(throws: GitError.self) { _ = try open(scratch.path).isTracked("in/file") }
    #expect(error?.code == .unsupported)
    #expect(
      error?.reason == "libgit2 cannot read a sparse index; run: git sparse-checkout reapply --no-sparse-index")
    try scratch.git("sparse-checkout", "reapply", "--no-sparse-index")
    let tracked = try open(scratch.path).isTracked("in/file")
    #expect(tracked)
  }
}
