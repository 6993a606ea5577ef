internal import Events
internal import Git
internal import Journal
internal import SystemPackage

// A commit of exactly the logs and clocks that a merge has written, made by git itself: the user's hooks run, and what
// the user has staged stays staged. None of our locks is held meanwhile, since those hooks may record events.

extension Merger {
  /// Commits the logs and clocks of a merge's features where HEAD does not have them as they are, and notes in `report`
  /// which commit has them.
  ///
  /// Why a commit could not be made is one of the report's troubles: logs, clocks and notes are joined all the same.
  ///
  /// - Throws: ``TelemetryError`` with `environment` when the repository cannot be opened.
  package func commit(_ report: inout MergeReport) throws(TelemetryError) {
    do {
      let workTree: String
      do {
        let repository = try Repository(discoveredFrom: directory.string)
        if let operation = repository.operationInProgress, operation != .bisect {
          report.troubles.append(
            "cannot commit logs and clocks now: git \(operation) is in progress; finish it, then merge again")
          return
        }
        workTree = repository.workTree ?? ""
      }
      let changed = try changedFiles(of: report)
      if !changed.isEmpty, let refusal = try commit(changed, in: workTree) {
        report.troubles.append("cannot commit logs and clocks: \(printable(refusal)); run: git commit")
        return
      }
      try finish(&report)
    } catch let error as TelemetryError {
      throw error
    } catch {
      throw TelemetryError(.environment, "\(error)")
    }
  }

  /// The logs and clocks that HEAD does not have as they are.
  private func changedFiles(of report: MergeReport) throws -> [String] {
    let repository = try Repository(discoveredFrom: directory.string)
    let tree = try repository.head().commit.flatMap { id throws(GitError) in try repository.commit(id)?.tree }
    var changed: [String] = []
    for feature in report.features {
      for name in [LogFile.name, ClockFile.name] {
        let path = "\(FeatureLocation.root)/\(feature.feature)/\(name)"
        let committed = try tree.flatMap { tree throws(GitError) in try repository.entry(at: path, in: tree)?.id }
        guard let now = try repository.blobName(ofFile: path), now != committed else { continue }
        changed.append(path)
      }
    }
    return changed
  }

  /// Commits `paths` and nothing else; returns why git refused, if it did.
  private func commit(_ paths: [String], in workTree: String) throws(GitError) -> String? {
    func git(_ arguments: [String], _ paths: [String]) throws(GitError) -> GitCommand.Outcome {
      // Names of features are no patterns.
      try GitCommand.run(arguments + ["--"] + paths.map { ":(literal)\($0)" }, in: workTree)
    }
    let listed = try git(["ls-files", "-z"], paths)
    let tracked = Set(listed.text.split(separator: "\0").map(String.init))
    let new = paths.filter { !tracked.contains($0) }
    if !new.isEmpty {
      // A commit of named files takes only what git tracks.
      let added = try git(["add", "--force", "--intent-to-add"], new)
      guard added.status == 0 else { return added.reason }
    }
    let committed = try git(["commit", "--quiet", "--only", "-m", "Join telemetry"], paths)
    guard committed.status != 0 else { return nil }
    if !new.isEmpty { _ = try git(["rm", "--quiet", "--cached", "--force"], new) }
    return committed.reason
  }

  /// Notes the commit, and drops from the journal what it keeps now.
  private func finish(_ report: inout MergeReport) throws {
    let repository = try Repository(discoveredFrom: directory.string)
    let head = try repository.head()
    guard let id = head.commit else { return }
    for index in report.features.indices { report.features[index].commit = id.description }
    guard JournalCompaction.mayCompact(at: head, in: repository) else { return }
    let features = try repository.features(of: id)
    var committed: [EventSet] = []
    for feature in report.features {
      guard let log = features[FeatureName(feature.feature)]?.log, let bytes = try repository.blob(log)
      else { continue }
      committed.append(EventSet(bytes))
    }
    let journal = CommonJournal(commonDirectory: FilePath(repository.commonDirectory))
    let lock = try journal.lock(within: Merger.patience)
    try journal.compact(committed: committed, noted: report.noted)
    _ = consume lock
  }
}
