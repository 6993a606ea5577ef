internal import Events
internal import Journal
internal import SystemPackage

// Events that were recorded before.
extension RecordingSession {
  /// What the replicas know of an event whose id was given.
  struct Known {
    var line: [UInt8]
    var record: JournalRecord?
    var isLogged = false
    /// What is left of it where the journal has let go of it: a commit's log and note hold it.
    var dropped: CommonJournal.DroppedEvent?
  }

  /// What the replicas know of the drafts whose ids were given; each is read once, and only if one was.
  func knownEvents() -> [Int: Known] {
    let asked = drafts.indices.filter { drafts[$0].hasGivenID }
    guard !asked.isEmpty else { return [:] }
    let ids = Set(asked.map { drafts[$0].event.id })
    var records: [EventID: JournalRecord] = [:]
    // A replica that cannot be read does not keep the events from the others.
    for record in access.journal.flatMap({ journal in attempt(asked) { try journal.records() } }) ?? [] {
      if let id = record.eventID, ids.contains(id) { records[id] = record }
    }
    var logs: [FilePath: [EventID: [UInt8]]] = [:]
    for folder in Set(asked.map { drafts[$0].location.folder }) {
      let snapshot = attempt(asked) { try LogFile(in: folder).read() }.flatMap(\.self)
      logs[folder] = snapshot.map { EventSet([$0.storage]).lines(of: ids) }
    }
    let noted = noted.lines(of: ids)
    let held = attempt(asked) { try heldEvents().lines(of: ids) } ?? [:]
    let dropped = access.journal.flatMap { journal in attempt(asked) { try journal.dropped(among: ids) } } ?? [:]
    var known: [Int: Known] = [:]
    for index in asked {
      let id = drafts[index].event.id
      let logged = logs[drafts[index].location.folder]?[id]
      let line = records[id]?.event ?? logged ?? noted[id] ?? held[id]
      guard line != nil || dropped[id] != nil else { continue }
      // Another content under the same id is a variant of its own, which the join keeps.
      guard drafts[index].isNew || line.map(drafts[index].isVariant) == false else { continue }
      known[index] = Known(
        line: line ?? drafts[index].line, record: records[id], isLogged: logged != nil,
        dropped: records[id] == nil ? dropped[id] : nil)
    }
    return known
  }

  /// The events that notes lack; a recorder that was killed may have come no further than to keep them for theirs.
  private func heldEvents() throws(JournalError) -> EventSet {
    guard let journal = access.journal else { return EventSet() }
    var bodies: [LineBuffer] = []
    for commit in journal.heldCommits { bodies.append(LineBuffer(try journal.heldLines(for: commit))) }
    return EventSet(bodies)
  }

  /// What is known of an event stays as it is.
  func adopt(_ known: [Int: Known], among members: [Int]) {
    for index in members {
      guard let found = known[index] else { continue }
      adopt(found.line, as: index)
      if let dropped = found.dropped { adopt(dropped, as: index) }
      if let record = found.record { recordings[index].commit = record.commit }
    }
  }

  private func adopt(_ dropped: CommonJournal.DroppedEvent, as index: Int) {
    recordings[index].lamportClock = dropped.lamportClock
    recordings[index].commit = dropped.commit
    recordings[index].note = .written
    recordings[index].stored += [.log, .note]
    isSettled[index] = true
  }

  func adopt(_ line: [UInt8], as index: Int) {
    lines[index] = line
    recordings[index].isDuplicate = true
    guard let event = Event(line: line) else { return }
    recordings[index].lamportClock = event.lamportClock
    recordings[index].payload = event.payload
  }
}
