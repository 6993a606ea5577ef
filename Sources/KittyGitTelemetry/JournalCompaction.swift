internal import Agents
internal import Events
internal import Git
internal import Journal

enum JournalCompaction {
  /// Whether what HEAD holds is kept: it is a branch, and no lane, which is made to be deleted.
  static func mayCompact(at head: Head, in repository: borrowing Repository) -> Bool {
    guard let branch = head.branch, LaneName(branch) == nil else { return false }
    guard repository.isLinkedWorktree else { return true }
    // With a bare repository every branch is checked out in a linked worktree.
    return (try? Repository(discoveredFrom: repository.commonDirectory).workTree == nil) ?? false
  }
}

extension CommonJournal {
  /// Drops the records of events that `committed` logs of a branch hold and that have a note: the ledger is not what
  /// keeps them any more.
  ///
  /// The caller holds the lock.
  func compact(committed: [EventSet], noted: [EventID: Set<ObjectID>]) throws(JournalError) {
    guard !noted.isEmpty, committed.contains(where: { !$0.isEmpty }) else { return }
    let recorded = Set(try records().compactMap(\.eventID)).filter { noted[$0] != nil }
    guard !recorded.isEmpty else { return }
    var kept: [EventID: [UInt8]] = [:]
    for log in committed { kept.merge(log.lines(of: recorded)) { $1 } }
    guard !kept.isEmpty else { return }
    // Another spelling or another value of an event is not what the branch has.
    _ = try compact { record in
      guard let id = record.eventID, kept[id] == record.event, let commits = noted[id] else { return nil }
      return commits.map(\.description)
    }
  }
}
