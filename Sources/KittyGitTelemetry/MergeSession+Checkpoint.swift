internal import Events
internal import Git
internal import Journal
internal import Notes
internal import SystemPackage

// What a merge leaves for the next one in the same worktree, and goes on from.
extension MergeSession {
  /// How many more notes may be settled by now before everything is looked at again, which takes them into a new
  /// checkpoint: a share of those that are, so that over time each note costs the same however many there are.
  private static func ripeNotes(beside settled: Int) -> Int { settled / 4 }

  /// How many notes may be new, and how many commits HEAD may be ahead: of more, the index and a new checkpoint are made.
  static func newThings(beside settled: Int) -> Int { max(4096, settled) }

  /// The checkpoint that a merge at `place` may go on from; `nil` when it has to look at everything.
  static func checkpoint(
    for scope: MergeScope, at place: Place, _ journal: CommonJournal, in repository: borrowing Repository
  ) -> MergeCheckpoint? {
    guard !scope.looksAtEverything, let head = place.head.commit, !repository.isShallow else { return nil }
    // What cannot be read is of no use.
    guard let words = (try? journal.checkpoint(inWorktree: worktreeName(of: repository)))?.words,
      let checkpoint = MergeCheckpoint(words: words), checkpoint.ref == (try? NoteWriter.ref(of: repository))?.name,
      let isAhead = try? repository.leads(from: checkpoint.head, to: head), isAhead
    else { return nil }
    var commits = 0
    let most = newThings(beside: checkpoint.settledNotes)
    try? repository.walk(from: [head], hiding: [checkpoint.head]) { _ in
      commits += 1
      return commits <= most
    }
    return commits <= most ? checkpoint : nil
  }

  private static func worktreeName(of repository: borrowing Repository) -> String {
    repository.isLinkedWorktree ? FilePath(repository.gitDirectory).lastComponent?.string ?? "" : ""
  }

  /// Reads the notes that are new since the checkpoint, and those that had something to say then.
  ///
  /// - Throws: ``OutdatedCheckpoint`` when that may not be all: then nothing has been written.
  mutating func readNotes(
    since checkpoint: MergeCheckpoint, in logs: [FeatureName: FeatureSources], _ repository: borrowing Repository
  ) throws {
    guard try isUpheld(checkpoint, by: logs) else { throw OutdatedCheckpoint() }
    events.passOver(checkpoint)
    try events.read(unsettledNotes, in: repository, progress)
    let isComplete = !logs.values.contains(where: \.isAsBefore)
    for id in events.entries.keys {
      guard let place = checkpoint.place(of: id) else { continue }
      // Of several folders the last one counts, unless it has lost the event since and another one has not.
      let isKnown = isComplete || !place.isAmbiguous || logs[checkpoint.folders[place.folder].name]?.isAsBefore ?? false
      guard !place.isSettled, isKnown else { throw OutdatedCheckpoint() }
    }
    // What the journal knows is not settled as long as it does.
    let recorded = events.entries.values.reduce(into: Set<ObjectID>()) { commits, entry in
      if entry.record != nil { commits.formUnion(entry.notedOn) }
    }
    let ripe = unsettledNotes.count { !recorded.contains($0.annotated) } - checkpoint.unripeNotes
    guard ripe <= MergeSession.ripeNotes(beside: checkpoint.settledNotes) else { throw OutdatedCheckpoint() }
  }

  /// Whether the logs still have the lines of all settled events, and no log but these has one of them.
  private func isUpheld(
    _ checkpoint: MergeCheckpoint, by logs: [FeatureName: FeatureSources]
  ) throws(JournalError) -> Bool {
    var numbers: [FeatureName: Int] = [:]
    for (number, folder) in checkpoint.folders.enumerated() {
      numbers[folder.name] = number
      let sources = logs[folder.name]
      if folder.committed.count > 0, sources?.committedLog != folder.log {
        var lines = MergeCheckpoint.Lines()
        sources?.committed.forEachEvent { id, line in
          guard let place = checkpoint.place(of: id), place.isSettled, place.folder == number, !place.isUncommitted
          else { return }
          lines.add(checkpoint.fingerprints.number(of: line))
        }
        guard lines == folder.committed else { return false }
      }
      if folder.uncommitted.count > 0 {
        guard try hasUncommittedLines(of: folder, number, checkpoint) else { return false }
      }
    }
    for (feature, sources) in logs {
      let number = numbers[feature]
      var isElsewhere = false
      sources.events.forEachEvent { id, _ in
        if let place = checkpoint.place(of: id), place.isSettled, place.folder != number { isElsewhere = true }
      }
      if isElsewhere { return false }
    }
    return true
  }

