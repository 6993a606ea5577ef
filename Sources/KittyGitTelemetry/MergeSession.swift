internal import Events
internal import Git
internal import Journal
internal import Notes
internal import SystemPackage

/// One merge at work, under the journal's lock.
struct MergeSession {
  private let head: Head
  private let workTree: FilePath
  private let journal: CommonJournal
  private let writer: NoteWriter
  /// The commits whose logs are joined, each with the name that the report gives it.
  private let commits: [(name: String, id: ObjectID)]
  /// Those of them that are neither HEAD nor its parents.
  private let named: [ObjectID]
  private let isMerging: Bool
  private var events: KnownEvents
  private(set) var report = MergeReport()

  init(
    head: Head, named revisions: [(String, ObjectID)], workTree: FilePath, journal: CommonJournal,
    in repository: borrowing Repository
  ) throws {
    self.head = head
    self.workTree = workTree
    self.journal = journal
    writer = try NoteWriter(journal: journal, repository: repository)
    let mergeHeads = try repository.mergeHeads()
    var commits: [(String, ObjectID)] = []
    if let id = head.commit {
      commits.append(("HEAD", id))
      for parent in try repository.commit(id)?.parents ?? [] { commits.append(("parent \(parent)", parent)) }
    }
    commits += mergeHeads.map { ("MERGE_HEAD \($0)", $0) }
    commits += revisions.map { ("\($0.0) \($0.1)", $0.1) }
    self.commits = commits
    named = mergeHeads + revisions.map(\.1)
    isMerging = !mergeHeads.isEmpty
    try journal.adoptLateRecords()
    events = try KnownEvents(writer.ref, journal, in: repository)
  }

  mutating func run(
    onlyFeature: String?, in repository: borrowing Repository, within patience: Duration
  ) throws {
    if events.absentNotes > 0 {
      report.troubles.append("cannot read \(events.absentNotes) notes: this clone lacks their blobs; run: git fetch")
    }
    try settleWaiting(in: repository)
    var logs = try readLogs(in: repository)
    let carriers = events.entries.values.reduce(into: Set<ObjectID>()) { $0.formUnion($1.carriers) }
    let reach = try Reachability(of: carriers, head: head.commit, named: named, in: repository)
    let due = try due(by: reach, in: logs, repository)
    for (feature, placed) in due { logs[feature, default: FeatureSources()].add(placed.map(\.lines)) }
    report.sources = commits.map(\.name) + ["work tree", "notes", "journal"]
    for (feature, sources) in logs.sorted(by: { $0.key < $1.key }) where onlyFeature ?? feature == feature {
      if let merged = try write(sources, of: feature, in: repository) { report.features.append(merged) }
    }
    try writeNotes(due.filter { onlyFeature ?? $0.key == $0.key }, reach, in: repository, within: patience)
  }
}

// Where the lines of a feature come from.
extension MergeSession {
  /// The replicas of one feature's log and clock.
  struct FeatureSources {
    var lines: [any LineStorage] = []
    var clocks = ClockTable()
    /// Whether some log of the feature was found, or the folder of one at HEAD or in the work tree.
    var hasFolder = false
    /// The log as HEAD has it.
    var committed: (any LineStorage)?

    mutating func add(_ entries: [Set<[UInt8]>]) {
      lines.append(LineBuffer(lines: entries.joined().sorted { $0.lexicographicallyPrecedes($1) }))
    }
  }

