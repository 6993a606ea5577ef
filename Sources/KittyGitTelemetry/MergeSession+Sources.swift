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
    /// The log as HEAD has it.
    var committed = EventSet()
    /// Whether the feature has a folder at HEAD or in the work tree, or a log in another commit.
    ///
    /// Notes alone make no folder.
    var hasFolder = false

    /// Takes in the lines of events.
    mutating func add(_ entries: [Set<[UInt8]>]) {
      events = events.joined(with: EventSet([LineBuffer(lines: entries.joined())]))
    }
  }

  /// Reads the logs and clocks of all features from commits and from the index, by the name of their folders.
  func readLogs(in repository: borrowing Repository) throws -> [String: FeatureSources] {
    var logs: [String: FeatureSources] = [:]
    // Branches share most of their files; each blob is read once.
    var seen: Set<ObjectID> = []
    for (position, commit) in commits.enumerated() {
      for (feature, files) in try repository.features(of: commit.id) {
        var sources = logs[feature] ?? FeatureSources()
        if position == 0 { sources.hasFolder = true }
        if let id = files.log, seen.insert(id).inserted, let bytes = try repository.blob(id) {
          let events = EventSet(bytes)
          sources.events = sources.events.joined(with: events)
          sources.hasFolder = true
          if position == 0 { sources.committed = events }
        }
        if let id = files.clock, seen.insert(id).inserted, let bytes = try repository.blob(id) {
          sources.clocks = sources.clocks.joined(with: ClockTable.read(bytes).table)
        }
        logs[feature] = sources
      }
    }
    let root = workTree.appending(FeatureLocation.root)
    for feature in FileSystem.names(in: root) where FileSystem.isDirectory(root.appending(feature)) {
      guard (try? FeatureLocation.check(feature: feature)) != nil else { continue }
      logs[feature, default: FeatureSources()].hasFolder = true
    }
    for feature in logs.keys {
      let path = "\(FeatureLocation.root)/\(feature)/"
      for id in try stages(of: path + LogFile.name, in: repository) {
        guard seen.insert(id).inserted, let bytes = try repository.blob(id), let events = logs[feature]?.events
        else { continue }
        logs[feature]?.events = events.joined(with: EventSet(bytes))
      }
      for id in try stages(of: path + ClockFile.name, in: repository) {
        guard let bytes = try repository.blob(id), let clocks = logs[feature]?.clocks else { continue }
        logs[feature]?.clocks = clocks.joined(with: ClockTable.read(bytes).table)
      }
    }
    return logs.filter { $0.value.hasFolder }
  }

  private func stages(of path: String, in repository: borrowing Repository) throws(GitError) -> [ObjectID] {
    guard let conflict = try repository.conflict(at: path) else { return [] }
    return [conflict.ancestor, conflict.ours, conflict.theirs].compactMap(\.self)
  }
}
