/// History in a shallow clone, where parents may be absent.
///
/// libgit2 1.5 knows nothing of cut-off histories: its walks fail at the first absent parent. Such
/// clones are small, so plain walks over whole histories do here.
extension Repository {
  func walkWhatIsPresent(
    from starts: [ObjectID], hiding hidden: [ObjectID], firstParentOnly: Bool,
    _ visit: (ObjectID) throws(GitError) -> Bool
  ) throws(GitError) {
    var seen = try presentAncestors(of: hidden)
    var queue: [Commit] = []
    func enqueue(_ id: ObjectID) throws(GitError) {
      guard seen.insert(id).inserted, let commit = try commit(id) else { return }
      let place = queue.firstIndex { $0.time >= commit.time } ?? queue.endIndex
      queue.insert(commit, at: place)
    }
    for start in starts { try enqueue(start) }
    // The queue is kept oldest first, so that the newest is cheap to take.
    while let newest = queue.popLast() {
      guard try visit(newest.id) else { return }
      for parent in newest.parents.prefix(firstParentOnly ? 1 : newest.parents.count) { try enqueue(parent) }
    }
  }

  /// Returns the commits of this clone that lead to one of `starts`, these included.
  func presentAncestors(of starts: [ObjectID]) throws(GitError) -> Set<ObjectID> {
    var seen = Set(starts)
    var waiting = Array(seen)
    while let next = waiting.popLast() {
      guard let commit = try commit(next) else {
        seen.remove(next)
        continue
      }
      for parent in commit.parents where seen.insert(parent).inserted { waiting.append(parent) }
    }
    return seen
  }
}