  private func readLogs(in repository: borrowing Repository) throws -> [String: FeatureSources] {
    var logs: [String: FeatureSources] = [:]
    // Branches share most of their files; each blob is read once.
    var seen: Set<ObjectID> = []
    for (position, commit) in commits.enumerated() {
      for (feature, files) in try repository.features(of: commit.id) {
        var sources = logs[feature] ?? FeatureSources()
        if position == 0 { sources.hasFolder = true }
        if let id = files.log, seen.insert(id).inserted, let bytes = try repository.blob(id) {
          let storage = LineBuffer(bytes)
          sources.lines.append(storage)
          sources.hasFolder = true
          if position == 0 { sources.committed = storage }
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
        if let bytes = try repository.blob(id) { logs[feature]?.lines.append(LineBuffer(bytes)) }
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
  private func due(
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

  /// Which log holds which event.
  private func loggedIDs(in logs: [String: FeatureSources]) -> [EventID: String] {
    var folders: [EventID: String] = [:]
    for (feature, sources) in logs {
      for id in EventSet(sources.lines).ids { folders[id] = feature }
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
  private mutating func settleWaiting(in repository: borrowing Repository) throws {
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

// Writing.
extension MergeSession {
  private mutating func write(
    _ sources: FeatureSources, of feature: String, in repository: borrowing Repository
  ) throws -> MergeReport.Feature? {
    let folder = workTree.appending(FeatureLocation.root).appending(feature)
    let log = LogFile(in: folder)
    let view = ClockFile(in: folder)
    let directory = "\(FeatureLocation.root)/\(feature)/"
    for _ in 0..<4 {
      let snapshot = try log.read()
      let present = EventSet((snapshot?.storage ?? sources.committed).map { [$0] } ?? [])
      let merged = EventSet(sources.lines + (snapshot.map { [$0.storage] } ?? []))
      let before = try view.read()
      let truth = try journal.clock(of: feature).read().table
      guard !merged.isEmpty else { return nil }
      guard FileSystem.isDirectory(folder) || !isSparse(in: repository) else {
        report.troubles.append(
          "cannot write \(log.path): the sparse checkout leaves it out; run: git sparse-checkout add \(directory)")
        return nil
      }
      let clocks = before.table.joined(with: sources.clocks).joined(with: truth).joined(with: merged.clocks())
      let changesLog = !(snapshot.map { merged.isWritten(in: $0.storage) } ?? false)
      let changesClock = if case .whole(let table) = before { table != clocks } else { true }
      do throws(JournalError) {
        try FileSystem.createDirectories(folder)
        if changesLog { try log.replace(snapshot, by: merged) }
      } catch {
        guard case .changedMeanwhile = error.code else { throw error }
        continue
      }
      if changesClock { try view.write(clocks) }
      try journal.store(
        clocks.trusted.joined(with: merged.clocks(countingOnly: \.isTrusted)), clockOf: feature)
      let isConflicted =
        try repository.conflict(at: directory + LogFile.name) != nil
        || repository.conflict(at: directory + ClockFile.name) != nil
      if isConflicted || isMerging { try stage(directory, in: repository) }
      let ids = present.ids
      return MergeReport.Feature(
        feature: feature, events: merged.count, added: merged.ids.count { !ids.contains($0) },
        duplicates: present.duplicates, conflicts: merged.conflictCount,
        newConflicts: max(0, merged.conflictCount - present.conflictCount), unreadable: merged.unreadableCount,
        clock: clocks, log: log.path, hasChanged: changesLog || changesClock, isResolved: isConflicted)
    }
    throw TelemetryError(.environment, "cannot write \(log.path): other programs kept changing it; run the command again")
  }

  private func isSparse(in repository: borrowing Repository) -> Bool {
    // A setting that cannot be read is taken as git takes a missing one.
    (try? repository.configuration("core.sparseCheckout")) == "true"
  }

  /// Stages log and clock, as far as git tracks them: a merge that is being made takes them from the index.
  private func stage(_ directory: String, in repository: borrowing Repository) throws {
    var paths: [String] = []
    for path in [directory + LogFile.name, directory + ClockFile.name] where try repository.isTracked(path) {
      paths.append(path)
    }
    if !paths.isEmpty { try repository.stage(paths) }
  }

  /// Writes what notes lack: events whose own commit is there, and the homeless on the commit that they find.
  private mutating func writeNotes(
    _ due: [String: [DueEvent]], _ reach: Reachability, in repository: borrowing Repository, within patience: Duration
  ) throws {
    var additions: [ObjectID: Set<[UInt8]>] = [:]
    var features: [ObjectID: Set<String>] = [:]
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
    do {
      let update = try writer.ref.join(sets, in: repository, within: patience)
      for commit in update.absent {
        report.troubles.append("cannot extend the note of \(commit): this clone lacks its blob; run: git fetch")
      }
      for index in report.features.indices {
        report.features[index].notesWritten = update.written.count {
          features[$0]?.contains(report.features[index].feature) ?? false
        }
      }
      for name in journal.heldCommits {
        guard let commit = ObjectID(hex: name), !update.absent.contains(commit) else { continue }
        _ = try writer.settle(commit, in: repository, mayWait: false, within: patience)
      }
    } catch {
      report.troubles.append("\(error)")
    }
  }

  /// The commits that homeless events go to: the squash that took their commit in, else the first commit whose log
  /// has them, else HEAD.
  private func homes(
    of homeless: [DueEvent], _ feature: String, _ reach: Reachability, in repository: borrowing Repository
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