  /// Whether the log in the work tree has the lines that no other log had.
  private func hasUncommittedLines(
    of folder: MergeCheckpoint.Folder, _ number: Int, _ checkpoint: MergeCheckpoint
  ) throws(JournalError) -> Bool {
    guard let workTree else { return false }
    let log = LogFile(in: workTree.appending(FeatureLocation.root).appending(folder.name.description))
    if folder.appearance != 0, folder.appearance == checkpoint.fingerprints.appearance(of: log) { return true }
    var lines = MergeCheckpoint.Lines()
    try log.read()?.storage.withBytes { bytes in
      LineScanner.forEachLine(in: bytes) { range in
        guard case .event(let envelope) = LineScanner.content(of: range, in: bytes),
          let place = checkpoint.place(of: envelope.id), place.isSettled, place.isUncommitted, place.folder == number
        else { return }
        lines.add(checkpoint.fingerprints.number(of: bytes.extracting(envelope.line)))
      }
    }
    return lines == folder.uncommitted
  }

  /// Leaves a checkpoint for the next merge, where everything has been looked at.
  func keepCheckpoint(of logs: [FeatureName: FeatureSources], in repository: borrowing Repository) {
    guard checkpoint == nil, scope.reference == nil, !repository.isShallow, let head = head.commit, let settled,
      let index = notes, index.head == head, let past
    else { return }
    var made = MergeCheckpoint(of: index, settled, in: logs, at: head, past: past, ref: writer.ref.name)
    let unsettled = Set(made.unsettled)
    made.unripeNotes = index.entries.count { entry in
      unsettled.contains(entry.note) && !entry.events.contains { events.entries[$0.id]?.record != nil }
    }
    // Without it, or with an older one, the next merge takes longer, and that is all.
    try? journal.store(
      checkpoint: made.bytes, inWorktree: MergeSession.worktreeName(of: repository),
      among: Set(worktrees.map(\.name)))
  }
}

extension MergeCheckpoint {
  /// Takes down what has been found out by looking at everything.
  init(
    of index: NotesIndex, _ settled: SettledEvents, in logs: [FeatureName: MergeSession.FeatureSources],
    at head: ObjectID, past: Past, ref: String
  ) {
    var folders = logs.keys.sorted().map { Folder(name: $0) }
    var places: [EventID: Place] = [:]
    for number in folders.indices {
      guard let sources = logs[folders[number].name] else { continue }
      (folders[number].tree, folders[number].log) = (sources.committedTree, sources.committedLog)
      folders[number].appearance = settled.appearances[folders[number].name] ?? 0
      var aggregates: Set<FeatureName> = []
      sources.committed.forEachEvent { id, line in
        let isAmbiguous = places[id] != nil
        places[id] = Place(folder: number)
        places[id]?.isAmbiguous = isAmbiguous
        guard let envelope = LineScanner.envelope(of: line.indices, in: line) else { return }
        aggregates.insert(FeatureName(envelope.string(envelope.aggregateID, in: line).description))
      }
      folders[number].aggregates = aggregates
    }
    for (number, folder) in folders.enumerated() {
      for id in settled.uncommitted[folder.name] ?? [] where places[id] == nil {
        places[id] = Place(folder: number)
        places[id]?.isUncommitted = true
      }
    }
    // What only the log of a parent had is not looked for in that of a later HEAD.
    let selection = NotesSelection(of: index) { id in
      settled.ids.contains(id) && places[id].map { !$0.isAmbiguous } ?? false
    }
    var unsettled: [Note] = []
    var (settledNotes, unreadableLines) = (0, 0)
    var highest: [Int: UInt64] = [:]
    var counts: [Int: Int] = [:]
    for (entry, isRead) in zip(index.entries, selection.isRead) {
      guard !isRead else {
        unsettled.append(entry.note)
        continue
      }
      settledNotes += 1
      unreadableLines += entry.unreadableLines
      for event in entry.events {
        highest[event.node] = max(highest[event.node] ?? 0, event.lamportClock)
        guard let place = places[event.id], !place.isSettled else { continue }
        places[event.id]?.isSettled = true
        counts[event.feature, default: 0] += 1
        if place.isUncommitted {
          folders[place.folder].uncommitted.add(event.line)
        } else {
          folders[place.folder].committed.add(event.line)
        }
      }
    }
    let fingerprints = index.fingerprints
    let known = places.lazy.filter { !$0.value.isUncommitted || $0.value.isSettled }
      .map { (fingerprints.number(of: $0.key), $0.value.word) }.sorted { $0.0 < $1.0 }
    self.init(
      fingerprints: fingerprints, ref: ref, past: past, notes: index.tree, head: head, unsettled: unsettled,
      settledNotes: settledNotes, unreadableLines: unreadableLines, folders: folders, events: known.map(\.0),
      places: known.map(\.1))
    for (node, value) in highest { clocks.raise(index.names[node], to: LamportValue(value)) }
    for (feature, count) in counts { self.counts[FeatureName(index.names[feature].description)] = count }
  }
}

extension Fingerprints {
  /// What a log looks like, as a number; `nil` when it may change without looking different.
  func appearance(of log: LogFile) -> UInt64? {
    FileSystem.lastingAppearance(of: log.path).map { number(of: Array($0.utf8).span) }
  }
}

extension Repository {
  /// Whether a commit is another one, or leads to it.
  func leads(from commit: ObjectID, to other: ObjectID) throws(GitError) -> Bool {
    guard commit != other else { return true }
    guard try self.commit(commit) != nil else { return false }
    return try mergeBase(of: commit, other) == commit
  }
}
