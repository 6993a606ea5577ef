import Events
import TestSupport
import Testing

/// What a situation is played on: a planned feature, worktrees for its work packages, and an account of every event
/// that was recorded there.
final class Stage {
  /// The repository that it is played in.
  let repository: TestRepository
  /// How the repository treats logs.
  let logs: Situation.Logs
  /// The work tree that is healed.
  var place: String
  /// The ids of the events that are due in `place`, by the folder of their feature.
  private(set) var due: [String: [String]] = [:]

  /// Plans the feature `f` and sets the repository up for `logs`.
  init(_ logs: Situation.Logs) throws {
    self.logs = logs
    repository = try TestRepository()
    place = repository.path
    if logs == .hidden { try repository.write(".git/info/exclude", patterns.map { "\($0)\n" }.joined()) }
    if logs != .plain { try repository.write(".git/info/attributes", patterns.map { "\($0) merge=union\n" }.joined()) }
    try repository.plan()
  }

  private var patterns: [String] { [repository.log("*"), repository.clock("*")] }

  /// Runs git and returns what it printed.
  @discardableResult
  func git(_ arguments: String..., in directory: String? = nil) throws -> String {
    try repository.git(arguments, in: directory)
  }

  /// Records an event and returns its id.
  @discardableResult
  func emit(_ arguments: String..., in directory: String? = nil) throws -> String {
    // The main branch names no feature.
    let words = ["emit", "--role", "implementer", "--json"] + (directory == nil ? ["--feature", "f"] : []) + arguments
    let result = try repository.startTool(words, in: directory).wait()
    #expect(result.status == 0 && result.errorText.isEmpty, "\(result.errorText)")
    return try record(result.document)
  }

  /// Takes into account what an `emit --json` recorded.
  @discardableResult
  func record(_ document: JSONObject?, result: String = "success") throws -> String {
    #expect(document?["result"]?.text == result)
    let id = try #require(document?["event_id"]?.text)
    due[try #require(document?["feature"]?.text), default: []].append(id)
    return id
  }

  /// The worktree of a work package with one commit and as many events as told; where logs are tracked, it is committed
  /// with them.
  @discardableResult
  func workPackage(_ wpID: String, events count: Int = 2) throws -> String {
    let worktree = try repository.startWork(on: wpID)
    try work(wpID, in: worktree, events: count)
    return worktree
  }

  /// Works on in a worktree: a commit, and events that are recorded for it.
  func work(_ name: String, in worktree: String, events count: Int = 1) throws {
    try repository.work(in: worktree, "\(name).txt")
    for _ in 0..<count { try emit(in: worktree) }
    if logs != .hidden { try repository.commit("Record \(name)", in: worktree) }
  }

  /// Commits a file on the main branch.
  @discardableResult
  func advance(_ name: String = "meanwhile") throws -> String {
    try repository.write("\(name).txt", "\(name)\n")
    return try repository.commit("Go on: \(name)")
  }

  /// Merges a branch into the one that is checked out, with a commit of its own.
  func merge(_ branch: String, _ arguments: String...) throws {
    try repository.git(["merge", "--quiet", "--no-ff", "--no-edit"] + arguments + [branch])
  }

  /// Removes worktrees and their branches by force.
  func abandon(_ wpIDs: String...) throws {
    for wpID in wpIDs { try repository.abandon(wpID) }
  }

  /// Lets git forget every commit that no reference holds.
  func collectGarbage() throws {
    try git("reflog", "expire", "--expire=now", "--all")
    try git("gc", "--quiet", "--prune=now")
  }

  /// The work package's path.
  func worktree(of wpID: String) -> String { "\(repository.path)/.worktrees/f-\(wpID)" }

  /// Says that the events of `feature` are due in the log of another folder now.
  func rename(_ feature: String, to other: String) {
    due[other, default: []] += due.removeValue(forKey: feature) ?? []
  }

  /// Plays a step whose events are not due in `place`, and returns what makes them due.
  @discardableResult
  func apart(_ step: () throws -> Void) rethrows -> [String: [String]] {
    let before = due
    try step()
    defer { due = before }
    return due.mapValues { $0 }.merging(before) { all, known in all.filter { !known.contains($0) } }
  }

  /// Says that events which were recorded apart are due now.
  func arrive(_ events: [String: [String]]) {
    due.merge(events) { $0 + $1 }
  }

  /// Heals and commits the result.
  func commitLog() throws {
    try heal(by: ["merge", "--commit"])
  }
}
