internal import Events
internal import Git
internal import Journal
internal import Notes

// Writing notes.
extension MergeSession {
  /// Finds what notes lack: events whose own commit is there, and the homeless on the commit that they find.
  mutating func findAdditions(
    _ due: [FeatureName: [DueEvent]], _ reach: Reachability, in repository: borrowing Repository
  ) throws {
    var placed: Set<EventID> = []
    for (feature, events) in due {
      let homeless = events.filter(\.needsHome)
      let homes = try homes(of: homeless, feature, reach, in: repository)
      for event in homeless {
        guard let home = homes[event.id] else { continue }
        placed.insert(event.id)
        // Where the note has it already, there is nothing to add.
        guard self.events.entries[event.id]?.notedOn.contains(home) != true else { continue }
        additions[home, default: [:]][event.id, default: []].formUnion(event.lines)
      }
    }
    for (id, entry) in events.entries {
      var commits = entry.notedElsewhere.union(entry.recordedFor.map { [$0] } ?? []).subtracting(entry.notedOn)
        .filter(reach.isReachable)
      if commits.isEmpty, entry.notedOn.isEmpty, !placed.contains(id) {
        // What another program has removed comes back where it was, even if that commit leads nowhere now: the branch
        // that has the feature's folder gives it a home.
        commits = entry.notedElsewhere
        if commits.isEmpty, entry.record == nil {
          commits = Set(entry.loggedAt.sorted().first(where: reach.isReachable).map { [$0] } ?? [])
        }
      }
      for commit in commits { additions[commit, default: [:]][id, default: []].formUnion(entry.lines) }
    }
  }

  /// Writes what notes lack, or counts it.
  mutating func writeNotes(in repository: borrowing Repository) throws {
    var written = Set(additions.keys)
    if scope.isPreview {
      let overfull = try overfullNotes(in: repository)
      tell(oversized: [:], overfull: overfull)
      for commit in overfull.keys { additions[commit] = nil }
      written.subtract(overfull.keys)
    } else {
      let sets = additions.mapValues { EventSet([LineBuffer(lines: Array($0.values.joined()))]) }
      let update = try writer.ref.join(sets, in: repository, within: patience)
      for commit in update.absent {
        report.troubles.append(
          "cannot extend the note of \(commit): this clone lacks its blob; git notes show fetches it")
      }
      tell(oversized: update.oversized, overfull: update.overfull)
      written = Set(update.written)
      if scope.healsAll, try writer.ref.regularise(in: repository, within: patience) {
        report.notices.append("laid the notes out as git does")
      }
      if update.absent.isEmpty, events.absentNotes.isEmpty, scope.feature == nil, let notesTip {
        try journal.remember(joinedNotes: notesTip.description, of: writer.ref.name)
      }
    }
    report.notesWritten = written.count
    for index in report.features.indices {
      let feature = FeatureName(report.features[index].feature)
      report.features[index].notesWritten = written.count { commit in
        additions[commit]?.keys.contains { self.feature(of: $0) == feature } ?? false
      }
    }
  }

  /// The notes that would be too large with what they lack, and the sizes that they would have.
  private func overfullNotes(in repository: borrowing Repository) throws(NotesError) -> [ObjectID: Int] {
    var overfull: [ObjectID: Int] = [:]
    for (commit, events) in additions {
      let added = events.values.reduce(0) { $1.reduce($0) { $0 + $1.count + 1 } }
      // Only what is as long as a note may be is worth a look at the note.
      guard added > Note.maximumSize / 2, let size = try writer.ref.size(of: commit, in: repository),
        size <= Note.maximumSize, size + added > Note.maximumSize
      else { continue }
      overfull[commit] = size + added
    }
    return overfull
  }

  func feature(of id: EventID) -> FeatureName? {
    if let entry = events.entries[id] { return entry.record.map { FeatureName($0.feature) } ?? entry.aggregateID }
    return loggedOnly.first { $0.value[id] != nil }?.key
  }

  /// The commits whose notes have an event, as far as this join knows.
  var notedOn: [EventID: Set<ObjectID>] {
    var noted = events.entries.mapValues(\.notedOn).filter { !$0.value.isEmpty }
    for (commit, added) in additions {
      for id in added.keys { noted[id, default: []].insert(commit) }
    }
    return noted
  }

  /// Whether this clone can tell which events lack a note.
  mutating func mayHealNotes(by reach: Reachability, in repository: borrowing Repository) -> Bool {
    guard loggedOnly.values.contains(where: { !$0.isEmpty }) else { return false }
    if reach.isPartial {
      report.troubles.append(
        "cannot give notes to events that only logs have: the history of this clone is cut off; "
          + "run: git fetch --unshallow")
      return false
    }
    guard !scope.ignoresRemotes, let remote = unfetchedRemote(in: repository) else { return true }
    let fetched = writer.ref.fetched(from: remote).name
    report.troubles.append(
      "cannot give notes to events that only logs have: the notes of \(printable(remote)) were not fetched; "
        + "run: git fetch \(shellWord(remote)) +\(writer.ref.name):\(fetched); where it has none: repair --no-remote")
    return false
  }

  /// The first remote, where the notes of none have been fetched.
  private func unfetchedRemote(in repository: borrowing Repository) -> String? {
    // A remote that cannot be read cannot be fetched from either.
    guard let remote = (try? repository.remotes())?.first?.name,
      let fetched = try? writer.ref.fetched(in: repository), fetched.isEmpty
    else { return nil }
    return remote
  }
}
