internal import Events
internal import Git
internal import Journal

// Which commits are read.
extension MergeSession {
  /// The commits whose logs are joined, each with the name that the report gives it.
  static func commits(
    of place: Place, _ mergeHeads: [ObjectID], _ scope: MergeScope, in repository: borrowing Repository
  ) throws(GitError) -> [(name: String, id: ObjectID)] {
    var commits: [(String, ObjectID)] = []
    if let id = place.head.commit {
      commits.append((scope.reference ?? "HEAD", id))
      for parent in try repository.commit(id)?.parents ?? [] { commits.append(("parent \(parent)", parent)) }
      if scope.healsAll { commits += try losses(before: id, in: repository).map { ("parent \($0)", $0) } }
    }
    commits += mergeHeads.map { ("MERGE_HEAD \($0)", $0) }
    commits += place.named.map { ("\($0.0) \($0.1)", $0.1) }
    return commits
  }

  /// The commits that had lines which a commit after them may have lost.
  ///
  /// These are the parents of merges, which may have taken one side only, and those whose logs have become shorter.
  private static func losses(
    before head: ObjectID, in repository: borrowing Repository
  ) throws(GitError) -> [ObjectID] {
    var losses: [ObjectID] = []
    try repository.walk(from: [head]) { id throws(GitError) in
      guard let parents = try repository.commit(id)?.parents else { return true }
      if parents.count > 1 {
        losses += parents
      } else if let parent = parents.first, try isShorter(id, than: parent, in: repository) {
        losses.append(parent)
      }
      return true
    }
    return losses
  }

  /// Whether a commit lacks a log that its parent has, or has a shorter one; logs only ever grow.
  private static func isShorter(
    _ commit: ObjectID, than parent: ObjectID, in repository: borrowing Repository
  ) throws(GitError) -> Bool {
    guard let now = try repository.commit(commit)?.tree, let then = try repository.commit(parent)?.tree,
      try repository.entry(at: FeatureLocation.root, in: now) != repository.entry(at: FeatureLocation.root, in: then)
    else { return false }
    let logs = try repository.features(of: commit)
    for (feature, before) in try repository.features(of: parent) {
      guard let old = before.log, let size = try repository.blobSize(old), old != logs[feature]?.log else { continue }
      let new = try logs[feature]?.log.flatMap { log throws(GitError) in try repository.blobSize(log) }
      if (new ?? 0) < size { return true }
    }
    return false
  }
}
