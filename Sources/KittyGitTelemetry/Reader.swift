internal import Events
internal import Git
internal import Journal
internal import Notes
package import Reports
package import SystemPackage

/// Opens logs to be reported on.
package struct Reader {
  private let directory: FilePath

  /// Creates a reader that works from `directory`, as git does with `-C`.
  package init(directory: FilePath) { self.directory = directory }

  /// The logs of the features in the work tree whose names match `pattern`; of all without one.
  ///
  /// Where the log of a worktree is left alone, the journal has what was recorded there.
  package func logs(of pattern: NamePattern?) throws(TelemetryError) -> EventLogs {
    try environmental {
      let repository = try Repository(discoveredFrom: directory.string)
      guard let workTree = repository.workTree.map({ FilePath($0) }) else {
        throw TelemetryError(
          .environment,
          "cannot read logs in \(repository.gitDirectory): a bare repository has no work tree; name a branch with --ref"
        )
      }
      let root = workTree.appending(FeatureLocation.root)
      let journaled = try journaledLines(in: repository)
      let folders = FileSystem.names(in: root).filter { FileSystem.isDirectory(root.appending($0)) }
      let features = Set((folders + journaled.keys.map(\.description)).map(FeatureName.init))
        .filter { pattern?.matches($0.description) ?? true }.sorted()
      var logs: [EventLogs.Log] = []
      for (rank, feature) in features.enumerated() {
        let rank = pattern == nil ? 0 : rank
        if let input = try LineInput(LogFile(in: root.appending(feature.description)).path) {
          logs.append(EventLogs.Log(input: input, rank: rank))
        }
        if let lines = journaled[feature] { logs.append(EventLogs.Log(input: LineInput(lines), rank: rank)) }
      }
      return EventLogs(logs: logs, features: features.count)
    }
  }

  /// What the journal has of features whose logs are left alone in this worktree.
  private func journaledLines(in repository: borrowing Repository) throws -> [FeatureName: [UInt8]] {
    guard repository.isLinkedWorktree else { return [:] }
    let head = try repository.head()
    let name = FilePath(repository.gitDirectory).lastComponent?.string
    let journal = CommonJournal(commonDirectory: FilePath(repository.commonDirectory))
    var lines: [FeatureName: [UInt8]] = [:]
    var isLeftAlone: [FeatureName: Bool] = [:]
    for record in try journal.records() where record.worktree == name {
      let feature = FeatureName(record.feature)
      let folder = "\(FeatureLocation.root)/\(feature)"
      guard record.directory == folder else { continue }
      let known = isLeftAlone[feature]
      let isAlone = try known ?? LogVisibility.isLeftAlone("\(folder)/\(LogFile.name)", in: repository, at: head)
      isLeftAlone[feature] = isAlone
      if isAlone { lines[feature, default: []] += record.event + [0x0A] }
    }
    return lines
  }

  /// The logs of the features in the commit that `revision` names, without checking it out.
  package func logs(of pattern: NamePattern?, at revision: String) throws(TelemetryError) -> EventLogs {
    try environmental {
      let repository = try Repository(discoveredFrom: directory.string)
      let commit = try commit(named: revision, in: repository)
      let features = try repository.features(of: commit)
        .filter { pattern?.matches($0.key.description) ?? true }.sorted { $0.key < $1.key }
      var logs: [EventLogs.Log] = []
      for (rank, feature) in features.enumerated() {
        guard let blob = feature.value.log else { continue }
        guard let text = try repository.blob(blob) else {
          throw TelemetryError(
            .environment,
            "cannot read the log of \(printable(feature.key.description)) at \(printable(revision)): this clone does "
              + "not have it; run: git cat-file -p \(blob), which fetches it in a partial clone")
        }
        logs.append(EventLogs.Log(input: LineInput(text), rank: pattern == nil ? 0 : rank))
      }
      return EventLogs(logs: logs, features: features.count)
    }
  }

  /// The events that the commits of `revisions` carry: `A..B`, those that lead to B and not to A; or one commit.
  package func events(on revisions: String) throws(TelemetryError) -> EventLogs {
    try environmental {
      let repository = try Repository(discoveredFrom: directory.string)
      let commits = try commits(of: revisions, in: repository)
      let carriers = try EventCarriers(on: commits, in: repository)
      return EventLogs(
        logs: [EventLogs.Log(input: LineInput(carriers.lines(on: commits)))], features: 1,
        oversizedNotes: carriers.oversizedNotes)
    }
  }

  /// The events in a text.
  package static func events(in text: [UInt8]) -> EventLogs {
    EventLogs(logs: [EventLogs.Log(input: LineInput(text))], features: 1)
  }

  /// Which commit carries each event that notes and journal know, and how many notes are too large to be read.
  package func commitsOfEvents() throws(TelemetryError) -> (commits: EventCommits, oversizedNotes: Int) {
    try environmental {
      let repository = try Repository(discoveredFrom: directory.string)
      let carriers = try EventCarriers(in: repository)
      return (carriers.commits, carriers.oversizedNotes)
    }
  }

  private func commits(of revisions: String, in repository: borrowing Repository) throws -> Set<ObjectID> {
    guard let dots = revisions.firstRange(of: "..") else { return [try commit(named: revisions, in: repository)] }
    guard !revisions[dots.upperBound...].hasPrefix(".") else {
      throw TelemetryError(
        .usage, "cannot use \(printable(revisions)): three dots name both sides; write A..B for the commits of B alone")
    }
    func end(_ text: Substring) throws -> ObjectID {
      try commit(named: text.isEmpty ? "HEAD" : String(text), in: repository)
    }
    let (base, tip) = (try end(revisions[..<dots.lowerBound]), try end(revisions[dots.upperBound...]))
    var commits: Set<ObjectID> = []
    try repository.walk(from: [tip], hiding: [base]) { id throws(GitError) in
      commits.insert(id)
      return true
    }
    return commits
  }

  private func commit(named revision: String, in repository: borrowing Repository) throws -> ObjectID {
    guard let commit = try repository.commit(named: revision) else {
      throw TelemetryError(
        .environment, "cannot read \(printable(revision)): there is no such commit; name a branch or a commit")
    }
    return commit
  }
}
