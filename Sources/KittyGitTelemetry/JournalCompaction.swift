internal import Events
internal import Journal

extension CommonJournal {
  /// Drops the records of events that `committed` logs of a branch hold and that have a note: the ledger is not what
  /// keeps them any more.
  ///
  /// The caller holds the lock.
  func compact(committed: [EventSet], noted: Set<EventID>) throws(JournalError) {
    guard !noted.isEmpty, committed.contains(where: { !$0.isEmpty }) else { return }
    let recorded = Set(try records().compactMap(\.eventID)).intersection(noted)
    guard !recorded.isEmpty else { return }
    var kept: [EventID: [UInt8]] = [:]
    for log in committed { kept.merge(log.lines(of: recorded)) { $1 } }
    guard !kept.isEmpty else { return }
    // Another spelling or another value of an event is not what the branch has.
    _ = try compact { record in record.eventID.map { kept[$0] != record.event } ?? true }
  }
}
