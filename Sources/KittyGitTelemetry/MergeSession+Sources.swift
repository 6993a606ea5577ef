internal import Events
internal import Git
internal import Journal
internal import SystemPackage

// Where the lines of a feature come from.
extension MergeSession {
  /// The replicas of one feature's log and clock.
  struct FeatureSources {
    /// What the logs hold, that of the work tree excepted.
    var events = EventSet()
    /// What the clocks say, that of the work tree excepted.
    var clocks = ClockTable()
    /// The values among them that a clock may go on from; one that is not must not hide the others.
    var basis = ClockTable()
    /// The blobs that were read; branches share most of them.
    private var seen: Set<ObjectID> = []
    /// The log as HEAD has it.
    var committed = EventSet()
    /// The folder as HEAD has it, and the log in it.
    var committedTree: ObjectID?
    var committedLog: ObjectID?
    /// Whether a log was not read since it is the one that the checkpoint knows.
    var isAsBefore = false
    /// The clock as HEAD has it.
    var committedClock = ClockFile.Content.absent
    /// Whether the feature has a folder at HEAD, in the work tree, or in a commit that is being merged or named.
    ///
    /// Notes alone make no folder, and neither does a parent: whoever renamed or dropped a feature since meant it.
    var hasFolder = false

    /// The blobs that this clone does not have.
    private(set) var absent: [ObjectID] = []

    /// Takes in a log or clock that git keeps as a blob; `nil` when there is none, or it was taken in before.
    mutating func read(_ id: ObjectID?, in repository: borrowing Repository) throws(GitError) -> [UInt8]? {
      guard let id, seen.insert(id).inserted else { return nil }
      let bytes = try repository.blob(id)
      if bytes == nil { absent.append(id) }
      return bytes
    }

    /// Takes in a clock.
    mutating func add(_ clock: ClockTable) {
      clocks = clocks.joined(with: clock)
      basis = basis.joined(with: clock.trusted)
    }

    /// Takes in the lines of events.
    mutating func add(_ entries: [Set<[UInt8]>]) {
      events = events.joined(with: EventSet([LineBuffer(lines: Array(entries.joined()))]))
    }
  }

  /// Reads the logs and clocks of all features from commits and from the index, by the name of their folders.
  ///
  /// With a checkpoint the logs that it knows are read only of the feature that is merged.
  func readLogs(in repository: borrowing Repository) throws -> [FeatureName: FeatureSources] {
    var logs: [FeatureName: FeatureSources] = [:]
    var known: [FeatureName: CommittedFeature] = [:]
    for folder in checkpoint?.folders ?? [] where !isMerged(folder.name) {
      guard let tree = folder.tree else { continue }
      known[folder.name] = CommittedFeature(tree: tree, log: folder.log, clock: nil)
    }
    for (position, commit) in commits.enumerated() {
      let isDue = position == 0 || named.contains(commit.id)
      for (feature, files) in try repository.features(of: commit.id, known: known) {
        var sources = logs[feature] ?? FeatureSources()
        if position == 0 { (sources.committedTree, sources.committedLog) = (files.tree, files.log) }
        if isDue, position == 0 || files.log != nil { sources.hasFolder = true }
        if !isMerged(feature), let log = files.log, checkpoint?.folder(feature)?.log == log {
          sources.isAsBefore = true
        } else if let bytes = try sources.read(files.log, in: repository) {
          let events = EventSet(bytes)
          sources.events = sources.events.joined(with: events)
          if position == 0 { sources.committed = events }
        }
        if let bytes = try sources.read(files.clock, in: repository) {
          let reading = ClockTable.read(bytes)
          sources.add(reading.table)
          if position == 0 { sources.committedClock = reading.isWhole ? .whole(reading.table) : .broken(reading.table) }
        }
        logs[feature] = sources
      }
    }
    guard let workTree else { return logs.filter { $0.value.hasFolder } }
    for feature in MergeSession.features(in: workTree) {
      logs[feature, default: FeatureSources()].hasFolder = true
    }
    let conflicts = try conflicts(in: repository)
    for feature in conflicts.isEmpty ? [] : Array(logs.keys) {
      var sources = logs[feature] ?? FeatureSources()
      let path = "\(FeatureLocation.root)/\(feature)/"
      for id in conflicts.versions(of: path + LogFile.name) {
        guard let bytes = try sources.read(id, in: repository) else { continue }
        sources.events = sources.events.joined(with: EventSet(bytes))
      }
      for id in conflicts.versions(of: path + ClockFile.name) {
        if let bytes = try sources.read(id, in: repository) { sources.add(ClockTable.read(bytes).table) }
      }
      logs[feature] = sources
    }
    return logs.filter { $0.value.hasFolder }
  }

  /// Whether this join is about a feature.
  func isMerged(_ feature: FeatureName) -> Bool { scope.feature.map { FeatureName($0) == feature } ?? true }

  /// The features that have a folder in a work tree.
  private static func features(in workTree: FilePath) -> [FeatureName] {
    let root = workTree.appending(FeatureLocation.root)
    return FileSystem.names(in: root)
      .filter { FileSystem.isDirectory(root.appending($0)) && (try? FeatureLocation.check(feature: $0)) != nil }
      .map(FeatureName.init)
  }

  /// Whether a worktree is another one than that which is written to.
  func isOther(_ worktree: Worktree) -> Bool {
    worktree.isPresent && worktree.head != nil
      && FileSystem.resolved(FilePath(worktree.path)) != workTree.map(FileSystem.resolved)
  }

  /// Reads the logs of the other worktrees: those of programs that write neither notes nor a journal.
  mutating func readWorktrees() throws(JournalError) {
    for worktree in worktrees where isOther(worktree) {
      guard let head = worktree.head else { continue }
      let path = FilePath(worktree.path)
      for feature in MergeSession.features(in: path) {
        let log = LogFile(in: path.appending(FeatureLocation.root).appending(feature.description))
        if let snapshot = try log.read() { events.read(log: snapshot.storage, of: feature, at: head) }
      }
    }
  }

  /// The conflicts in the index.
  private func conflicts(in repository: borrowing Repository) throws(GitError) -> [(path: String, conflict: Conflict)] {
    try ifReadable { () throws(GitError) in try repository.conflicts() } ?? []
  }

  /// The conflict at `path`; `nil` when there is none.
  func conflict(at path: String, in repository: borrowing Repository) throws(GitError) -> Conflict? {
    try ifReadable { () throws(GitError) in try repository.conflict(at: path) } ?? nil
  }

  /// What the index says; `nil` when it cannot be read, and nothing depends on it.
  private func ifReadable<Answer>(_ question: () throws(GitError) -> Answer) throws(GitError) -> Answer? {
    do {
      return try question()
    } catch {
      // An index that cannot be read stands in the way only of a merge that it has to tell of.
      guard error.code == .unsupported, !isMerging else { throw error }
      return nil
    }
  }
}

extension [(path: String, conflict: Conflict)] {
  /// The blobs of what is in conflict at `path`.
  fileprivate func versions(of path: String) -> [ObjectID] {
    filter { $0.path.utf8.elementsEqual(path.utf8) }
      .flatMap { [$0.conflict.ancestor, $0.conflict.ours, $0.conflict.theirs].compactMap(\.self) }
  }
}
