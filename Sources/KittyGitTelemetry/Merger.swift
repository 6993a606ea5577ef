internal import Events
internal import Git
internal import Journal
internal import Notes
package import SystemPackage

/// Joins what branches, notes and the journal know into the logs, clocks and notes of the branch that is checked out.
///
/// Due there are the events whose commit leads to HEAD or to a named revision, those that were squashed here, those
/// that have lost their home, and all that the logs of the parents hold. Events of lanes that are still alive stay
/// where they are.
package struct Merger {
  private let directory: FilePath

  private static let patience: Duration = .seconds(5)

  /// Creates a merger that works from `directory`, as git does with `-C`.
  package init(directory: FilePath) { self.directory = directory }

  /// Joins, and returns what was done.
  ///
  /// `revisions` name branches or commits whose events are due although no merge led to them, as after a squash.
  /// With `feature` only that one is joined.
  ///
  /// - Throws: ``TelemetryError`` with `usage` for a feature that cannot be one, with `environment` where there is no
  ///   work tree to merge in, a revision is not there, or the repository failed.
  package func merge(_ revisions: [String], feature: String?) throws(TelemetryError) -> MergeReport {
    if let feature { try FeatureLocation.check(feature: feature) }
    return try environmental {
      let repository = try Repository(discoveredFrom: directory.string)
      guard let workTree = repository.workTree else {
        throw TelemetryError(
          .environment,
          "cannot merge in \(repository.gitDirectory): a bare repository has no work tree; run it in a worktree")
      }
      var named: [ObjectID] = []
      for revision in revisions {
        guard let commit = try repository.commit(named: revision) else {
          throw TelemetryError(
            .environment, "cannot merge \(printable(revision)): there is no such commit; name a branch or a commit")
        }
        named.append(commit)
      }
      let journal = CommonJournal(commonDirectory: FilePath(repository.commonDirectory))
      let early = MergeSession.EarlyNotes(in: repository)
      let lock = try journal.lock(within: Merger.patience)
      var session = try MergeSession(
        head: try repository.head(), early: early, named: Array(zip(revisions, named)), workTree: FilePath(workTree),
        journal: journal, in: repository, within: Merger.patience)
      try session.run(onlyFeature: feature.map(FeatureName.init), in: repository, within: Merger.patience)
      _ = consume lock
      return session.report
    }
  }
}
