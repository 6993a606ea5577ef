import Foundation
import TestSupport

/// A command, and the repository that it is run in again and again, each time with another fault.
struct Scene: Sendable {
  /// What promises a command makes of its exit status.
  enum Promise: Sendable {
    /// 0 whatever happens, and one warning that says what was stored.
    case recording
    /// That of a hook: 0 whatever happens.
    case hook
    /// Whatever the agent's is.
    case agent
    /// 0 when all is done, otherwise not.
    case command
  }

  /// The feature that everything is recorded for.
  static let feature = "f"

  /// What the table calls it.
  let name: String
  /// The worktree that the command is run in; the main one for an empty name.
  var worktree = ""
  /// The arguments of the program.
  let arguments: [String]
  /// Standard input.
  var input: [UInt8] = []
  let promise: Promise
  /// Whether the command needs another process to hold the journal's lock, and so takes seconds.
  var isLocked = false
  /// Prepares the repository and returns the ids of the events that must be in the log of the worktree in the end.
  let prepare: @Sendable (World) throws -> [String]
  /// A line of the log that is no JSON from the beginning.
  var fragment: String?

  /// Makes the repository; returns what must be there in the end.
  func set(up world: World) throws -> [String] {
    try world.create(planning: Scene.feature)
    return try prepare(world)
  }
}

extension World {
  /// Hides logs from git, as `setup` does.
  func hideLogs() throws {
    try write(".git/info/exclude", "kitty-specs/*/execution.events.jsonl\nkitty-specs/*/.telemetry-clock.json\n")
  }

  /// Starts a work package: a worktree with a commit on a branch of its own, whose name is returned.
  @discardableResult
  func startWork(on wpID: String = "WP01", of feature: String = Scene.feature) throws -> String {
    let name = "\(feature)-\(wpID)"
    try git("worktree", "add", "--quiet", "-b", name, place(name))
    try commit("\(name).txt", in: place(name))
    return name
  }

  /// Records as many events in a worktree, one after the other; returns their ids.
  func record(_ count: Int, in worktree: String, _ arguments: String...) throws -> [String] {
    try (0..<count).flatMap { _ in
      let words = [tool, "emit", "--json", "--agent", "earlier", "--role", "implementer"] + arguments
      let result = try run(words, in: place(worktree))
      guard result.status == 0, let id = Answer.all(in: result.output).first?.id else {
        throw ProcessFailure(command: words.joined(separator: " "), result: result)
      }
      return [id]
    }
  }

  /// Records many events at once; returns their ids.
  func recordTogether(_ count: Int, in worktree: String) throws -> [String] {
    try emit("--events", "-", in: place(worktree), input: Scene.payloads(count))
  }

  /// Records an event that cannot get the journal's lock, and returns its id.
  func recordLate(in worktree: String) throws -> [String] {
    let words = lockHolder + [tool, "emit", "--json", "--agent", "earlier", "--role", "implementer"]
    let result = try run(words, in: place(worktree))
    guard result.status == 0, let answer = Answer.all(in: result.output).first, answer.stored.contains("journal"),
      let id = answer.id
    else { throw ProcessFailure(command: "a late emit", result: result) }
    return [id]
  }

  /// The words in front of a command that hold the journal's lock while it runs.
  var lockHolder: [String] { ["flock", repository + "/.git/kitty-telemetry/lock"] }

  /// Merges the branches of work packages, and removes their worktrees.
  func merge(_ branches: String..., squash: Bool = false) throws {
    for branch in branches {
      try git("merge", "--quiet", squash ? "--squash" : "--no-ff", branch)
      if squash { try git("commit", "--quiet", "--no-edit") }
      try git("worktree", "remove", "--force", place(branch))
      try git("branch", "--quiet", "-D", branch)
    }
  }
}

extension Scene {
  /// Payloads of events, one a line.
  static func payloads(_ count: Int) -> [UInt8] {
    Array(
      (1...count).map {
        #"{"agent": "earlier", "role": "implementer", "wp_id": "WP01", "input_tokens": \#($0)}"# + "\n"
      }.joined().utf8)
  }
}
