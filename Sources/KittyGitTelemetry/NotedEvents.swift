internal import Git
internal import Journal
internal import Notes

/// What the notes know at one moment: which commits carry which events, and what the past of the notes and remotes have
/// besides.
struct NotedEvents {
  /// The notes as they are.
  private(set) var index: NotesIndex
  /// The events that the notes had once, or have at a remote.
  private(set) var events = KnownEvents()
  /// The commit of the reference that was read; `nil` when there was none.
  private(set) var tip: ObjectID?

  /// Reads what has changed in the notes of `ref` since the journal's index of them, and of their past what comes after
  /// `joined`.
  init(
    _ ref: NotesRef, joined: ObjectID?, _ journal: CommonJournal, in repository: borrowing Repository,
    _ progress: MergeProgress
  ) throws {
    // The tip comes first: what is newer is read again.
    let tip = try ref.tip(in: repository)
    index = try NotesIndex.ofNotes(in: ref, at: tip, journal, in: repository, progress)
    try events.read(past: try ref.pastNotes(since: joined, in: repository), in: repository)
    for fetched in try ref.fetched(in: repository) {
      try events.read(past: try ref.notes(missingFrom: fetched, in: repository), in: repository)
    }
    self.tip = tip
  }

  /// Takes in what has changed since the notes were read.
  mutating func catchUp(with ref: NotesRef, joined: ObjectID?, in repository: borrowing Repository) throws {
    let now = try ref.tip(in: repository)
    guard now != tip else { return }
    try index.update(to: try ref.root(at: now, in: repository), in: repository)
    // A commit that overtook the one that was read may have lost what that had.
    try events.read(past: try ref.pastNotes(since: tip ?? joined, in: repository), in: repository)
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
