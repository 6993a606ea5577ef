internal import Events
internal import Git
internal import Journal
internal import Notes
internal import SystemPackage

// Notes that have nothing to say to a join are not read: that is nearly all of them, once there are many.
//
// An event is settled when one of its notes is on a commit that leads to HEAD, all its notes have the line that the log
// here has, and neither the journal nor the past of the notes knows it, nor has another worktree's log another line of
// it. It is due here and in the log, and it has its note where it belongs. A note is left out when all its events are
// settled.
extension MergeSession {
  /// Reads the notes that may have something to say.
  mutating func readNotes(in logs: [FeatureName: FeatureSources], _ repository: borrowing Repository) throws {
    guard var index = notes, !index.entries.isEmpty else { return }
    var settled = SettledEvents()
    do {
      try findLeading(in: &index, repository)
      if !repository.isShallow { settled = try settledEvents(of: index, in: logs) }
      self.settled = settled
    } catch {
      // Where history or a log cannot be read, which others tell of, all notes are.
    }
    notes = index
    let unsettled = NotesSelection(of: index) { settled.ids.contains($0) }
    for (entry, isRead) in zip(index.entries, unsettled.isRead) where !isRead { events.passOver(entry, of: index) }
    let notes = zip(index.entries, unsettled.isRead).filter(\.1).map(\.0.note)
    try events.read(notes, in: repository, progress)
  }

  /// Finds out which annotated commits lead to HEAD; where it was known of an ancestor of HEAD, only what is new is gone
  /// through, and of other commits nothing is said.
  private func findLeading(in index: inout NotesIndex, _ repository: borrowing Repository) throws(GitError) {
    guard index.head != head.commit else { return }
    guard let head = head.commit else { return try index.move(to: nil) { _ in false } }
    var known: [ObjectID] = []
    try index.move(to: head) { old throws(GitError) in
      guard try repository.commit(old) != nil, try repository.mergeBase(of: old, head) == old else { return false }
      known = [old]
      return true
    }
    var unknown = Set(index.entries.lazy.filter { !$0.leadsToHead }.map(\.note.annotated))
    var leading: Set<ObjectID> = []
    try repository.walk(from: [head], hiding: known) { id throws(GitError) in
      if unknown.remove(id) != nil { leading.insert(id) }
      return !unknown.isEmpty
    }
    index.remember(leadingToHead: leading)
  }

  /// Remembers what was found out about the notes, for the next join.
  func keepIndex(_ reach: Reachability) {
    guard var index = notes, !index.entries.isEmpty, index.head == head.commit else { return }
    index.remember(leadingToHead: reach.fromHead)
    // Without the index, or with an older one, the next join takes longer, and that is all.
    try? journal.store(notesIndex: index.bytes)
  }

  /// The settled events of the notes.
  private func settledEvents(
    of index: NotesIndex, in logs: [FeatureName: FeatureSources]
  ) throws(JournalError) -> SettledEvents {
    var settled: Set<EventID> = []
    for entry in index.entries where entry.leadsToHead && entry.isComplete {
      for event in entry.events where !events.isNews(event, of: index) { settled.insert(event.id) }
    }
    guard !settled.isEmpty else { return SettledEvents() }
    var appearances: [FeatureName: UInt64] = [:]
    var lines = LoggedLines()
    for sources in logs.values {
      let disputed = sources.events.disputed
      sources.events.forEachEvent { id, line in
        guard settled.contains(id) else { return }
        lines.add(id, disputed.contains(id) ? nil : index.fingerprint(of: line))
      }
    }
    if let workTree, lines.count < settled.count {
      for feature in logs.keys {
        let log = LogFile(in: workTree.appending(FeatureLocation.root).appending(feature.description))
        // Whoever writes to it from now on changes what it looks like.
        appearances[feature] = index.fingerprints.appearance(of: log)
        try log.read()?.storage.withBytes { bytes in
          LineScanner.forEachLine(in: bytes) { range in
            switch LineScanner.content(of: range, in: bytes) {
            case .event(let envelope) where settled.contains(envelope.id):
              lines.add(envelope.id, index.fingerprint(of: bytes.extracting(envelope.line)), in: feature)
            case .conflict(let envelope): lines.add(envelope.id, nil, in: feature)
            default: break
            }
          }
        }
      }
    }
    let features = index.names.map { FeatureName($0.description) }
    for entry in index.entries {
      for event in entry.events where !lines.has(event.id, event.line, features[event.feature]) {
        settled.remove(event.id)
      }
    }
    return SettledEvents(
      ids: settled, uncommitted: lines.uncommitted.mapValues { $0.filter(settled.contains) }, appearances: appearances)
  }
}

/// Events that are settled, and where their lines are.
struct SettledEvents {
  /// The events.
  var ids: Set<EventID> = []
  /// Those of them that only logs in the work tree have, by the folder.
  var uncommitted: [FeatureName: [EventID]] = [:]
  /// What these logs looked like, as far as that tells whether they are the same.
  var appearances: [FeatureName: UInt64] = [:]
}

/// The lines of logs, by their fingerprints.
private struct LoggedLines {
  private struct Line {
    /// `nil` when the logs do not agree, or have it more than once.
    var fingerprint: UInt64?
    /// The folder whose log has it, where no commit's log does.
    let folder: FeatureName?
  }

  private var lines: [EventID: Line] = [:]

  var count: Int { lines.count }

  /// The events that no commit's log has, by the folder whose log in the work tree does.
  var uncommitted: [FeatureName: [EventID]] {
    lines.reduce(into: [:]) { events, line in
      if let folder = line.value.folder { events[folder, default: []].append(line.key) }
    }
  }

  /// Takes in the line of an event from a commit's log, or from the one in the work tree's `folder`; without a
  /// fingerprint there are several.
  mutating func add(_ id: EventID, _ fingerprint: UInt64?, in folder: FeatureName? = nil) {
    guard let line = lines[id] else {
      lines[id] = Line(fingerprint: fingerprint, folder: folder)
      return
    }
    // What a commit's log has, that in the work tree is joined with anyway.
    if folder == nil || line.folder != nil { lines[id]?.fingerprint = nil }
  }

  /// Whether an event of `feature` has this line in the log that it would be joined into.
  func has(_ id: EventID, _ fingerprint: UInt64, _ feature: FeatureName) -> Bool {
    guard let line = lines[id] else { return false }
    return line.fingerprint == fingerprint && line.folder ?? feature == feature
  }
}

/// Which notes of an index are to be read.
struct NotesSelection {
  /// For each note of the index, whether it is read.
  private(set) var isRead: [Bool]

  /// Selects the notes with an event for which `isSettled` is false, and all other notes of the events in them: where an
  /// event belongs is told by all its notes.
  init(of index: NotesIndex, isSettled: (EventID) -> Bool) {
    isRead = index.entries.map { entry in !entry.isComplete || !entry.events.allSatisfy { isSettled($0.id) } }
    guard isRead.contains(true), isRead.contains(false) else { return }
    var holders: [EventID: [Int]] = [:]
    var pending = isRead.indices.filter { isRead[$0] }
    for (number, entry) in index.entries.enumerated() {
      for event in entry.events { holders[event.id, default: []].append(number) }
    }
    while let number = pending.popLast() {
      for event in index.entries[number].events {
        for other in holders[event.id] ?? [] where !isRead[other] {
          isRead[other] = true
          pending.append(other)
        }
      }
    }
  }
}
