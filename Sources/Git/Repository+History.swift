extension Repository {
  /// Returns the best commit that leads to both, as a merge would take it for its base; `nil` when none does.
  package func mergeBase(of one: ObjectID, _ other: ObjectID) throws(GitError) -> ObjectID? {
    try plumbing.mergeBase(of: one, other)
  }

  /// Visits the commits that lead to `starts` and not to `hidden`, newest first, until `visit` answers false.
  ///
  /// Commits that this clone does not have are passed over, whether they were given or met on the way; so a walk ends
  /// quietly where a shallow clone's history was cut off.
  package func walk(
    from starts: [ObjectID], hiding hidden: [ObjectID] = [], firstParentOnly: Bool = false,
    _ visit: (ObjectID) throws(GitError) -> Bool
  ) throws(GitError) {
    if isShallow {
      return try walkWhatIsPresent(from: starts, hiding: hidden, firstParentOnly: firstParentOnly, visit)
    }
    try plumbing.walk(
      from: try present(starts), hiding: try present(hidden), firstParentOnly: firstParentOnly, visit)
  }

  private func present(_ ids: [ObjectID]) throws(GitError) -> [ObjectID] {
    var present: [ObjectID] = []
    for id in ids where try contains(id) { present.append(id) }
    return present
  }
}
