internal import Events
internal import Git
internal import Journal

/// Events that were recorded before the commit that carries them.
enum WaitingEvents {
  /// A commit that was made in a worktree.
  private struct MadeCommit {
    let parent: ObjectID?
    let id: ObjectID
  }

  /// Gives waiting events the commit that took their work in: the first one that was made in their worktree on top of
  /// the HEAD that they were recorded at.
  ///
  /// The worktree's reflog tells what was made there; what a rebase or a fast-forward brought is no commit of its own.
  /// The caller holds the journal's lock.
  static func settle(in journal: CommonJournal, _ worktrees: [Worktree]) throws {
    let waiting = try waitingRecords(in: journal)
    guard !waiting.isEmpty else { return }
    var made: [String: [MadeCommit]] = [:]
    for worktree in worktrees where worktree.isPresent { made[worktree.name] = try commits(madeIn: worktree) }
    var settled: [JournalRecord] = []
    for record in waiting {
      let commits = made[record.worktree] ?? []
      guard let first = commits.first(where: { $0.parent?.description == record.head }) else { continue }
      settled.append(record.carried(by: first.id.description))
    }
    try store(settled, in: journal)
  }

  /// Gives `commit` to those of the waiting events that `isTaken` says were taken in by it.
  ///
  /// The caller holds the journal's lock.
  static func settle(
    in journal: CommonJournal, after commit: ObjectID, where isTaken: (JournalRecord) -> Bool
  ) throws {
    let taken = try waitingRecords(in: journal).filter(isTaken)
    try store(taken.map { $0.carried(by: commit.description) }, in: journal)
  }

  private static func waitingRecords(in journal: CommonJournal) throws(JournalError) -> [JournalRecord] {
    var last: [EventID: JournalRecord] = [:]
    // A later record of an event tells that it waits no longer.
    for record in try journal.records() {
      if let id = record.eventID { last[id] = record }
    }
    return last.values.filter(\.waits)
  }

  private static func store(_ settled: [JournalRecord], in journal: CommonJournal) throws(JournalError) {
    guard !settled.isEmpty else { return }
    for record in settled {
      if let commit = record.commit { try journal.hold([record.event], for: commit) }
    }
    try journal.append(settled)
  }

  private static func commits(madeIn worktree: Worktree) throws(GitError) -> [MadeCommit] {
    let repository = try Repository(discoveredFrom: worktree.path)
    guard repository.operationInProgress == nil else { return [] }
    return try repository.headHistory().compactMap { step in
      step.reason.hasPrefix("commit: ") || step.reason.hasPrefix("commit (initial): ")
        ? MadeCommit(parent: step.old, id: step.new) : nil
    }
  }
}
