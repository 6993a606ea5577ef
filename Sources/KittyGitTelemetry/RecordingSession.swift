internal import Events
internal import Git
internal import Journal
internal import Notes
internal import SystemPackage

/// Events on their way into the replicas.
///
/// The order of the steps is what makes it safe to be killed between any two of them: the clock first, so that a value
/// is never given twice; then the lines that the note lacks; then the journal, from where on the events cannot be lost;
/// then log and note, which can both be made again from the journal.
///
/// It is a class because its steps run inside closures that report their failures into the recordings.
final class RecordingSession {
  /// Where the events were recorded.
  struct Origin {
    /// The name of the linked worktree, empty in the main one.
    let worktree: String
    let branch: String?
    let head: ObjectID?
    /// The commit that carries the events; `nil` when they wait for one.
    let carrier: ObjectID?
  }

  /// How far the replicas can be written.
  enum Access {
    /// All of them, under the journal's lock.
    case full(CommonJournal)
    /// Another process keeps the lock: records become files of their own, clock values may be given twice, notes wait.
    case unlocked(CommonJournal)
    /// There is no journal: outside of a repository, or where its folder cannot be used.
    case withoutJournal

    var journal: CommonJournal? {
      switch self {
      case .full(let journal), .unlocked(let journal): journal
      case .withoutJournal: nil
      }
    }

    var isUnlocked: Bool { if case .unlocked = self { true } else { false } }
  }

  private let context: RecordingContext
  private let origin: Origin?
  private let access: Access
  /// The folders whose logs and clocks stay as they are.
  private let foldersLeftAlone: Set<FilePath>
  /// What the note of the carrier holds, where ids were given.
  private let noted: EventSet
  private var drafts: [EventDraft]
  private(set) var recordings: [Recording]
  /// The lines of the drafts, once they are final.
  private var lines: [[UInt8]]
  /// How much was held for a commit before, in bytes.
  private var heldBefore: [String: Int64] = [:]
  /// Whether clock files may be written: only under the lock.
  private var storesClocks: Bool
  /// The drafts whose lines are kept for the note.
  private var held: Set<Int> = []
  /// The drafts that nothing is missing of.
  private var settled: Set<Int> = []

  init(
    _ drafts: [EventDraft], _ context: RecordingContext, from origin: Origin?, access: Access,
    foldersLeftAlone: Set<FilePath>, noted: EventSet = EventSet(), troubles: [String]
  ) {
    self.context = context
    self.origin = origin
    self.access = access
    self.foldersLeftAlone = foldersLeftAlone
    self.noted = noted
    storesClocks = if case .unlocked = access { false } else { true }
    self.drafts = drafts
    lines = drafts.map(\.line)
    recordings = drafts.map { draft in
      var recording = Recording(
        id: draft.event.id, feature: draft.location.feature,
        wpID: draft.event.payload["wp_id"]?.text ?? draft.location.wpID, payload: draft.event.payload,
        nodeID: draft.event.nodeID.description, log: LogFile(in: draft.location.folder).path)
      recording.commit = origin?.carrier?.description
      recording.troubles = troubles
      return recording
    }
  }

  private var unsettled: [Int] { drafts.indices.filter { !settled.contains($0) } }

  /// Records the events everywhere but in notes.
  func store() {
    if case .full(let journal) = access { attempt(drafts.indices) { try journal.adoptLateRecords() } }
    let known = knownEvents()
    for (folder, members) in Dictionary(grouping: drafts.indices, by: { drafts[$0].location.folder }) {
      if !foldersLeftAlone.contains(folder) {
        attempt(members) { try FileSystem.createDirectories(folder) }
      }
      adopt(known, among: members)
      give(clockTo: members.filter { known[$0] == nil }, in: folder)
    }
    holdForNotes()
    appendToJournal(except: known)
    for (folder, members) in Dictionary(grouping: drafts.indices, by: { drafts[$0].location.folder }) {
      appendToLog(members, in: folder, known)
    }
  }

  /// Records the events in logs alone, under the lock of their folder: that of the first where there are several.
  func storeWithoutJournal(lockPatience: Duration) {
    guard let folder = drafts.first?.location.folder else { return }
    var lock: FileLock?
    if !foldersLeftAlone.contains(folder),
      attempt(drafts.indices, { try FileSystem.createDirectories(folder) }) != nil
    {
      do throws(JournalError) {
        lock = try FileLock(folder, within: lockPatience)
      } catch {
        // Without the lock a clock value may be given twice; the event counts more.
        storesClocks = false
        for index in drafts.indices { recordings[index].troubles.append("\(error)") }
      }
    }
    store()
    _ = consume lock
  }

