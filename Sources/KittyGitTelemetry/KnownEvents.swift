internal import Events
internal import Git
internal import Journal
internal import Notes

/// What the notes and the journal know, by event.
struct KnownEvents {
  /// An event that is in a note or in the journal.
  struct Entry {
    /// Its lines, byte for byte; several where replicas disagree.
    var lines: Set<[UInt8]> = []
    /// The feature's slug that its envelope names.
    var aggregateID: FeatureName
    /// The commits whose notes have it.
    var notedOn: Set<ObjectID> = []
    /// Where it was recorded, as the journal knows.
    var record: JournalRecord?

    /// The commit that it was recorded for.
    var recordedFor: ObjectID? { record?.commit.flatMap { ObjectID(hex: $0) } }

    /// Every commit that carries it or was meant to.
    var carriers: Set<ObjectID> { recordedFor.map { notedOn.union([$0]) } ?? notedOn }
  }

  /// The events.
  private(set) var entries: [EventID: Entry] = [:]
  /// How many notes could not be read since this clone does not have their blobs.
  private(set) var absentNotes = 0

  /// Creates an empty map.
  init() {}

  /// Reads all records of `journal`; a later record of an event tells where it went after it had waited.
  mutating func read(_ journal: CommonJournal) throws(JournalError) {
    for record in try journal.records() { add(record) }
  }

  /// Reads all notes of `ref`.
  mutating func read(_ ref: NotesRef, in repository: borrowing Repository) throws {
    for note in try ref.notes(in: repository) {
      guard let body = try repository.blob(note.blob) else {
        absentNotes += 1
        continue
      }
      add(body) { $0.notedOn.insert(note.annotated) }
    }
  }

  /// Takes a record into account.
  mutating func add(_ record: JournalRecord) {
    add(record.event) { $0.record = record }
  }

  private mutating func add(_ body: [UInt8], _ change: (inout Entry) -> Void) {
    let bytes = body.span
    LineScanner.forEachLine(in: bytes) { range in
      switch LineScanner.content(of: range, in: bytes) {
      case .event(let envelope), .conflict(let envelope):
        let aggregate = FeatureName(envelope.string(envelope.aggregateID, in: bytes).description)
        var entry = entries[envelope.id] ?? Entry(aggregateID: aggregate)
        entry.lines.insert([UInt8](copying: bytes, in: envelope.line))
        change(&entry)
        entries[envelope.id] = entry
      case .marker, .unreadable: break
      }
    }
  }
}
