import Events
import Foundation
import TestSupport
import Testing

/// `merge --commit` commits exactly the logs and clocks.
struct MergeCommitTests {
  private let repository: TestRepository
  private let ids: [String]

  init() throws {
    repository = try TestRepository()
    try repository.plan()
    ids = try repository.workPackage("WP01")
    try repository.git("merge", "--quiet", "--no-ff", "-m", "Merge WP01", "f-WP01")
  }

  private var files: [String] { [repository.clock(), repository.log()] }

  /// The files that the last commit changed.
  private func changedFiles() throws -> [String] {
    try repository.git("show", "--format=", "--name-only").split(separator: "\n").map(String.init)
  }

  @Test(arguments: [false, true])
  func `log and clock are committed, also excluded ones, and what is staged stays staged`(isExcluded: Bool) throws {
    let excluded = "kitty-specs/*/execution.events.jsonl\n.telemetry-clock.json\n"
    if isExcluded { try repository.write(".git/info/exclude", excluded) }
    try repository.write("staged.txt", "staged\n")
    try repository.git("add", "staged.txt")
    try repository.write("untracked.txt", "untracked\n")
    let merged = try repository.merged("--commit")
    #expect(try changedFiles() == files)
    guard case .array(let features)? = merged["features"] else { return #expect(Bool(false), "no features") }
    #expect(try features.first?.object?["commit"]?.text == repository.git("rev-parse", "HEAD"))
    #expect(try repository.git("status", "--porcelain") == "A  staged.txt\n?? untracked.txt")
    try repository.expectHome(ids)
    try repository.expectSettled("--commit")
    #expect(try repository.verified().findings.isEmpty)
  }

  @Test func `with nothing to commit there is no commit`() throws {
    try repository.merged("--commit")
    let head = try repository.git("rev-parse", "HEAD")
    try repository.merged("--commit")
    #expect(try repository.git("rev-parse", "HEAD") == head)
  }

  @Test func `the journal lets go of what a branch holds, and only of that`() throws {
    try repository.emitted("--next-commit", "--feature", "f")
    #expect(repository.journaled().count == 3)
    try repository.merged("--commit")
    // The merge's own commit took in what waited; its note is there, its line is in no commit yet.
    #expect(repository.journaled().count <= 1)
    try repository.merged("--commit")
    let all = repository.loggedIDs()
    #expect(all.count == 3)
    try FileManager.default.removeItem(atPath: repository.path + "/" + repository.log())
    try repository.merged()
    #expect(repository.loggedIDs() == all)
  }

  @Test func `an event that the journal has let go of is known when its id comes again`() throws {
    try repository.merged("--commit")
    #expect(repository.journaled().isEmpty)
    let worktree = try repository.startWork(on: "WP02")
    let notes = try repository.git("rev-parse", "refs/notes/kitty-telemetry")
    let again = try repository.emitted("--feature", "f", "--event-id", ids[1], in: worktree)
    #expect(again["duplicate"] == .bool(true) && again["lamport_clock"] == .integer(2), "\(again)")
    #expect(again["note"]?.text == "written")
    #expect(repository.journaled().isEmpty)
    #expect(try repository.git("rev-parse", "refs/notes/kitty-telemetry") == notes)
    try repository.expectSettled("f-WP02")
  }

  @Test func `on a lane the journal keeps everything, for lanes are made to be deleted`() throws {
    try repository.merged("--commit", in: "\(repository.path)/.worktrees/f-WP01")
    try repository.git("checkout", "--quiet", "-b", "f-WP07")
    try repository.merged("--commit")
    #expect(repository.journaled().count == 2)
    try repository.git("checkout", "--quiet", "main")
    try repository.merged("--commit")
    #expect(repository.journaled().isEmpty)
  }

  @Test func `a hook that refuses the commit leaves the index as it was, and is heard`() throws {
    try repository.write(".git/hooks/pre-commit", "#!/bin/sh\necho 'not today' >&2\nexit 1\n")
    try repository.run("chmod", "+x", ".git/hooks/pre-commit")
    let result = try repository.tool("merge", "--commit", "--json")
    #expect(result.status == 1)
    #expect(result.errorText.contains("cannot commit logs and clocks: \"not today\""), "\(result.errorText)")
    #expect(try repository.git("ls-files", "kitty-specs") == "kitty-specs/f/spec.md")
    try repository.expectHome(ids)
  }

  @Test func `during a merge that is not finished, nothing is committed`() throws {
    try repository.git("checkout", "--quiet", "-b", "side", "HEAD~1")
    try repository.write("WP01.txt", "other\n")
    try repository.commit("side")
    try repository.git("checkout", "--quiet", "main")
    _ = try repository.attempt(["merge", "--quiet", "side"])
    let head = try repository.git("rev-parse", "HEAD")
    let result = try repository.tool("merge", "--commit")
    #expect(result.status == 1 && result.errorText.contains("git merge is in progress"))
    #expect(try repository.git("rev-parse", "HEAD") == head)
  }

  @Test func `committing and only looking exclude each other`() throws {
    #expect(try repository.tool("merge", "--commit", "--check").status == 64)
  }
}
