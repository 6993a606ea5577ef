internal import Events
internal import Git
internal import Journal
internal import Notes
internal import SystemPackage

/// One event on its way into the replicas.
///
/// The order of the steps is what makes it safe to be killed between any two of them: the clock first, so that a value
/// is never given twice; then the line that the note lacks; then the journal, from where on the event cannot be lost;
/// then the log and the note, which can both be made again from the journal.
///
/// It is a class because its steps run inside closures that report their failures into the one recording.
final class RecordingSession {
  /// Where the event was recorded.
  struct Origin {
    /// The name of the linked worktree, empty in the main one.
    let worktree: String
    let branch: String?
    let head: ObjectID?
    /// The commit that carries the event; `nil` when the event waits for one.
    let carrier: ObjectID?
  }

  private let request: RecordingRequest
  private let location: FeatureLocation
  private let journal: CommonJournal?
  private let origin: Origin?
  private let leavesWorkTreeAlone: Bool
  private let now: Timestamp
  private let log: LogFile
  private let view: ClockFile
  private let nodeID: JSONString
  private var line: [UInt8] = []
  private var isHeld = false
  private(set) var recording: Recording

  /// The longest error text that is recorded, in bytes of UTF-8.
  private static let maximumErrorLength = 8 << 10

  init(
    request: RecordingRequest, location: FeatureLocation, journal: CommonJournal?, origin: Origin?,
    leavesWorkTreeAlone: Bool, now: Timestamp
  ) {
    self.request = request
    self.location = location
    self.journal = journal
    self.origin = origin
    self.leavesWorkTreeAlone = leavesWorkTreeAlone
    self.now = now
    log = LogFile(in: location.folder)
    view = ClockFile(in: location.folder)
    let node = "\(request.node):\(location.wpID)"
    nodeID = JSONString(node)
    var generator = SystemRandomNumberGenerator()
    let milliseconds = UInt64(clamping: now.microsecondsSince1970 / 1000)
    recording = Recording(
      id: request.id ?? .ulid(milliseconds: milliseconds, using: &generator), feature: location.feature,
      wpID: location.wpID, lamportClock: LamportValue(0), nodeID: node, log: log.path,
      commit: origin?.carrier?.description)
  }

  /// Records the event in all replicas of a repository.
  func run(
    in repository: borrowing Repository, lockPatience: Duration, notePatience: Duration
  ) throws(TelemetryError) {
    try checkLength()
    guard let journal else { return try runOutside(lockPatience: lockPatience) }
    let lock: FileLock
    do {
      lock = try journal.lock(within: lockPatience)
    } catch {
      recording.troubles.append("\(error)")
      guard case .locked = error.code else { return try runOutside(lockPatience: lockPatience) }
      return try runWithoutLock(journal)
    }
    if let known = known() ?? noted(in: repository) {
      adopt(known)
      holdForNote(in: journal)
      if known.record != nil || attempt({ try journal.append([record]) }) != nil { recording.stored.append(.journal) }
      completeLog(known)
    } else {
      try begin(truth: attempt { try journal.clock(of: location.feature).read().table } ?? ClockTable())
      holdForNote(in: journal)
      if attempt({ try journal.append([record]) }) != nil { recording.stored.append(.journal) }
      appendToLog()
    }
    settleNote(in: repository, journal, within: notePatience)
    if request.flush {
      _ = attempt {
        try journal.adoptLateRecords()
        let writer = try NoteWriter(journal: journal, repository: repository)
        _ = try writer.settleAll(in: repository, within: notePatience)
      }
    }
    // Held until here: without a use, the lock would be given back as soon as it was taken.
    _ = consume lock
  }

  /// Records the event in a folder that is in no repository, or in one whose journal cannot be written.
  func runOutside(lockPatience: Duration) throws(TelemetryError) {
    try checkLength()
    guard createFolder() else {
      throw TelemetryError(.environment, recording.troubles.joined(separator: "; ") + "; nothing was stored")
    }
    let lock: FileLock
    do {
      lock = try FileLock(location.folder, within: lockPatience)
    } catch {
      throw TelemetryError(.environment, "\(error); nothing was stored")
    }
    if let known = known() {
      adopt(known)
      completeLog(known)
    } else {
      try begin(truth: ClockTable())
      appendToLog()
    }
    _ = consume lock
  }

  /// Records the event while another process keeps the lock: its clock value may be given twice, and its note waits.
  private func runWithoutLock(_ journal: CommonJournal) throws(TelemetryError) {
    recording.note = .waiting
    if let known = known() {
      adopt(known)
      let isJournaled = known.record != nil || attempt { try journal.appendLate(record, id: recording.id) } != nil
      if isJournaled { recording.stored.append(.journal) }
      return completeLog(known)
    }
    try tick(truth: attempt { try journal.clock(of: location.feature).read().table } ?? ClockTable(), storing: false)
    do throws(JournalError) {
      try journal.appendLate(record, id: recording.id)
      recording.stored.append(.journal)
    } catch {
      if case .system(.fileExists) = error.code, let known = known() {
        // Another recorder of the same id was faster: the event is as that one says.
        adopt(known)
        recording.stored.append(.journal)
        return completeLog(known)
      }
      recording.troubles.append("\(error)")
    }
    appendToLog()
  }
}

// Making the event.
extension RecordingSession {
  private func begin(truth: ClockTable) throws(TelemetryError) {
    if !leavesWorkTreeAlone { _ = createFolder() }
    try tick(truth: truth, storing: true)
  }