  /// Runs a step that may fail without ending the recording; its failure becomes a trouble of `members`.
  @discardableResult
  private func attempt<Result>(_ members: some Sequence<Int>, _ step: () throws -> Result) -> Result? {
    do {
      return try step()
    } catch {
      // Two steps may meet the same obstacle; it is told once.
      for member in members where !recordings[member].troubles.contains("\(error)") {
        recordings[member].troubles.append("\(error)")
      }
      return nil
    }
  }
}

// Events that were recorded before.
extension RecordingSession {
  /// What the replicas know of an event whose id was given.
  private struct Known {
    var line: [UInt8]
    var record: JournalRecord?
    var isLogged = false
    /// What is left of it where the journal has let go of it: a commit's log and note hold it.
    var dropped: CommonJournal.DroppedEvent?
  }

  /// What the replicas know of the drafts whose ids were given; each is read once, and only if one was.
  private func knownEvents() -> [Int: Known] {
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
    let dropped = access.journal.flatMap { journal in attempt(asked) { try journal.dropped(among: ids) } } ?? [:]
    var known: [Int: Known] = [:]
    for index in asked {
      let id = drafts[index].event.id
      let logged = logs[drafts[index].location.folder]?[id]
      let line = records[id]?.event ?? logged ?? noted[id]
      guard line != nil || dropped[id] != nil else { continue }
      // Another content under the same id is a variant of its own, which the join keeps.
      guard drafts[index].isNew || line.map(drafts[index].isVariant) == false else { continue }
      known[index] = Known(
        line: line ?? drafts[index].line, record: records[id], isLogged: logged != nil,
        dropped: records[id] == nil ? dropped[id] : nil)
    }
    return known
  }

  /// What is known of an event stays as it is.
  private func adopt(_ known: [Int: Known], among members: [Int]) {
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
    settled.insert(index)
  }

  private func adopt(_ line: [UInt8], as index: Int) {
    lines[index] = line
    recordings[index].isDuplicate = true
    guard let event = Event(line: line) else { return }
    recordings[index].lamportClock = event.lamportClock
    recordings[index].payload = event.payload
  }
}

// Clocks.
extension RecordingSession {
  /// Gives new events their clock values, and takes note of those that events from elsewhere have.
  private func give(clockTo members: [Int], in folder: FilePath) {
    guard let first = members.first else { return }
    // Named after the folder, as a merge finds it; the slug may be another one.
    let feature = folder.lastComponent?.string ?? drafts[first].location.feature
    let view = ClockFile(in: folder)
    let truth = access.journal.flatMap { journal in attempt(members) { try journal.clockBasis(of: feature) } }
    var clock = FeatureClock(truth: truth ?? ClockTable())
    // Without a clock that can be read, ticking goes on from what the journal knows.
    attempt(members) { try clock.read(view, LogFile(in: folder), isNewHere: truth?.isEmpty ?? true) }
    for index in members {
      let node = drafts[index].event.nodeID
      if drafts[index].isNew {
        attempt([index]) { try clock.prepare(node, LogFile(in: folder)) }
        drafts[index].settle(at: clock.tick(node))
      } else {
        clock.raise(node, to: drafts[index].event.lamportClock)
      }
      lines[index] = drafts[index].line
      recordings[index].lamportClock = drafts[index].event.lamportClock
    }
    if clock.passesOverValues {
      let limit = LamportValue.trustLimit
      for index in members {
        recordings[index].notices.append(
          "a clock value above \(limit) in \(view.path) was passed over; it stays there and does no harm")
      }
    }
    guard storesClocks else { return }
    if let journal = access.journal { attempt(members) { try journal.store(clock.basis, clockOf: feature) } }
    if !foldersLeftAlone.contains(folder), FileSystem.isDirectory(folder) {
      attempt(members) { try view.write(clock.view, workshop: access.journal?.folder) }
    }
  }
}

// Journal and log.
extension RecordingSession {
  private func holdForNotes() {
    guard case .full(let journal) = access else { return }
    for (commit, members) in Dictionary(grouping: unsettled, by: { recordings[$0].commit }) {
      guard let commit else { continue }
      guard let size = attempt(members, { try journal.hold(members.map { lines[$0] }, for: commit) }) else { continue }
      held.formUnion(members)
      heldBefore[commit] = size
    }
  }

