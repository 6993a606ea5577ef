internal import Git
internal import Journal
internal import Notes

/// What the notes know at one moment: which commits carry which events, and what the past of the notes and remotes have
/// besides.
struct NotedEvents {
  /// The notes as they are; `nil` where only those were looked for that are new.
  private(set) var index: NotesIndex?
  /// The notes that are new since a checkpoint, and those that were not settled then.
  private(set) var unsettled: [Note] = []
  /// The events that the notes had once, or have at a remote.
  private(set) var events = KnownEvents()
  /// The commit of the reference that was read; `nil` when there was none.
  private(set) var tip: ObjectID?
  /// The commit up to which the past of the notes had been joined.
  private let joined: ObjectID?
  /// The notes that there have been since.
  private var pastNotes: [Note] = []

  /// The past as it was looked at.
  var past: MergeCheckpoint.Past? { tip.map { MergeCheckpoint.Past(tip: $0, joined: joined, notes: pastNotes) } }

  /// Reads what has changed in the notes of `ref` since the journal's index of them, and of their past what comes after
  /// `joined`.
  init(
    _ ref: NotesRef, joined: ObjectID?, _ journal: CommonJournal, in repository: borrowing Repository,
    _ progress: MergeProgress
  ) throws {
    // The tip comes first: what is newer is read again.
    let tip = try ref.tip(in: repository)
    index = try NotesIndex.ofNotes(in: ref, at: tip, journal, in: repository, progress)
    pastNotes = try ref.pastNotes(since: joined, in: repository)
    self.joined = joined
    self.tip = tip
    try events.read(past: pastNotes, in: repository)
    try readFetched(of: ref, in: repository)
  }

  /// Finds what is new since `checkpoint`, and reads what the past and remotes have.
  ///
  /// - Throws: ``OutdatedCheckpoint`` when a note that was settled is not as it was, or too much is new.
  init(
    _ ref: NotesRef, since checkpoint: MergeCheckpoint, joined: ObjectID?, in repository: borrowing Repository
  ) throws {
    guard let tip = try ref.tip(in: repository), try repository.leads(from: checkpoint.past.tip, to: tip) else {
      throw OutdatedCheckpoint()
    }
    let root = try ref.root(at: tip, in: repository)
    let changes = try NotesTree.changes(from: checkpoint.notes, to: root, in: repository)
    guard changes.count <= MergeSession.newThings(beside: checkpoint.settledNotes) else { throw OutdatedCheckpoint() }
    var unsettled = Set(checkpoint.unsettled)
    for note in try NotesTree.changes(from: root, to: checkpoint.notes, in: repository) {
      guard unsettled.remove(note) != nil else { throw OutdatedCheckpoint() }
    }
    unsettled.formUnion(changes)
    self.unsettled = unsettled.sorted { ($0.annotated, $0.blob) < ($1.annotated, $1.blob) }
    if joined == checkpoint.past.joined {
      pastNotes = checkpoint.past.notes + (try ref.pastNotes(since: checkpoint.past.tip, in: repository))
    } else {
      pastNotes = try ref.pastNotes(since: joined, in: repository)
    }
    self.joined = joined
    self.tip = tip
    try events.read(past: pastNotes, in: repository)
    try readFetched(of: ref, in: repository)
  }

  private mutating func readFetched(of ref: NotesRef, in repository: borrowing Repository) throws {
    for fetched in try ref.fetched(in: repository) {
      try events.read(past: try ref.notes(missingFrom: fetched, in: repository), in: repository)
    }
  }

  /// Takes in what has changed since the notes were read.
  mutating func catchUp(with ref: NotesRef, joined: ObjectID?, in repository: borrowing Repository) throws {
    let now = try ref.tip(in: repository)
    guard now != tip else { return }
    try index?.update(to: try ref.root(at: now, in: repository), in: repository)
    // A commit that overtook the one that was read may have lost what that had.
    let past = try ref.pastNotes(since: tip ?? joined, in: repository)
    try events.read(past: past, in: repository)
    pastNotes += past
    tip = now
  }
}

extension NotesIndex {
  /// The index of the notes that `ref` had at `tip`, made from the one that the journal has, if it is of any use.
  static func ofNotes(
    in ref: NotesRef, at tip: ObjectID?, _ journal: CommonJournal, in repository: borrowing Repository,
    _ progress: MergeProgress = { _, _, _ in }
  ) throws -> NotesIndex {
    let root = try ref.root(at: tip, in: repository)
    func tell(_ done: Int, _ total: Int) { progress("reading notes", done, total) }
    // A file that cannot be read is as good as none, and so is the index of a tree that is gone.
    let stored = (try? journal.notesIndex()).flatMap { $0?.withBytes { NotesIndex(bytes: $0) } }
    if var index = stored, (try? index.update(to: root, in: repository, tell)) != nil { return index }
    var index = NotesIndex()
    try index.update(to: root, in: repository, tell)
    return index
  }
}
