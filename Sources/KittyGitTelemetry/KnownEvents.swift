internal import Events
internal import Git
internal import Journal
internal import Notes

/// What the notes, their past and the journal know, by event.
struct KnownEvents {
  /// An event that is in a note or in the journal, or in the log of another worktree.
  struct Entry {
    /// Its lines, byte for byte; several where replicas disagree.
    var lines: Set<[UInt8]> = []
    /// The feature's slug that its envelope names.
    var aggregateID: FeatureName
    /// The folder whose log in another worktree has it.
    var loggedIn: FeatureName?
    /// The commits whose notes have it.
    var notedOn: Set<ObjectID> = []
    /// The commits whose notes had it once, or have it at a remote.
    var notedElsewhere: Set<ObjectID> = []
    /// Where it was recorded, as the journal knows.
    var record: JournalRecord?
    /// The heads of the worktrees whose logs have it.
    var loggedAt: Set<ObjectID> = []

    /// The commit that it was recorded for.
    var recordedFor: ObjectID? { record?.commit.flatMap { ObjectID(hex: $0) } }

    /// Every commit that carries it or was meant to.
    ///
    /// The head of a worktree whose log has it says something only where nothing else does.
    var carriers: Set<ObjectID> {
      isOnlyLogged ? loggedAt : notedOn.union(notedElsewhere).union(recordedFor.map { [$0] } ?? [])
    }

    /// The commit on top of which the one is to be made that it waits for.
    var waitsOn: ObjectID? { record.flatMap { $0.waits ? $0.head.flatMap { ObjectID(hex: $0) } : nil } }

    /// Whether neither notes nor the journal know it.
    var isOnlyLogged: Bool { notedOn.isEmpty && notedElsewhere.isEmpty && record == nil }
  }

  /// The events.
  private(set) var entries: [EventID: Entry] = [:]
  /// Everything that has a note, of whatever kind its lines are, but for commits that are known to be there.
  private(set) var annotated: Set<ObjectID> = []
  /// The notes that could not be read since this clone does not have their blobs.
  private(set) var absentNotes: Set<Note> = []
  /// The notes that were not read since they are too large, with their sizes.
  private(set) var oversizedNotes: [Note: Int] = [:]
  /// The highest value that each node has given to any of them.
  private(set) var clocks = ClockTable()
  /// How many lines of notes are no events.
  private(set) var unreadableLines = 0
  /// The events of notes that were not read, since they have nothing to say.
  private(set) var passedOver: Set<EventID> = []
  /// How many of them each feature has, by the slug in their envelopes.
  private(set) var passedOverByFeature: [FeatureName: Int] = [:]

  /// Creates an empty map.
  init() {}

  /// Reads all records of `journal`; a later record of an event tells where it went after it had waited.
  mutating func read(_ journal: CommonJournal) throws(JournalError) {
    for record in try journal.records() { add(record) }
  }

  /// Reads notes as they are now.
  mutating func read(
    _ notes: [Note], in repository: borrowing Repository, _ progress: MergeProgress = { _, _, _ in }
  ) throws(GitError) {
    for (number, note) in notes.enumerated() {
      if number % 256 == 0 { progress("reading notes", number, notes.count) }
      annotated.insert(note.annotated)
      switch try repository.note(note.blob) {
      case .bytes(let body): unreadableLines += add(body) { $0.notedOn.insert(note.annotated) }
      case .absent: absentNotes.insert(note)
      case .oversized(let size): oversizedNotes[note] = size
      }
    }
  }

  /// Whether more is known of an event than its note says: where a log is committed, each worktree has the same line.
  func isNews(_ event: NotesIndex.Event, of index: NotesIndex) -> Bool {
    guard let entry = entries[event.id] else { return false }
    return !entry.isOnlyLogged || entry.lines.contains { index.fingerprint(of: $0.span) != event.line }
  }

  /// Takes note of a note without reading it, since nothing that is known of its events is news.
  mutating func passOver(_ entry: NotesIndex.Entry, of index: NotesIndex) {
    if !entry.leadsToHead { annotated.insert(entry.note.annotated) }
    unreadableLines += entry.unreadableLines
    for event in entry.events {
      clocks.raise(index.names[event.node], to: LamportValue(event.lamportClock))
      guard passedOver.insert(event.id).inserted else { continue }
      entries[event.id] = nil
      passedOverByFeature[FeatureName(index.names[event.feature].description), default: 0] += 1
    }
  }

  /// Takes note of what a checkpoint says of the notes that were settled.
  mutating func passOver(_ checkpoint: MergeCheckpoint) {
    clocks = clocks.joined(with: checkpoint.clocks)
    unreadableLines += checkpoint.unreadableLines
    passedOverByFeature.merge(checkpoint.counts) { $0 + $1 }
  }

  /// Reads notes as they were once, or as they are at a remote; one that is not here says nothing.
  mutating func read(past notes: [Note], in repository: borrowing Repository) throws(GitError) {
    for note in notes {
      switch try repository.note(note.blob) {
      case .bytes(let body): _ = add(body) { $0.notedElsewhere.insert(note.annotated) }
      case .absent: continue
      case .oversized(let size): oversizedNotes[note] = size
      }
    }
  }

  /// Reads the log of `feature` in a worktree that stands at `head`.
  mutating func read(log: some LineStorage, of feature: FeatureName, at head: ObjectID) {
    log.withBytes { bytes in
      _ = add(bytes) { entry in
        entry.loggedAt.insert(head)
        entry.loggedIn = feature
      }
    }
  }

  /// Takes a record into account.
  mutating func add(_ record: JournalRecord) {
    _ = add(record.event) { $0.record = record }
  }

  private mutating func add(_ body: [UInt8], _ change: (inout Entry) -> Void) -> Int {
    add(body.span, change)
  }

  /// Changes the entry of each event in `bytes`, and returns how many lines are no events.
  private mutating func add(_ bytes: Span<UInt8>, _ change: (inout Entry) -> Void) -> Int {
    var unreadable = 0
    LineScanner.forEachLine(in: bytes) { range in
      switch LineScanner.content(of: range, in: bytes) {
      case .event(let envelope), .conflict(let envelope):
        let line = [UInt8](copying: bytes, in: envelope.line)
        var entry =
          entries.removeValue(forKey: envelope.id)
          ?? Entry(aggregateID: FeatureName(envelope.string(envelope.aggregateID, in: bytes).description))
        if entry.lines.insert(line).inserted {
          clocks.raise(envelope.nodeID(in: bytes), to: envelope.lamportClock)
        }
        change(&entry)
        entries[envelope.id] = entry
      case .marker: break
      case .unreadable: unreadable += 1
      }
    }
    return unreadable
  }
}