  private func record(of index: Int) -> JournalRecord {
    JournalRecord(
      event: lines[index], directory: drafts[index].location.directory, worktree: origin?.worktree ?? "",
      branch: origin?.branch, head: origin?.head?.description, commit: recordings[index].commit)
  }

  private func appendToJournal(except known: [Int: Known]) {
    let missing = unsettled.filter { known[$0]?.record == nil }
    switch access {
    case .full(let journal):
      let isStored = missing.isEmpty || attempt(missing) { try journal.append(missing.map(record)) } != nil
      for index in drafts.indices where isStored || known[index]?.record != nil {
        recordings[index].stored.append(.journal)
      }
      guard !isStored else { return }
      // What is not recorded must not turn up in a note one day.
      for (commit, size) in heldBefore { attempt(drafts.indices) { try journal.takeBack(heldFor: commit, to: size) } }
      held = []
    case .unlocked(let journal):
      for index in drafts.indices where known[index]?.record != nil { recordings[index].stored.append(.journal) }
      for index in missing { appendLate(index, to: journal) }
    case .withoutJournal: break
    }
  }

  private func appendLate(_ index: Int, to journal: CommonJournal) {
    do throws(JournalError) {
      try journal.appendLate(record(of: index), id: recordings[index].id)
    } catch {
      guard case .system(.fileExists) = error.code, let other = knownEvents()[index] else {
        recordings[index].troubles.append("\(error)")
        return
      }
      // Another recorder of the same id was faster: the event is as that one says.
      adopt(other.line, as: index)
    }
    recordings[index].stored.append(.journal)
  }

  private func appendToLog(_ members: [Int], in folder: FilePath, _ known: [Int: Known]) {
    for index in members where known[index]?.isLogged == true { recordings[index].stored.append(.log) }
    // An event that was recorded for another feature stays in that one's log.
    let missing = members.filter { index in
      guard !settled.contains(index) else { return false }
      guard let known = known[index] else { return true }
      let directory = drafts[index].location.directory
      return !known.isLogged && (known.record?.directory ?? directory) == directory
    }
    guard !missing.isEmpty, !foldersLeftAlone.contains(folder), FileSystem.isDirectory(folder) else { return }
    guard attempt(missing, { try LogFile(in: folder).append(missing.map { lines[$0] }) }) != nil else { return }
    for index in missing { recordings[index].stored.append(.log) }
  }
}

// Notes.
extension RecordingSession {
  /// Writes the events into the notes of their commits, or lets them wait.
  func note(in repository: borrowing Repository, within patience: Duration) {
    guard !access.isUnlocked else {
      for index in drafts.indices { recordings[index].note = .waiting }
      return
    }
    for (commit, members) in Dictionary(grouping: unsettled, by: { recordings[$0].commit }) {
      for index in members { recordings[index].note = .waiting }
      guard let commit = commit.flatMap({ ObjectID(hex: $0) }) else {
        tellWhyNotesWait(members)
        continue
      }
      attempt(members) {
        let writer = try NoteWriter(journal: access.journal, repository: repository)
        let events = EventSet([LineBuffer(lines: members.map { lines[$0] })])
        // Lines that are not kept anywhere must not wait.
        let mayWait = !context.flush && held.isSuperset(of: members)
        switch try writer.settle(commit, adding: events, in: repository, mayWait: mayWait, within: patience) {
        case .written:
          for index in members {
            recordings[index].note = .written
            recordings[index].stored.append(.note)
          }
        case .waiting: break
        case .absent:
          throw TelemetryError(
            .environment,
            "cannot extend the note of \(commit): this clone lacks its blob; run: git notes show, then emit --flush")
        }
      }
    }
    guard context.flush else { return }
    attempt(drafts.indices) {
      if let journal = access.journal { try WaitingEvents.settle(in: journal, try repository.worktrees()) }
      _ = try NoteWriter(journal: access.journal, repository: repository).settleAll(in: repository, within: patience)
    }
  }

  private func tellWhyNotesWait(_ members: [Int]) {
    // Where HEAD could not be read, that has been told.
    guard !context.target.mayWait, origin?.head == nil, origin?.branch != nil else { return }
    for index in members where !recordings[index].isDuplicate {
      recordings[index].troubles.append("cannot note the event yet: there is no commit; the first one will carry it")
    }
  }
}
