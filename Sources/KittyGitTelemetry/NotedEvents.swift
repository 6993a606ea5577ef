internal import Events
internal import Git
internal import Journal
internal import Notes

/// What the notes know at one moment: as they are, as they were, and as remotes have them.
struct NotedEvents {
  /// The events.
  private(set) var events = KnownEvents()
  /// The commit of the reference that was read; `nil` when there was none.
  private(set) var tip: ObjectID?

  /// Reads the notes of `ref`, and of their past what comes after `joined`.
  init(
    _ ref: NotesRef, joined: ObjectID?, in repository: borrowing Repository, _ progress: MergeProgress
  ) throws {
    // The tip comes first: what is newer is read again.
    let tip = try ref.tip(in: repository)
    try events.read(try ref.notes(in: repository), in: repository, progress)
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
    let before = try tip.flatMap { tip throws(GitError) in try repository.commit(tip)?.tree }
    try events.read(try ref.notes(since: before, in: repository), in: repository)
    // A commit that overtook the one that was read may have lost what that had.
    try events.read(past: try ref.pastNotes(since: tip ?? joined, in: repository), in: repository)
    tip = now
  }
}
