internal import Events
internal import Git
internal import Journal
internal import SystemPackage

// What is due here.
extension MergeSession {
  /// An event that is due at HEAD.
  struct DueEvent {
    let id: EventID
    let lines: Set<[UInt8]>
    /// Whether none of its notes is on a commit that leads to HEAD, or to one that is being merged.
    let needsHome: Bool
  }

  /// The due events that notes and journal know, by the folder they belong to.
  func due(
    by reach: Reachability, in logs: [String: FeatureSources], _ repository: borrowing Repository
  ) throws -> [String: [DueEvent]] {
    var due: [String: [DueEvent]] = [:]
    let logged = loggedIDs(in: logs)
    let worktrees = try repository.worktrees()
    let branches = Set(try repository.references().map(\.name))
    for (id, entry) in events.entries {
      let isHere = !entry.carriers.isDisjoint(with: reach.fromHead)
      let isNamed = !entry.carriers.isDisjoint(with: reach.fromNamed)
      let isSquashed = entry.carriers.contains { reach.squashedInto[$0] != nil }
      let isAlive = !entry.carriers.isDisjoint(with: reach.fromElsewhere)
      let isHomeless: Bool
      if entry.carriers.isEmpty {
        isHomeless = entry.record.map { Self.isAbandoned($0, worktrees, branches) } ?? false
      } else if isAlive || reach.isPartial {
        isHomeless = false
      } else {
        // Of a commit that this clone never had, nobody can say here that it is gone.
        let isKnown = entry.record != nil || logged[id] != nil
        isHomeless = try isKnown || entry.carriers.contains { carrier in try repository.commit(carrier) != nil }
      }
      guard isHere || isNamed || isSquashed || isHomeless else { continue }
      guard let feature = folder(of: entry, id, in: logs, logged) else { continue }
      let isNoted = !entry.notedOn.isDisjoint(with: reach.fromHead)
      let willBeNoted = isHere || (isNamed && isMerging)
      due[feature, default: []].append(DueEvent(id: id, lines: entry.lines, needsHome: !isNoted && !willBeNoted))
    }
    return due.mapValues { $0.sorted { $0.id < $1.id } }
  }

  /// Whether the worktree or the branch that a waiting event was recorded on is gone.
  private static func isAbandoned(_ record: JournalRecord, _ worktrees: [Worktree], _ branches: Set<String>) -> Bool {
    guard let worktree = worktrees.first(where: { $0.name == record.worktree }), worktree.isPresent else { return true }
    return record.branch.map { $0 != worktree.branch && !branches.contains($0) } ?? false
  }

  /// Which log holds which of the events that notes and journal know.
  private func loggedIDs(in logs: [String: FeatureSources]) -> [EventID: String] {
    var folders: [EventID: String] = [:]
    let known = Set(events.entries.keys)
    for (feature, sources) in logs {
      for id in sources.events.members(among: known) { folders[id] = feature }
    }
    return folders
  }

  /// The folder of an event: that of the log which has it, else where it was recorded, else the one its feature names.
  private func folder(
    of entry: KnownEvents.Entry, _ id: EventID, in logs: [String: FeatureSources], _ logged: [EventID: String]
  ) -> String? {
    let recorded = entry.record.flatMap { FilePath($0.directory).lastComponent?.string }
    return [logged[id], recorded, entry.aggregateID].compactMap(\.self).first { logs[$0] != nil }
  }

  /// Gives waiting events the commit that took their work in: the first one made on their branch since.
  mutating func settleWaiting(in repository: borrowing Repository) throws {
    guard repository.operationInProgress == nil else { return }
    for entry in events.entries.values {
      guard let record = entry.record, record.waits, let branch = record.branch,
        let tip = try repository.reference(branch)
      else { continue }
      let start = record.head.flatMap { ObjectID(hex: $0) }
      var first: ObjectID?
      try repository.walk(from: [tip], hiding: start.map { [$0] } ?? [], firstParentOnly: true) { id throws(GitError) in
        guard let commit = try repository.commit(id) else { return false }
        if commit.parents.first == start { first = id }
        return first == nil
      }
      guard let first else { continue }
      let settled = JournalRecord(
        event: record.event, directory: record.directory, worktree: record.worktree, branch: branch,
        head: record.head, commit: first.description)
      try journal.append([settled])
      events.add(settled)
    }
  }
}
