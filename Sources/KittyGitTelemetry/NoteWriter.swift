internal import Events
internal import Git
internal import Journal
internal import Notes

/// Brings the lines that notes still lack from the journal into the notes.
///
/// A note is written whole each time, so a long one costs more with every event. From `eagerSize` on, lines wait until
/// they make up a fixed share of the note; the cost of an event then stays the same however many there are.
struct NoteWriter {
  /// Where lines are held; `nil` where there is no journal, and so none are.
  let journal: CommonJournal?
  let ref: NotesRef

  /// Up to this size in bytes, a few dozen events, a note is written at once.
  private static let eagerSize = 32 << 10
  /// A longer note lets lines wait up to its size divided by this.
  private static let waitingShare = 4

  init(journal: CommonJournal?, repository: borrowing Repository) throws(TelemetryError) {
    self.journal = journal
    ref = try NoteWriter.ref(of: repository)
  }

  /// The reference that the user has configured, or the usual one.
  ///
  /// Like git, it takes no name outside of `refs/notes/`: a branch would get the notes for its files.
  static func ref(of repository: borrowing Repository) throws(TelemetryError) -> NotesRef {
    let key = "kitty-telemetry.notesRef"
    guard let name = try environmental({ try repository.configuration(key) }) else { return NotesRef() }
    guard name.hasPrefix("refs/notes/"), !name.hasSuffix("/") else {
      throw TelemetryError(
        .environment,
        "cannot keep notes at \(printable(name)): it is not below refs/notes/; run: git config \(key) refs/notes/<name>"
      )
    }
    return NotesRef(name: name)
  }

  /// What became of lines that were to go into a note.
  enum Outcome {
    case written, waiting
    /// The note exists, and its blob is absent from this clone.
    case absent
    /// The note has so many bytes, which is more than a note may have.
    case oversized(Int)
    /// The note would get so many bytes, which is more than a note may have.
    case overfull(Int)
  }

  /// Notes that were left as they are, although something was to go into them.
  struct Unwritten {
    /// How many of them this clone does not have.
    var absent = 0
    /// Those that are too large, with their sizes.
    var oversized: [ObjectID: Int] = [:]
    /// Those that would be too large, with the sizes that they would have.
    var overfull: [ObjectID: Int] = [:]
  }

  /// Says what keeps the note of `commit`, which has `size` bytes, from being extended.
  func refusal(_ commit: ObjectID, of size: Int) -> String {
    "cannot extend the note of \(commit): it has \(size) bytes, and no more than \(Note.maximumSize) are "
      + "read of one; it stays as it is, and the journal keeps what is to go there; to give up what the note has, run: "
      + "git notes --ref=\(ref.name) remove \(commit)"
  }

  /// Says what keeps the note of `commit`, which would get `size` bytes, from being extended.
  ///
  /// Nothing has gone wrong, and nothing is to be mended: all that is missing is one of the copies.
  func overflow(_ commit: ObjectID, of size: Int) -> String {
    "the note of \(commit) is full: it would have \(size) bytes, and no more than \(Note.maximumSize) are read of one; "
      + "log and journal keep what it lacks; record what is to come on another commit, with emit --commit"
  }

  /// Writes `events` and the held lines of `commit` into its note, or lets them wait when the note is long and they are
  /// few.
  ///
  /// The caller holds the journal's lock, and what may wait is held.
  func settle(
    _ commit: ObjectID, adding events: EventSet, in repository: borrowing Repository, mayWait: Bool,
    within patience: Duration
  ) throws -> Outcome {
    if mayWait {
      guard let size = try ref.size(of: commit, in: repository) else { return .absent }
      guard size <= Note.maximumSize else { return .oversized(size) }
      let waiting = journal?.heldSize(for: commit.description) ?? 0
      // Not to read all that waits for nothing.
      guard size + waiting <= Note.maximumSize else { return .overfull(size + waiting) }
      if size > NoteWriter.eagerSize, waiting < size / NoteWriter.waitingShare { return .waiting }
    }
    let held = try journal?.heldLines(for: commit.description) ?? []
    // A recorder that was killed while it held a line leaves a fragment, which is no event of anybody's.
    let additions = EventSet(held).withoutUnreadable.joined(with: events)
    if !additions.isEmpty {
      let update = try ref.join(additions, intoNoteOf: commit, in: repository, within: patience)
      guard update.absent.isEmpty else { return .absent }
      if let size = update.oversized[commit] { return .oversized(size) }
      if let size = update.overfull[commit] { return .overfull(size) }
    }
    if !held.isEmpty { try journal?.release(commit.description) }
    return .written
  }

  /// Writes all held lines into their notes, gives commits what those had that they were made from, and returns which
  /// notes could not be written.
  ///
  /// The caller holds the journal's lock.
  func settleAll(in repository: borrowing Repository, within patience: Duration) throws -> Unwritten {
    var unwritten = Unwritten()
    for name in journal?.heldCommits ?? [] {
      guard let commit = ObjectID(hex: name) else { continue }
      switch try settle(commit, adding: EventSet(), in: repository, mayWait: false, within: patience) {
      case .absent: unwritten.absent += 1
      case .oversized(let size): unwritten.oversized[commit] = size
      case .overfull(let size): unwritten.overfull[commit] = size
      case .written, .waiting: break
      }
    }
    try settleHeirs(&unwritten, in: repository, within: patience)
    return unwritten
  }

  /// Joins the notes of the commits that others were made from into the notes of these.
  ///
  /// Whoever is heir to a note that is too large gets what the others have: it will not be smaller.
  private func settleHeirs(
    _ unwritten: inout Unwritten, in repository: borrowing Repository, within patience: Duration
  ) throws {
    guard let journal else { return }
    var additions: [ObjectID: EventSet] = [:]
    var absent: Set<ObjectID> = []
    for name in journal.heirs {
      guard let heir = ObjectID(hex: name), try repository.contains(heir) else {
        try journal.releaseHeir(name)
        continue
      }
      additions[heir] = EventSet()
      for ancestor in try ancestors(of: name, in: journal) {
        if try ref.size(of: ancestor, in: repository) == nil { absent.insert(heir) }
        let bodies = try ref.bodies(of: ancestor, in: repository)
        additions[heir] = additions[heir]?.joined(with: EventSet(bodies.map(LineBuffer.init)))
      }
    }
    let update = try ref.join(additions.filter { !$0.value.isEmpty }, in: repository, within: patience)
    absent.formUnion(update.absent)
    unwritten.absent += absent.count
    unwritten.oversized.merge(update.oversized) { $1 }
    unwritten.overfull.merge(update.overfull) { $1 }
    for heir in additions.keys
    where !absent.contains(heir) && update.oversized[heir] == nil && update.overfull[heir] == nil {
      try journal.releaseHeir(heir.description)
    }
  }

  /// The commits that `commit` was made from, those that these were made from included.
  private func ancestors(of commit: String, in journal: CommonJournal) throws(JournalError) -> Set<ObjectID> {
    var found: Set<ObjectID> = []
    var names = try journal.ancestors(of: commit)
    while let name = names.popLast() {
      guard let id = ObjectID(hex: name), found.insert(id).inserted else { continue }
      names += try journal.ancestors(of: name)
    }
    return found
  }
}
