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

  /// The commits that had lines which a commit after them may have lost: further commits would hide that.
  private static func losses(
    before head: ObjectID, in repository: borrowing Repository
  ) throws(GitError) -> [ObjectID] {
    var losses: [ObjectID] = []
    try repository.walk(from: [head]) { id throws(GitError) in
      guard let parents = try repository.commit(id)?.parents else { return true }
      if try mayHaveLost(id, parents, in: repository) { losses += parents }
      return true
    }
    return losses
  }

  /// Whether a commit's logs are too short to have all lines of its parents.
  ///
  /// Logs only grow. Of two parents' logs a merge has to have the length of both, without that of their base; one that
  /// took one side only has less. No log is read for that.
  private static func mayHaveLost(
    _ commit: ObjectID, _ parents: [ObjectID], in repository: borrowing Repository
  ) throws(GitError) -> Bool {
    guard !parents.isEmpty, parents.count < 3 else { return !parents.isEmpty }
    let now = try logs(of: commit, in: repository)
    var before: [[FeatureName: ObjectID]] = []
    for parent in parents {
      let then = try logs(of: parent, in: repository)
      if then.root != now.root { before.append(then.blobs) }
    }
    guard !before.isEmpty else { return false }
    func length(_ log: ObjectID?) throws(GitError) -> Int {
      try log.flatMap { log throws(GitError) in try repository.blobSize(log) } ?? 0
    }
    var base: [FeatureName: ObjectID] = [:]
    if parents.count == 2, let common = try repository.mergeBase(of: parents[0], parents[1]) {
      base = try logs(of: common, in: repository).blobs
    }
    for feature in Set(before.flatMap(\.keys)) {
      var expected = -(try length(base[feature]))
      if parents.count > before.count { expected += try length(now.blobs[feature]) }
      for logs in before { expected += try length(logs[feature]) }
      if try length(now.blobs[feature]) < expected { return true }
    }
    return false
  }

  /// The logs of a commit, and the tree that has them.
  private static func logs(
    of id: ObjectID, in repository: borrowing Repository
  ) throws(GitError) -> (root: TreeEntry?, blobs: [FeatureName: ObjectID]) {
    guard let tree = try repository.commit(id)?.tree else { return (nil, [:]) }
    let root = try repository.entry(at: FeatureLocation.root, in: tree)
    return (root, try repository.features(of: id).compactMapValues(\.log))
  }
}
