import Events
import Foundation
import TestSupport
import Testing

/// A repository as an orchestrator works in it: a planned feature on `main`, worktrees for its work packages.
extension TestRepository {
  /// Plans the feature `f`: its folder exists on `main`, and worktrees are out of git's sight.
  func plan() throws {
    try write(".gitignore", ".worktrees/\n")
    try write("kitty-specs/f/spec.md", "A feature.\n")
    try commit("Plan f")
  }

  /// The worktree of a work package, on a branch of the same name.
  func startWork(on wpID: String) throws -> String {
    let worktree = "\(path)/.worktrees/f-\(wpID)"
    try git("worktree", "add", "--quiet", "-b", "f-\(wpID)", worktree)
    return worktree
  }

  /// Commits a file in a worktree, as its agent would, and nothing else.
  @discardableResult
  func work(in worktree: String, _ file: String) throws -> String {
    try write(file, "\(file)\n", in: worktree)
    try git("add", file, in: worktree)
    try git("commit", "--quiet", "-m", "feat: \(file)", in: worktree)
    return try git("rev-parse", "HEAD", in: worktree)
  }

  /// Starts a work package, works on it and records `count` events there; returns their ids.
  @discardableResult
  func workPackage(_ wpID: String, events count: Int = 2) throws -> [String] {
    let worktree = try startWork(on: wpID)
    try work(in: worktree, "\(wpID).txt")
    return try (0..<count).map { _ in try #require(try emitted(in: worktree)["event_id"]?.text) }
  }

  /// Removes a worktree and its branch as orchestrators do, unmerged work and untracked files included.
  func abandon(_ wpID: String) throws {
    try git("worktree", "remove", "--force", "\(path)/.worktrees/f-\(wpID)")
    try git("branch", "--quiet", "-D", "f-\(wpID)")
  }

  /// Runs `merge --json`, which must succeed without a word on standard error, and returns the document.
  @discardableResult
  func merged(
    _ arguments: String..., in directory: String? = nil, sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> JSONObject {
    let result = try startTool(["merge", "--json"] + arguments, in: directory).wait()
    #expect(result.status == 0 && result.errorText.isEmpty, "\(result.errorText)", sourceLocation: sourceLocation)
    return try #require(result.document, sourceLocation: sourceLocation)
  }

  /// The ids of the events in the log of `f` in the main work tree.
  func loggedIDs(sourceLocation: SourceLocation = #_sourceLocation) -> [String] {
    events(lines(log()), sourceLocation: sourceLocation).map(\.id.description)
  }

  /// The ids of the events in notes on commits that lead to HEAD of the main work tree or of another.
  func notedIDs(in directory: String? = nil) throws -> [String] {
    let reachable = Set(try git("rev-list", "HEAD", in: directory).split(separator: "\n").map(String.init))
    // Without a notes reference there is nothing to list.
    let listed = try attempt(["notes", "--ref=kitty-telemetry", "list"], in: directory).outputText
    let annotated = listed.split(separator: "\n").map { String($0.split(separator: " ")[1]) }
    return try annotated.filter(reachable.contains).flatMap { commit in
      // A note may hold lines of people.
      try notedLines(commit, in: directory).compactMap { Event(line: Array($0.utf8))?.id.description }
    }
  }

  /// Checks that exactly `ids` are in the log, once each, and in notes on commits that lead to HEAD.
  func expectHome(_ ids: [String], sourceLocation: SourceLocation = #_sourceLocation) throws {
    #expect(loggedIDs().sorted() == ids.sorted(), "the log", sourceLocation: sourceLocation)
    #expect(Set(try notedIDs()) == Set(ids), "the notes", sourceLocation: sourceLocation)
  }

  /// Checks that another merge changes neither log, nor clock, nor notes.
  func expectSettled(_ arguments: String..., sourceLocation: SourceLocation = #_sourceLocation) throws {
    func state() throws -> [[UInt8]] {
      try [read(log()), read(clock()), attempt(["rev-parse", "-q", "--verify", "refs/notes/kitty-telemetry"]).output]
    }
    let before = try state()
    let result = try startTool(["merge"] + arguments).wait()
    #expect(result.status == 0, "\(result.errorText)", sourceLocation: sourceLocation)
    #expect(try state() == before, "a second merge changes nothing", sourceLocation: sourceLocation)
    try git("fsck", "--strict")
  }
}
