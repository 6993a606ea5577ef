internal import Events
internal import Git
internal import Journal

/// Events that were recorded before the commit that carries them.
enum WaitingEvents {
  /// Gives waiting events the commit that took their work in.
  ///
  /// The caller holds the journal's lock.
  static func settle(in journal: CommonJournal, _ worktrees: [Worktree]) throws {
    try settle(try settled(in: journal, worktrees), in: journal)
  }

  /// Gives `commit` to those of the waiting events that `isTaken` says were taken in by it.
  ///
  /// The caller holds the journal's lock.
  static func settle(
    in journal: CommonJournal, after commit: ObjectID, where isTaken: (JournalRecord) -> Bool
  ) throws {
    let taken = waiting(among: try journal.records()).filter(isTaken)
    try settle(taken.map { $0.carried(by: commit.description) }, in: journal)
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

  /// Gives the events that wait in one worktree the commit that took their work in, without reading the whole ledger.
  ///
  /// The caller holds the journal's lock.
  static func settle(
    in journal: CommonJournal, worktree name: String, of repository: borrowing Repository
  ) throws {
    let waiting = waiting(among: try journal.waitingRecords()).filter { $0.worktree == name }
    guard !waiting.isEmpty else { return }
    try settle(try settled(waiting, at: try repository.head(), in: repository), in: journal)
  }

  /// The records of waiting events whose work a commit has taken in: the first one that was made in their worktree, on
  /// their branch, after they were recorded.
  ///
  /// The worktree's reflog tells what was made there; what a rebase, a fast-forward or a cherry-pick brought is somebody
  /// else's work.
  static func settled(in journal: CommonJournal, _ worktrees: [Worktree]) throws -> [JournalRecord] {
    let waiting = Dictionary(grouping: waiting(among: try journal.records()), by: \.worktree)
    var carried: [JournalRecord] = []
    for worktree in worktrees where worktree.isPresent {
      guard let records = waiting[worktree.name] else { continue }
      let repository = try Repository(discoveredFrom: worktree.path)
      carried += try settled(records, at: try repository.head(), in: repository)
    }
    return carried
  }

  /// The records of events that wait; a later record of an event tells that it waits no longer, or on another commit.
  static func waiting(among records: [JournalRecord]) -> [JournalRecord] {
    var last: [EventID: JournalRecord] = [:]
    for record in records {
      if let id = record.eventID { last[id] = record }
    }
    return last.sorted { $0.key < $1.key }.map(\.value).filter(\.waits)
  }

  /// The records of `waiting` events of one work tree that a commit has taken in.
  private static func settled(
    _ waiting: [JournalRecord], at head: Head, in repository: borrowing Repository
  ) throws(GitError) -> [JournalRecord] {
    guard repository.operationInProgress == nil else { return [] }
    let steps = try repository.reflog(of: "HEAD")
    var carried: [JournalRecord] = []
    for record in waiting {
      var taker = steps.commit(after: record)
      if taker == nil { taker = try commit(after: record, steps, head, in: repository) }
      if let commit = taker { carried.append(record.carried(by: commit.description)) }
    }
    return carried
  }

  /// The commit on top of the recorded HEAD, where the reflog does not reach back to that.
  private static func commit(
    after record: JournalRecord, _ steps: [ReferenceStep], _ head: Head, in repository: borrowing Repository
  ) throws(GitError) -> ObjectID? {
    guard let tip = head.commit, record.branch == head.branch,
      !steps.contains(where: { $0.old?.description == record.head || $0.new.description == record.head })
    else { return nil }
    var found: ObjectID?
    var newer: ObjectID?
    try repository.walk(from: [tip], firstParentOnly: true) { id throws(GitError) in
      if id.description == record.head { found = newer }
      newer = id
      return id.description != record.head
    }
    return found
  }
}

extension [ReferenceStep] {
  /// The commit that was made first after HEAD stood where `record` was made, on the branch that it was made on.
  fileprivate func commit(after record: JournalRecord) -> ObjectID? {
    guard let start = firstIndex(where: { $0.old?.description == record.head }) else { return nil }
    let branch = record.branch.map { $0.split(separator: "/").dropFirst(2).joined(separator: "/") }
    var isThere = true
    for step in self[start...] {
      // What a detached HEAD was moved to may be a commit by any of its names, so that it tells nothing.
      if let branch, step.reason.hasPrefix("checkout: moving from ") {
        isThere = step.reason.split(separator: " ").last.map(String.init) == branch
      } else if isThere, step.isCommit {
        return step.new
      }
    }
    return nil
  }
}

extension ReferenceStep {
  /// Whether somebody has committed; who amends a commit, or ends a merge, takes in the work that was done since.
  fileprivate var isCommit: Bool {
    ["commit: ", "commit (initial): ", "commit (amend): ", "commit (merge): "].contains { reason.hasPrefix($0) }
  }
}
