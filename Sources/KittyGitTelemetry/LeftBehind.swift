internal import Git
internal import Journal
internal import Notes
internal import SystemPackage

/// What processes that were killed have left behind, and nobody else clears away.
///
/// Recorders never look at it: they have no time to wait. Whoever clears away holds the journal's lock, so that what is
/// found is not one of our own at work.
enum LeftBehind {
  /// How long something must not have been touched before it belongs to nobody; writers need a fraction of a second.
  static let age: Duration = .seconds(60)

  /// The lock that git and libgit2 take on the notes reference, and leave there when they are killed: from then on no
  /// note can be written.
  static func lock(of ref: NotesRef, in repository: borrowing Repository) -> FilePath {
    FilePath(repository.commonDirectory).pushing(FilePath("\(ref.name).lock"))
  }

  /// Removes that lock when it is old, and returns a sentence that says so.
  ///
  /// Only the notes reference is ours; the locks of other references and of the index are for people to judge.
  static func removeLock(of ref: NotesRef, in repository: borrowing Repository) throws(JournalError) -> String? {
    let lock = lock(of: ref, in: repository)
    guard try FileSystem.removeAbandoned(lock, after: age) else { return nil }
    return "removed \(lock), which a process that was killed had left there: it kept notes from being written"
  }

  /// Removes temporary files from the journal and from the folders of features.
  static func removeLitter(in journal: CommonJournal, _ features: [FilePath]) {
    journal.removeLitter(olderThan: age)
    let names = [LogFile.name, ClockFile.name]
    for folder in features {
      DurableWrite.removeLitter(in: folder, olderThan: age) { name in names.contains { $0 == name } }
    }
  }
}
