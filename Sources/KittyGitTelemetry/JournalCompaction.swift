internal import Events
internal import Git
internal import Journal

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
