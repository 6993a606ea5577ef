// What git begins and cannot end by itself.
extension History {
  /// Something that git has begun in a work tree.
  private enum Unfinished: String {
    case merge, rebase, am, revert
    case cherryPick = "cherry-pick"
  }

  private func unfinished(at place: Workshop.Place) -> Unfinished? {
    func has(_ name: String) -> Bool { shop.isFile("\(place.gitDirectory)/\(name)") }
    if has("rebase-apply/applying") { return .am }
    if has("rebase-merge") || has("rebase-apply") { return .rebase }
    if has("CHERRY_PICK_HEAD") { return .cherryPick }
    if has("REVERT_HEAD") { return .revert }
    return has("MERGE_HEAD") ? .merge : nil
  }

  /// Whether something is under way in `place`.
  func isBusy(_ place: Workshop.Place) -> Bool { unfinished(at: place) != nil }

  /// Whether nothing is under way in `place`; what is may be finished first.
  func isReady(_ place: Workshop.Place) throws -> Bool {
    guard isBusy(place) else { return true }
    if chance(60) { try finish(at: place) }
    return !isBusy(place)
  }

  /// Does something with git that may end in conflicts, and deals with them one way or another.
  ///
  /// Returns whether anything came of it.
  func attempt(_ arguments: [String], at place: Workshop.Place, environment: [String: String] = [:]) throws -> Bool {
    if try shop.git(arguments, at: place, environment: environment) { return true }
    guard isBusy(place) else { return false }
    if chance(80) { try finish(at: place) }
    return true
  }

  /// Ends what is under way in `place`: it is given up, or its conflicts are resolved, now and then carelessly.
  func finish(at place: Workshop.Place) throws {
    if chance(60) {
      for _ in 0..<4 {
        guard let operation = unfinished(at: place) else { return }
        if chance(50) { try join(Join(), at: place) }
        try shop.git(["add", "--all"], at: place)
        if operation == .merge {
          _ = try commit(["--quiet", "--no-edit"], at: place)
        } else if try !shop.git([operation.rawValue, "--continue"], at: place), unfinished(at: place) == operation {
          try shop.git([operation.rawValue, "--skip"], at: place)
        }
      }
    }
    try giveUp(at: place)
  }

  /// Gives up what is under way in `place`.
  func giveUp(at place: Workshop.Place) throws {
    guard let operation = unfinished(at: place) else { return }
    if try shop.git([operation.rawValue, "--abort"], at: place) { return }
    // Files that git does not know stand in the way of what was there before.
    try shop.git(["reset", "--quiet", "--hard"], at: place)
    guard try !shop.git([operation.rawValue, "--abort"], at: place), isBusy(place) else { return }
    if operation != .merge { try shop.git([operation.rawValue, "--quit"], at: place) }
  }
}
