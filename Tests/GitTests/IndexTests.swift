import Git
import TestSupport
import Testing

struct IndexTests {
  @Test(arguments: Answerer.allCases)
  func `a conflict's versions are read, and staging the file ends it`(answerer: Answerer) throws {
    let scratch = try TestRepository()
    _ = try conflictingBranches(in: scratch)
    try scratch.attempt(["merge", "theirs"])
    try scratch.write("staged", "by the user\n")
    try scratch.git("add", "staged")
    try scratch.write("unstaged", "by the user\n")
    let repository = try open(scratch.path, for: answerer)
    let conflict = try repository.conflict(at: "file")
    #expect(try conflict?.ancestor?.description == scratch.git("rev-parse", ":1:file"))
    #expect(try conflict?.ours?.description == scratch.git("rev-parse", ":2:file"))
    #expect(try conflict?.theirs?.description == scratch.git("rev-parse", ":3:file"))
    let all = try repository.conflicts()
    #expect(all.map(\.path) == ["file"] && all.first?.conflict == conflict)
    let tracked = (try repository.isTracked("file"), try repository.isTracked("unstaged"))
    #expect(tracked == (true, false))

    try scratch.write("file", "both\n")
    try repository.stage(["file"])
    #expect(try scratch.git("status", "--porcelain") == "M  file\nA  staged\n?? unstaged")
    #expect(try scratch.git("show", ":file") == "both")
    let resolved = (one: try repository.conflict(at: "file"), all: try repository.conflicts())
    #expect(resolved.one == nil && resolved.all.isEmpty)
    #expect(try scratch.git("ls-files", "--unmerged").isEmpty)
  }

  @Test(arguments: Answerer.allCases)
  func `an ignored file is staged when it is asked for`(answerer: Answerer) throws {
    let scratch = try TestRepository()
    try scratch.write(".gitignore", "*.log\n")
    try scratch.commit("first")
    try scratch.write("folder/a.log", "text\n")
    try open(scratch.path, for: answerer).stage(["folder/a.log"])
    #expect(try scratch.git("status", "--porcelain") == "A  folder/a.log")
  }

  @Test(arguments: Answerer.allCases)
  func `nothing is staged when one file is missing`(answerer: Answerer) throws {
    let scratch = try TestRepository()
    try scratch.commit("first")
    try scratch.write("there", "text\n")
    let error = #expect(throws: GitError.self) { try open(scratch.path, for: answerer).stage(["there", "not there"]) }
    #expect(error?.code == .notFound)
    #expect(try scratch.git("status", "--porcelain") == "?? there")
  }

  @Test(arguments: Answerer.allCases)
  func `a held index lock is reported as a lock`(answerer: Answerer) throws {
    let scratch = try TestRepository()
    try scratch.commit("first")
    try scratch.write("there", "text\n")
    try scratch.write(".git/index.lock", "")
    let error = #expect(throws: GitError.self) { try open(scratch.path, for: answerer).stage(["there"]) }
    #expect(error?.code == .locked)
  }

  @Test func `a split index is read and written through git`() throws {
    let scratch = try TestRepository()
    _ = try conflictingBranches(in: scratch)
    try scratch.git("update-index", "--split-index")
    try scratch.attempt(["merge", "theirs"])
    let repository = try open(scratch.path)
    #expect(try repository.isTracked("file"))
    #expect(try !repository.isTracked("none"))
    #expect(try repository.conflict(at: "file")?.theirs?.description == scratch.git("rev-parse", ":3:file"))
    try scratch.write("file", "both\n")
    try repository.stage(["file"])
    #expect(try scratch.git("status", "--porcelain") == "M  file")
  }

  @Test func `a sparse index is read through git`() throws {
    let scratch = try TestRepository()
    try scratch.write("in/file", "text\n")
    try scratch.write("out/file", "text\n")
    try scratch.commit("first")
    try scratch.git("sparse-checkout", "set", "--cone", "--sparse-index", "in")
    let repository = try open(scratch.path)
    #expect(try repository.isTracked("in/file"))
    #expect(try repository.isTracked("out/file"))
    #expect(try !repository.isTracked("out/none"))
  }
}
