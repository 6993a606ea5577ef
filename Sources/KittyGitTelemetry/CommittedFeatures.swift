internal import Git
internal import Journal

/// The telemetry of one feature as a commit holds it.
struct CommittedFeature {
  /// The folder.
  let tree: ObjectID
  /// The blob of the log.
  let log: ObjectID?
  /// The blob of the clock.
  let clock: ObjectID?
}

extension Repository {
  /// The features of the commit `id` by the names of their folders, those without telemetry included.
  ///
  /// Empty when this clone does not have the commit. A folder that is the same as in `known` is not read.
  func features(
    of id: ObjectID, known: [FeatureName: CommittedFeature] = [:]
  ) throws(GitError) -> [FeatureName: CommittedFeature] {
    guard let commit = try commit(id), let root = try entry(at: FeatureLocation.root, in: commit.tree),
      root.kind == .tree
    else { return [:] }
    var features: [FeatureName: CommittedFeature] = [:]
    for folder in try tree(root.id) where folder.kind == .tree {
      // A name that no feature can have is somebody else's folder.
      guard (try? FeatureLocation.check(feature: folder.name)) != nil else { continue }
      let feature = FeatureName(folder.name)
      if let known = known[feature], known.tree == folder.id {
        features[feature] = known
        continue
      }
      let files = try tree(folder.id)
      features[feature] = CommittedFeature(
        tree: folder.id, log: files.first { $0.name == LogFile.name && $0.kind == .blob }?.id,
        clock: files.first { $0.name == ClockFile.name && $0.kind == .blob }?.id)
    }
    return features
  }
}
