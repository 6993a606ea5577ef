internal import Events
internal import Git
internal import Journal
internal import Notes

// Writing notes.
extension MergeSession {
  /// Writes what notes lack: events whose own commit is there, and the homeless on the commit that they find.
  mutating func writeNotes(
    _ due: [FeatureName: [DueEvent]], _ reach: Reachability, in repository: borrowing Repository,
    within patience: Duration
  ) throws {
    var additions: [ObjectID: Set<[UInt8]>] = [:]
    var features: [ObjectID: Set<FeatureName>] = [:]
    for entry in events.entries.values {
      guard let commit = entry.recordedFor, !entry.notedOn.contains(commit),
        reach.fromHead.contains(commit) || reach.fromNamed.contains(commit) || reach.fromElsewhere.contains(commit)
      else { continue }
      additions[commit, default: []].formUnion(entry.lines)
      features[commit, default: []].insert(entry.aggregateID)
    }
    for (feature, placed) in due {
      let homeless = placed.filter(\.needsHome)
      let homes = try homes(of: homeless, feature, reach, in: repository)
      for event in homeless {
        guard let home = homes[event.id] else { continue }
        additions[home, default: []].formUnion(event.lines)
        features[home, default: []].insert(feature)
      }
    }
    let sets = additions.mapValues { EventSet([LineBuffer(lines: $0)]) }
    let update = try writer.ref.join(sets, in: repository, within: patience)
    for commit in update.absent {
      report.troubles.append(
        "cannot extend the note of \(commit): this clone lacks its blob; git notes show fetches it")
    }
    for index in report.features.indices {
      report.features[index].notesWritten = update.written.count {
        features[$0]?.contains(FeatureName(report.features[index].feature)) ?? false
      }
    }
  }

  /// The commits that homeless events go to: the squash that took their commit in, else the first commit whose log
  /// has them, else HEAD.
  private func homes(
    of homeless: [DueEvent], _ feature: FeatureName, _ reach: Reachability, in repository: borrowing Repository
  ) throws -> [EventID: ObjectID] {
    guard let head = head.commit, !homeless.isEmpty else { return [:] }
    var homes: [EventID: ObjectID] = [:]
    for event in homeless {
      let carriers = events.entries[event.id]?.carriers ?? []
      homes[event.id] = carriers.compactMap { reach.squashedInto[$0] }.min() ?? head
    }
    var searched = Set(homes.filter { $0.value == head }.keys)
    var newer = head
    var read: (log: ObjectID, ids: Set<EventID>)?
    try repository.walk(from: [head], firstParentOnly: true) { id throws(GitError) in
      guard let commit = try repository.commit(id) else { return false }
      let log = try repository.entry(at: "\(FeatureLocation.root)/\(feature)/\(LogFile.name)", in: commit.tree)?.id
      if read?.log != log {
        read = try log.flatMap { log throws(GitError) in try repository.blob(log).map { (log, EventSet($0).ids) } }
      }
      let ids = read?.ids ?? []
      // Whoever is missing here was brought by the commit after this one.
      for event in searched where !ids.contains(event) { homes[event] = newer }
      searched.formIntersection(ids)
      for event in searched { homes[event] = id }
      newer = id
      return !searched.isEmpty
    }
    return homes
  }
}
