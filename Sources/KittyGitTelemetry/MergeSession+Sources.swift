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
  func readLogs(in repository: borrowing Repository) throws -> [FeatureName: FeatureSources] {
    var logs: [FeatureName: FeatureSources] = [:]
    for (position, commit) in commits.enumerated() {
      let isDue = position == 0 || named.contains(commit.id)
      for (feature, files) in try repository.features(of: commit.id) {
        var sources = logs[feature] ?? FeatureSources()
        if isDue, position == 0 || files.log != nil { sources.hasFolder = true }
        if let bytes = try sources.read(files.log, in: repository) {
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
    for feature in logs.keys {
      var sources = logs[feature] ?? FeatureSources()
      let path = "\(FeatureLocation.root)/\(feature)/"
      for id in try stages(of: path + LogFile.name, in: repository) {
        guard let bytes = try sources.read(id, in: repository) else { continue }
        sources.events = sources.events.joined(with: EventSet(bytes))
      }
      for id in try stages(of: path + ClockFile.name, in: repository) {
        if let bytes = try sources.read(id, in: repository) { sources.add(ClockTable.read(bytes).table) }
      }
      logs[feature] = sources
    }
    return logs.filter { $0.value.hasFolder }
  }

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

  private func stages(of path: String, in repository: borrowing Repository) throws(GitError) -> [ObjectID] {
    guard let conflict = try conflict(at: path, in: repository) else { return [] }
    return [conflict.ancestor, conflict.ours, conflict.theirs].compactMap(\.self)
  }

  /// The conflict at `path`; `nil` when there is none.
  func conflict(at path: String, in repository: borrowing Repository) throws(GitError) -> Conflict? {
    do {
      return try repository.conflict(at: path)
    } catch {
      // An index that cannot be read stands in the way only of a merge that it has to tell of.
      guard error.code == .unsupported, !isMerging else { throw error }
      return nil
    }
  }
}