  private func tick(truth: ClockTable, storing: Bool) throws(TelemetryError) {
    // Without a clock that can be read, ticking goes on from what the journal knows.
    var clock = attempt { try FeatureClock(of: log, view: view, truth: truth, node: nodeID) } ?? FeatureClock(truth)
    if clock.passesOverValues {
      recording.troubles.append(
        "cannot go on from a clock value above \(LamportValue.trustLimit) in \(view.path): it was passed over")
    }
    let value = clock.tick(nodeID)
    try encode(at: value)
    guard storing else { return }
    if let journal { _ = attempt { try journal.store(clock.basis, clockOf: location.feature) } }
    if !leavesWorkTreeAlone, FileSystem.isDirectory(location.folder) { _ = attempt { try view.write(clock.view) } }
  }

  /// Throws when no clock value gives a line that readers take; nothing has been written then.
  private func checkLength() throws(TelemetryError) {
    try encode(at: LamportValue(LamportValue.trustLimit))
  }

  private func encode(at value: LamportValue) throws(TelemetryError) {
    var invocation = request.invocation
    invocation.wpID = location.wpID
    invocation.error = invocation.error.map(RecordingSession.capped)
    let event = Event(
      id: recording.id, aggregateID: JSONString(location.feature), lamportClock: value, nodeID: nodeID,
      payload: invocation.payload, timestamp: now)
    line = event.line
    guard line.count <= LineScanner.maximumLength else {
      throw TelemetryError(
        .usage, "cannot record an event of \(line.count) bytes: readers set aside lines above 1 MiB; shorten its texts")
    }
    recording.lamportClock = value
  }

  private static func capped(_ error: String) -> String {
    guard error.utf8.count > maximumErrorLength else { return error }
    return String(decoding: error.utf8.prefix(maximumErrorLength), as: UTF8.self)
      + " [\(error.utf8.count - maximumErrorLength) bytes left out]"
  }

  private var record: JournalRecord {
    JournalRecord(
      event: line, directory: location.directory, worktree: origin?.worktree ?? "", branch: origin?.branch,
      head: origin?.head?.description, commit: recording.commit)
  }
}

// An id that was recorded before.
extension RecordingSession {
  /// What the replicas know of the id that was asked for.
  private struct Known {
    var line: [UInt8]
    var record: JournalRecord?
    var isLogged: Bool
  }

  /// What the journal and the log know.
  private func known() -> Known? {
    guard let id = request.id else { return nil }
    // A replica that cannot be read does not keep the event from the others.
    let record = journal.flatMap { journal in
      attempt { try journal.records() }?.last { Event(line: $0.event)?.id == id }
    }
    let logged = attempt { try log.read() }.flatMap(\.self).flatMap { EventSet([$0.storage]).line(of: id) }
    return (record?.event ?? logged).map { Known(line: $0, record: record, isLogged: logged != nil) }
  }

  /// What the note knows.
  private func noted(in repository: borrowing Repository) -> Known? {
    guard let id = request.id, let carrier = origin?.carrier else { return nil }
    let bodies = attempt { try NoteWriter.ref(of: repository).bodies(of: carrier, in: repository) } ?? []
    return bodies.lazy.compactMap { EventSet($0).line(of: id) }.first
      .map { Known(line: $0, record: nil, isLogged: false) }
  }

  private func adopt(_ known: Known) {
    line = known.line
    recording.isDuplicate = true
    if let event = Event(line: line) { recording.lamportClock = event.lamportClock }
    if let record = known.record { recording.commit = record.commit }
  }

  private func completeLog(_ known: Known?) {
    if known?.isLogged == true {
      recording.stored.append(.log)
    } else {
      if known != nil, !leavesWorkTreeAlone { _ = createFolder() }
      appendToLog()
    }
  }
}

// Storing the event.
extension RecordingSession {
  /// Runs a step that may fail without ending the recording; its failure becomes a trouble.
  private func attempt<Result>(_ step: () throws -> Result) -> Result? {
    do {
      return try step()
    } catch {
      // Two steps may meet the same obstacle; it is told once.
      if !recording.troubles.contains("\(error)") { recording.troubles.append("\(error)") }
      return nil
    }
  }

  private func createFolder() -> Bool {
    attempt { try FileSystem.createDirectories(location.folder) } != nil
  }

  private func holdForNote(in journal: CommonJournal) {
    guard let commit = recording.commit else { return }
    isHeld = attempt { try journal.hold([line], for: commit) } != nil
  }

  private func appendToLog() {
    guard !leavesWorkTreeAlone, FileSystem.isDirectory(location.folder) else { return }
    if attempt({ try log.append([line]) }) != nil { recording.stored.append(.log) }
  }

  private func settleNote(
    in repository: borrowing Repository, _ journal: CommonJournal, within patience: Duration
  ) {
    recording.note = .waiting
    guard let commit = recording.commit.flatMap({ ObjectID(hex: $0) }) else {
      if request.target != .next, !recording.isDuplicate {
        recording.troubles.append("cannot note the event yet: there is no commit; the first one will carry it")
      }
      return
    }
    // A line that is not held is not among those that are written.
    guard isHeld else { return }
    _ = attempt {
      let writer = try NoteWriter(journal: journal, repository: repository)
      switch try writer.settle(commit, in: repository, mayWait: !request.flush, within: patience) {
      case .written:
        recording.note = .written
        recording.stored.append(.note)
      case .waiting: break
      case .absent:
        recording.troubles.append(
          "cannot extend the note of \(commit): this clone does not have it; run: git fetch, then emit --flush")
      }
    }
  }
}
