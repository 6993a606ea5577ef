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
    let ids = Set(records.compactMap(\.eventID))
    let lines = Set(records.filter(\.waits).map(\.line))
    try journal.keepWaiting { record in
      record.eventID.map { !ids.contains($0) || lines.contains(record.line) } ?? false
    }
  }

  /// The records of waiting events whose work a commit has taken in: the first one that was made in their worktree on
  /// top of the HEAD that they were recorded at.
  ///
  /// The worktree's reflog tells what was made there; what a rebase or a fast-forward brought is no commit of its own.
  static func settled(in journal: CommonJournal, _ worktrees: [Worktree]) throws -> [JournalRecord] {
    let waiting = waiting(among: try journal.records())
    guard !waiting.isEmpty else { return [] }
    var made: [String: [MadeCommit]] = [:]
    for worktree in worktrees where worktree.isPresent {
      made[worktree.name] = try commits(madeIn: try Repository(discoveredFrom: worktree.path))
    }
    return waiting.compactMap { settled($0, by: made[$0.worktree] ?? []) }
  }

  /// Gives the events that wait in one worktree the commit that took their work in, without reading the whole ledger.
  ///
  /// The caller holds the journal's lock.
  static func settle(
    in journal: CommonJournal, worktree name: String, of repository: borrowing Repository
  ) throws {
    let waiting = waiting(among: try journal.waitingRecords()).filter { $0.worktree == name }
    guard !waiting.isEmpty else { return }
    let made = try commits(madeIn: repository)
    try settle(waiting.compactMap { settled($0, by: made) }, in: journal)
  }

  /// The records of events that wait; a later record of an event tells that it waits no longer, or on another commit.
  static func waiting(among records: [JournalRecord]) -> [JournalRecord] {
    var last: [EventID: JournalRecord] = [:]
    for record in records {
      if let id = record.eventID { last[id] = record }
    }
    return last.values.filter(\.waits)
  }

  private static func settled(_ record: JournalRecord, by made: [MadeCommit]) -> JournalRecord? {
    made.first { $0.parent?.description == record.head }.map { record.carried(by: $0.id.description) }
  }

  private static func commits(madeIn repository: borrowing Repository) throws(GitError) -> [MadeCommit] {
    guard repository.operationInProgress == nil else { return [] }
    return try repository.reflog(of: "HEAD").compactMap { step in
      step.reason.hasPrefix("commit: ") || step.reason.hasPrefix("commit (initial): ")
        ? MadeCommit(parent: step.old, id: step.new) : nil
    }
  }
}
