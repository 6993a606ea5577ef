import Foundation
import TestSupport

/// One random history of a repository whose agents are recorded, and the checks on what became of the records.
///
/// A seed determines what is attempted. It is a class because the operations change one history.
final class History {
  /// How the people of a repository work.
  struct Habits: CustomStringConvertible {
    /// What becomes of the logs in worktrees.
    enum Logs: CaseIterable {
      /// Git does not see them.
      case excluded
      /// Agents commit them, and git unites them.
      case united
      /// Nobody has told git anything.
      case loose
    }

    let logs: Logs
    /// How git joins notes when it rewrites commits; `nil` when it drops them.
    let rewriteMode: String?
    /// Whether somebody deletes the journal one day.
    let losesJournal: Bool

    var description: String {
      "logs \(logs), notes rewritten: \(rewriteMode ?? "no")\(losesJournal ? ", the journal may get lost" : "")"
    }
  }

  let shop: Workshop
  let habits: Habits
  private let seed: UInt64
  var generator: SeededGenerator
  var emissions = Emissions()
  /// The commits whose notes have had an event, by its id.
  private(set) var carriers: [String: Set<String>] = [:]
  /// The commits that squashes listed in their message, and the squashes.
  var squashes: [String: Set<String>] = [:]
  /// Whether the journal was deleted, so that the machine does not know any more what it had recorded.
  var hasLostJournal = false
  /// How often each operation had an effect.
  private(set) var counts: [String: Int] = [:]
  var nextPackage = 1
  var nextFile = 1

  /// Begins the history of `seed`, recorded by the program at `tool`.
  init(seed: UInt64, tool: String) throws {
    self.seed = seed
    generator = SeededGenerator(seed: seed)
    shop = try Workshop(tool: tool)
    habits = Habits(
      logs: Habits.Logs.allCases.randomElement(using: &generator) ?? .excluded,
      rewriteMode: [nil, "concatenate", "cat_sort_uniq"].randomElement(using: &generator) ?? nil,
      losesJournal: Int.random(in: 0..<100, using: &generator) < 15)
  }

  /// Plays until `count` operations had an effect, then puts everything in order and looks whether all is there.
  func play(_ count: Int) throws {
    try prepare()
    var attempts = 0
    while counts.values.reduce(0, +) < count {
      attempts += 1
      // Each attempt has numbers of its own, so that one that went another way does not change those after it.
      generator = SeededGenerator(seed: seed &* 1_000_003 &+ UInt64(attempts))
      shop.minutes += 1
      guard let step = Step.all.randomElement(using: &generator) else { return }
      shop.tell("# \(attempts): \(step.name)")
      if try step.run(self) { counts[step.name, default: 0] += 1 }
    }
    generator = SeededGenerator(seed: seed)
    shop.tell("# the end")
    try heal()
    try outlive()
  }

  private func prepare() throws {
    shop.tell("# \(habits)")
    try shop.git(["config", "gc.auto", "0"])
    // By the dates of these commits every reflog is old.
    for key in ["gc.reflogExpire", "gc.reflogExpireUnreachable"] { try shop.git(["config", key, "never"]) }
    if let mode = habits.rewriteMode {
      try shop.git(["config", "notes.rewriteRef", Workshop.notes])
      try shop.git(["config", "notes.rewriteMode", mode])
    }
    try shop.append(".worktrees/\n", to: shop.main.path + "/.gitignore")
    for feature in Workshop.features {
      try shop.append("A feature.\n", to: "\(shop.main.path)/kitty-specs/\(feature)/spec.md")
    }
    try shop.append("Shared.\n", to: shop.main.path + "/shared.txt")
    if habits.logs != .loose {
      let result = try shop.tool(["setup"] + (habits.logs == .united ? ["--track-log"] : []), at: shop.main)
      guard result.status == 0 else { throw Violation("setup ended with \(result.status): \(result.errorText)") }
    }
    try shop.git(["add", "--all"])
    try shop.git(["commit", "--quiet", "-m", "Plan"])
    for _ in 0..<2 { _ = try addWorktree() }
  }
}

// Chances.
extension History {
  func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &generator) < percent }

  func pick<Element>(_ elements: [Element]) -> Element? { elements.randomElement(using: &generator) }

  /// A lane that somebody works in, and now and then the main work tree.
  func anyPlace(mainPercent: Int = 25) -> Workshop.Place {
    chance(mainPercent) ? shop.main : pick(shop.lanes) ?? shop.main
  }
}

// What has been.
extension History {
  /// Takes note of what the notes hold, as nobody may see later.
  func remember(_ notes: [String: Lines]) {
    for (commit, lines) in notes {
      for id in lines.ids { carriers[id, default: []].insert(commit) }
    }
  }

  /// Whether the worktree that an event waits in still exists.
  func isWaitingAlive(_ waits: Emissions.Waiting) -> Bool {
    let place = waits.place == "main" ? shop.main : shop.place(waits.place)
    return shop.isFile(place.path + "/.git") && shop.isFile(place.gitDirectory)
  }

  /// The commit that an event waited for, if a reflog can still tell.
  func taker(of waits: Emissions.Waiting) -> String? {
    let place = waits.place == "main" ? shop.main : shop.place(waits.place)
    return isBusy(place) ? nil : waits.taker
  }

  /// Whether this machine can know that the commits which carried an event are gone, and not merely absent here.
  func knowsFate(of emission: Emissions.Emission, _ carriers: Set<String>) throws -> Bool {
    guard emission.isForgotten else { return true }
    return try !shop.objects(Array(carriers)).isEmpty
  }
}
