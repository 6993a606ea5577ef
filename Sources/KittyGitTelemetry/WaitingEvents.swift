internal import Events
internal import Git
internal import Journal

/// Events that were recorded before the commit that carries them.
enum WaitingEvents {
  /// A commit that was made in a worktree.
  private struct MadeCommit {
    /// What was checked out before.
    let before: ObjectID?
    let id: ObjectID
  }

  /// Gives waiting events the commit that took their work in.
  ///
  /// The caller holds the journal's lock.
  static func settle(in journal: CommonJournal, _ worktrees: [Worktree]) throws {
    try settle(try settled(in: journal, worktrees), in: journal)
  }

  /// Stores where waiting events have gone.
  ///
  /// The caller holds the journal's lock.
  static func settle(_ records: [JournalRecord], in journal: CommonJournal) throws(JournalError) {
    guard !records.isEmpty else { return }
    for record in records {
      if let commit = record.commit { try journal.hold([record.event], for: commit) }
    }
    try journal.append(records)
  }

  /// The records of waiting events whose work a commit has taken in: the first one that was made in their worktree on
  /// top of the HEAD that they were recorded at.
  ///
  /// The worktree's reflog tells what was made there; what a rebase or a fast-forward brought is no commit of its own.
  static func settled(in journal: CommonJournal, _ worktrees: [Worktree]) throws -> [JournalRecord] {
    var last: [EventID: JournalRecord] = [:]
    // A later record of an event tells that it waits no longer.
    for record in try journal.records() {
      if let id = record.eventID { last[id] = record }
    }
    let waiting = last.values.filter(\.waits)
    guard !waiting.isEmpty else { return [] }
    var made: [String: [MadeCommit]] = [:]
    for worktree in worktrees where worktree.isPresent { made[worktree.name] = try commits(madeIn: worktree) }
    var settled: [JournalRecord] = []
    for record in waiting {
      let commits = made[record.worktree] ?? []
      guard let first = commits.first(where: { $0.before?.description == record.head }) else { continue }
      settled.append(record.carried(by: first.id.description))
    }
    return settled
  }

  private static func commits(madeIn worktree: Worktree) throws(GitError) -> [MadeCommit] {
    let repository = try Repository(discoveredFrom: worktree.path)
    guard repository.operationInProgress == nil else { return [] }
    return try repository.reflog(of: "HEAD").compactMap { step in
      // Who amends a commit takes into it the work that was done since.
      ["commit: ", "commit (initial): ", "commit (amend): "].contains { step.reason.hasPrefix($0) }
        ? MadeCommit(before: step.old, id: step.new) : nil
    }
  }
}
