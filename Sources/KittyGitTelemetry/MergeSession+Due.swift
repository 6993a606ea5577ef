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
  mutating func due(
    by reach: Reachability, in logs: [FeatureName: FeatureSources], _ repository: borrowing Repository
  ) throws -> [FeatureName: [DueEvent]] {
    var due: [FeatureName: [DueEvent]] = [:]
    let logged = loggedIDs(in: logs)
    let aggregates = foldersOfAggregates(in: logs)
    var homelessFeatures: [FeatureName: Int] = [:]
    let branches = Set(try repository.references().map(\.name))
    let recorded = Set(try journal.recordedCommits().compactMap { ObjectID(hex: $0) })
    for (id, entry) in events.entries {
      let isHere = !entry.carriers.isDisjoint(with: reach.fromHead)
      let isNamed = !entry.carriers.isDisjoint(with: reach.fromNamed)
      let isSquashed = entry.carriers.contains { reach.successors.squashed[$0] != nil }
      let isAlive = !entry.carriers.isDisjoint(with: reach.fromElsewhere)
      let isHomeless: Bool
      if entry.carriers.isEmpty {
        // On a commit that leads nowhere none will be made.
        let isLeft = !reach.isPartial && entry.waitsOn.map { !reach.isReachable($0) } ?? false
        isHomeless = isLeft || entry.record.map { Self.isAbandoned($0, worktrees, branches) } ?? false
      } else if isAlive || reach.isPartial {
        isHomeless = false
      } else {
        // Of a commit that this clone never had, nobody can say here that it is gone.
        let isKnown = entry.record != nil || logged[id] != nil || !entry.carriers.isDisjoint(with: recorded)
        isHomeless = try isKnown || entry.carriers.contains { carrier in try repository.commit(carrier) != nil }
      }
      guard isHere || isNamed || isSquashed || isHomeless else { continue }
      guard let feature = folder(of: entry, id, in: logs, logged, aggregates) else {
        homelessFeatures[entry.aggregateID, default: 0] += 1
        continue
      }
      let isNoted = !entry.notedOn.isDisjoint(with: reach.fromHead)
      let willBeNoted = isHere || !entry.carriers.isDisjoint(with: reach.fromMerging)
      // What a shallow clone does not have may be noted where this one cannot see it.
      let needsHome = !isNoted && !willBeNoted && !reach.isPartial
      due[feature, default: []].append(DueEvent(id: id, lines: entry.lines, needsHome: needsHome))
    }
    for (feature, count) in homelessFeatures.sorted(by: { $0.key < $1.key }) {
      report.notices.append(
        "\(printable(feature.description)) has no folder here: what is due of it, \(count) in all, stays in notes and journal"
      )
    }
    return due.mapValues { $0.sorted { $0.id < $1.id } }
  }

  /// Whether the worktree or the branch that a waiting event was recorded on is gone.
  private static func isAbandoned(_ record: JournalRecord, _ worktrees: [Worktree], _ branches: Set<String>) -> Bool {
    guard let worktree = worktrees.first(where: { $0.name == record.worktree }), worktree.isPresent else { return true }
    return record.branch.map { $0 != worktree.branch && !branches.contains($0) } ?? false
  }

  /// Which log holds which of the events that notes and journal know.
  private func loggedIDs(in logs: [FeatureName: FeatureSources]) -> [EventID: FeatureName] {
    var folders: [EventID: FeatureName] = [:]
    let known = Set(events.entries.keys)
    for (feature, sources) in logs.sorted(by: { $0.key < $1.key }) {
      for id in sources.events.members(among: known) { folders[id] = feature }
    }
    guard let checkpoint else { return folders }
    for id in known {
      guard let place = checkpoint.place(of: id) else { continue }
      let feature = checkpoint.folders[place.folder].name
      guard logs[feature]?.isAsBefore ?? false else { continue }
      folders[id] = folders[id].map { max($0, feature) } ?? feature
    }
    return folders
  }

  /// The folder whose log holds events of a feature that has no folder of its name: it has been renamed.
  private func foldersOfAggregates(in logs: [FeatureName: FeatureSources]) -> [FeatureName: FeatureName] {
    let nameless = Set(events.entries.values.map(\.aggregateID)).filter { logs[$0] == nil }
    guard !nameless.isEmpty else { return [:] }
    var folders: [FeatureName: FeatureName] = [:]
    for (feature, sources) in logs.sorted(by: { $0.key < $1.key }) {
      if sources.isAsBefore {
        for aggregate in checkpoint?.folder(feature)?.aggregates ?? [] where nameless.contains(aggregate) {
          folders[aggregate] = feature
        }
      }
      sources.events.forEachEvent { _, line in
        guard let envelope = LineScanner.envelope(of: line.indices, in: line) else { return }
        let aggregate = FeatureName(envelope.string(envelope.aggregateID, in: line).description)
        if nameless.contains(aggregate) { folders[aggregate] = feature }
      }
    }
    return folders
  }

  /// The folder of an event: that of the log which has it, else where it was recorded, else the one its feature names,
  /// else the one whose log holds other events of the feature.
  private func folder(
    of entry: KnownEvents.Entry, _ id: EventID, in logs: [FeatureName: FeatureSources],
    _ logged: [EventID: FeatureName],
    _ aggregates: [FeatureName: FeatureName]
  ) -> FeatureName? {
    let recorded = entry.record.map { FeatureName($0.feature) }
    let folders = [logged[id], recorded, entry.loggedIn, entry.aggregateID, aggregates[entry.aggregateID]]
    return folders.compactMap(\.self).first { logs[$0] != nil }
  }
}
