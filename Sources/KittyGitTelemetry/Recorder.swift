internal import Events
internal import FoundationEssentials
internal import Git
internal import Journal
internal import Notes
internal import Reports
package import SystemPackage

/// Records events: in the journal, in the work tree's log, in a note.
///
/// Recording takes bounded time, and what can be stored is stored: a replica that fails becomes a trouble of the
/// recording, not the end of it. Once the journal has the event it cannot be lost.
package struct Recorder {
  private let directory: FilePath
  private let environment: [String: String]

  /// How long a recorder waits for the lock, and then for the notes ref.
  private static let lockPatience: Duration = .seconds(5)
  private static let notePatience: Duration = .milliseconds(300)

  /// Creates a recorder that works from `directory`, as git does with `-C`.
  package init(directory: FilePath, environment: [String: String]) {
    self.directory = directory
    // As with git's own variables, an empty one is none.
    self.environment = environment.filter { !$0.value.isEmpty }
  }

  /// Records one event.
  ///
  /// - Throws: ``TelemetryError`` with `usage` for what cannot be recorded, and with `environment` where there is no
  ///   place to record it in; nothing has been written then.
  package func record(
    _ content: RecordingContent, _ context: RecordingContext
  ) throws(TelemetryError) -> Recording {
    guard let outcome = try record([content], context).first else {
      throw TelemetryError(.usage, "cannot record nothing")
    }
    return try outcome.get()
  }

  /// Records events together: under one lock, with one append to each file and one change of the notes.
  ///
  /// Each gets an outcome of its own, in the order of `contents`; one that cannot be recorded costs the others nothing.
  ///
  /// - Throws: ``TelemetryError`` as above where none can be recorded; nothing has been written then.
  package func record(
    _ contents: [RecordingContent], _ context: RecordingContext
  ) throws(TelemetryError) -> [Result<Recording, TelemetryError>] {
    try check(context)
    let start = context.hints.folder.map { FileSystem.resolved(directory.pushing(FilePath($0))) } ?? directory
    let repository: Repository
    do {
      repository = try Repository(discoveredFrom: nearestFolder(to: start).string)
    } catch {
      return try recordOutside(contents, context, because: error)
    }
    return try record(contents, context, in: repository)
  }

  /// Writes all events that wait for a note, and have a commit, into their notes.
  package func flush() throws(TelemetryError) {
    try environmental {
      let repository = try Repository(discoveredFrom: directory.string)
      let journal = CommonJournal(commonDirectory: FilePath(repository.commonDirectory))
      guard journal.exists else { return }
      let lock = try journal.lock(within: Recorder.lockPatience)
      try journal.adoptLateRecords()
      try WaitingEvents.settle(in: journal, try repository.worktrees())
      let writer = try NoteWriter(journal: journal, repository: repository)
      let absent = try writer.settleAll(in: repository, within: Recorder.lockPatience)
      _ = consume lock
      guard absent == 0 else {
        throw TelemetryError(
          .environment,
          "cannot extend \(absent) notes: this clone does not have them; run: git fetch, then emit --flush")
      }
    }
  }

  /// Writes the events of a feature that wait here, of one work package or of all, into the note of `commit`.
  ///
  /// - Throws: ``TelemetryError`` with `usage` when there is no such commit.
  func settle(featureFolder: FilePath, wpID: String?, after commit: String) throws(TelemetryError) {
    try environmental {
      let folder = FileSystem.resolved(directory.pushing(featureFolder))
      let repository = try Repository(discoveredFrom: nearestFolder(to: folder).string)
      guard let carrier = try repository.commit(named: commit) else {
        throw TelemetryError(
          .usage, "cannot find the commit \(printable(commit)); give a revision of this repository")
      }
      let journal = CommonJournal(commonDirectory: FilePath(repository.commonDirectory))
      guard journal.exists else { return }
      let lock = try journal.lock(within: Recorder.lockPatience)
      try journal.adoptLateRecords()
      let worktree = repository.isLinkedWorktree ? FilePath(repository.gitDirectory).lastComponent?.string : nil
      try WaitingEvents.settle(in: journal, after: carrier) { record in
        guard record.feature == folder.lastComponent?.string else { return false }
        // Who names the work package knows that this commit took its work in, wherever that was recorded.
        guard let wpID else { return record.worktree == worktree ?? "" }
        return Event(line: record.event)?.payload["wp_id"]?.text == wpID
      }
      let writer = try NoteWriter(journal: journal, repository: repository)
      _ = try writer.settleAll(in: repository, within: Recorder.lockPatience)
      _ = consume lock
    }
  }

  private func check(_ context: RecordingContext) throws(TelemetryError) {
    let given = [
      ("--feature-dir", context.hints.folder), ("--wp-id", context.hints.wpID), ("--node-id", context.node),
    ]
    for (flag, value) in given where value == "" {
      throw TelemetryError(.usage, "cannot use an empty \(flag): give a value, or leave it out")
    }
  }

  private func nearestFolder(to path: FilePath) -> FilePath {
    var folder = path
    while !FileSystem.isDirectory(folder), folder.removeLastComponent() {}
    return folder.isEmpty ? "." : folder
  }

  private func recordOutside(
    _ contents: [RecordingContent], _ context: RecordingContext, because error: GitError
  ) throws(TelemetryError) -> [Result<Recording, TelemetryError>] {
    // Whatever keeps the repository from being opened, a folder that was named can still take the log.
    guard let folder = context.hints.folder else {
      throw TelemetryError(.environment, "\(error); nothing was stored")
    }
    let drafts = drafts(of: contents, context, prices: .builtIn, redaction: RedactionSettings.usual.redaction) {
      hints throws(TelemetryError) in
      let location = try FeatureLocation.outside(folder, hints, from: directory, environment: environment)
      // The folder may lie where the repository that we work from had a worktree.
      if let here = try? Repository(discoveredFrom: directory.string) { try requireLive(location.folder, in: here) }
      return location
    }
    let troubles = error.code == .notFound ? [] : ["\(error); no journal and no note"]
    let session = RecordingSession(
      drafts.distinct, context, from: nil, access: .withoutJournal, foldersLeftAlone: [], troubles: troubles)
    session.storeWithoutJournal(lockPatience: Recorder.lockPatience)
    return drafts.outcomes(session.recordings)
  }

  private func record(
    _ contents: [RecordingContent], _ context: RecordingContext, in repository: borrowing Repository
  ) throws(TelemetryError) -> [Result<Recording, TelemetryError>] {
    var troubles: [String] = []
    var head = Head.unknown
    do {
      head = try repository.head()
    } catch {
      // Without HEAD the event has no commit, and is recorded all the same.
      troubles.append("\(error)")
    }
    var prices = PriceTable()
    do {
      if context.estimatesCosts { prices = try ProjectPrices.table(in: repository) }
    } catch {
      troubles.append(error.message)
    }
    var redaction = RedactionSettings.usual
    // Most events hold nothing that could be a secret, and then nobody asks for the settings.
    if contents.contains(where: \.mayHoldSecrets) { redaction = RedactionSettings(of: repository) }
    troubles += redaction.troubles
    let drafts = drafts(of: contents, context, prices: prices, redaction: redaction.redaction) {
      hints throws(TelemetryError) in
      let location = try FeatureLocation.inside(repository, head, hints, from: directory, environment: environment)
      try requireLive(location.folder, in: repository)
      return location
    }
    let carrier = try carrier(of: context, head, in: repository)
    let worktree = repository.isLinkedWorktree ? FilePath(repository.gitDirectory).lastComponent?.string : nil
    let origin = RecordingSession.Origin(
      worktree: worktree ?? "", branch: head.branch, head: head.commit, carrier: carrier)
    var foldersLeftAlone: Set<FilePath> = []
    for case .success(let draft) in drafts {
      let log = "\(draft.location.directory)/\(LogFile.name)"
      let isLeftAlone = try beforeStoring { try LogVisibility.isLeftAlone(log, in: repository, at: head) }
      if isLeftAlone { foldersLeftAlone.insert(draft.location.folder) }
    }
    guard !drafts.distinct.isEmpty else { return drafts.outcomes([]) }
    let noted = noted(drafts.distinct, on: carrier, in: repository)
    let journal = CommonJournal(commonDirectory: FilePath(repository.commonDirectory))
    func session(_ access: RecordingSession.Access) -> RecordingSession {
      RecordingSession(
        drafts.distinct, context, from: origin, access: access, foldersLeftAlone: foldersLeftAlone, noted: noted,
        troubles: troubles)
    }
    let lock: FileLock
    do {
      lock = try journal.lock(within: Recorder.lockPatience)
    } catch {
      troubles.append("\(error)")
      let isLocked = if case .locked = error.code { true } else { false }
      let alone = session(isLocked ? .unlocked(journal) : .withoutJournal)
      if isLocked { alone.store() } else { alone.storeWithoutJournal(lockPatience: Recorder.lockPatience) }
      alone.note(in: repository, within: Recorder.notePatience)
      return drafts.outcomes(alone.recordings)
    }
    let full = session(.full(journal))
    full.store()
    full.note(in: repository, within: Recorder.notePatience)
    // Held until here: without a use, the lock would be given back as soon as it was taken.
    _ = consume lock
    return drafts.outcomes(full.recordings)
  }

  /// The drafts of `contents`, each at the place that `locate` finds for it.
  private func drafts(
    of contents: [RecordingContent], _ context: RecordingContext, prices: PriceTable, redaction: Redaction?,
    _ locate: (FeatureLocation.Hints) throws(TelemetryError) -> FeatureLocation
  ) -> [Result<EventDraft, TelemetryError>] {
    let now = Recorder.now
    var located: [String?: Result<FeatureLocation, TelemetryError>] = [:]
    func location(of feature: String?) throws(TelemetryError) -> FeatureLocation {
      var hints = context.hints
      hints.feature = feature
      let found = located[feature] ?? Result { () throws(TelemetryError) in try locate(hints) }
      located[feature] = found
      return try found.get()
    }
    return contents.map { content in
      Result { () throws(TelemetryError) in
        switch content {
        case .payload(let payload, let id, let time):
          return try EventDraft(
            payload: context.estimatesCosts ? prices.freezing(payload) : payload, id: id,
            at: try location(of: context.hints.feature), node: context.node, now: time ?? now, redaction: redaction)
        case .event(let line):
          guard let event = Event(line: line) else {
            throw TelemetryError(.usage, "cannot record a line that is no event")
          }
          let feature = context.hints.feature ?? event.aggregateID.description
          return try EventDraft(event, line: line, at: try location(of: feature))
        }
      }
    }
  }

  /// The commit that shall carry the event; `nil` when the event waits for one.
  private func carrier(
    of context: RecordingContext, _ head: Head, in repository: borrowing Repository
  ) throws(TelemetryError) -> ObjectID? {
    switch context.target {
    case .head: return head.commit
    case .next: return nil
    case .since(let before): return head.commit?.description == before ? nil : head.commit
    case .revision(let name):
      guard let commit = try beforeStoring({ try repository.commit(named: name) }) else {
        throw TelemetryError(.usage, "cannot find the commit \(printable(name)); give a revision of this repository")
      }
      return commit
    }
  }

  /// The events in the note of `carrier`, if one of the drafts may be among them.
  private func noted(
    _ drafts: [EventDraft], on carrier: ObjectID?, in repository: borrowing Repository
  ) -> EventSet {
    guard let carrier, drafts.contains(where: \.hasGivenID) else { return EventSet() }
    // A note that cannot be read is met again when it is written, and told then.
    let bodies = try? NoteWriter.ref(of: repository).bodies(of: carrier, in: repository)
    return EventSet((bodies ?? []).map(LineBuffer.init))
  }

  /// Throws when `folder` would have to be created where a linked worktree has vanished.
  ///
  /// An orchestrator removes worktrees while agents still run in them; a folder that comes back keeps the next
  /// `git worktree add` from using the path.
  private func requireLive(_ folder: FilePath, in repository: borrowing Repository) throws(TelemetryError) {
    guard !FileSystem.isDirectory(folder) else { return }
    let existing = nearestFolder(to: folder)
    let worktrees = try beforeStoring { try repository.worktrees() }
    var missing = folder
    _ = missing.removePrefix(existing)
    let hasVanished =
      existing.lastComponent?.string == ".worktrees" || missing.components.contains(".worktrees")
      || worktrees.contains { !$0.isPresent && folder.starts(with: FilePath($0.path)) }
    guard !hasVanished else {
      throw TelemetryError(
        .environment,
        "cannot record in \(folder): the worktree is gone; nothing was stored; record from a worktree that exists")
    }
  }

  /// Runs what has to succeed before anything can be stored.
  private func beforeStoring<Result: ~Copyable>(_ body: () throws -> Result) throws(TelemetryError) -> Result {
    do {
      return try body()
    } catch {
      throw TelemetryError(.environment, "\(error); nothing was stored")
    }
  }

  private static var now: Timestamp {
    let seconds = Date.now.timeIntervalSince1970
    // A clock outside the years 1 to 9999 is no clock to go by.
    return Timestamp(microsecondsSince1970: Int64((seconds * 1e6).rounded())) ?? Timestamp.epoch
  }
}

extension [Result<EventDraft, TelemetryError>] {
  /// The drafts that could be made, each once: of one id there may be several that differ.
  fileprivate var distinct: [EventDraft] {
    var seen: Set<[UInt8]> = []
    return compactMap {
      guard case .success(let draft) = $0, seen.insert(draft.key).inserted else { return nil }
      return draft
    }
  }

  /// Gives each draft its outcome; `recordings` are those of the distinct drafts.
  fileprivate func outcomes(_ recordings: [Recording]) -> [Result<Recording, TelemetryError>] {
    var byKey = Dictionary(uniqueKeysWithValues: zip(distinct.map(\.key), recordings))
    return compactMap { draft in
      switch draft {
      case .failure(let error): return .failure(error)
      case .success(let draft):
        let recording = byKey[draft.key]
        // Whoever comes with the same event again is a duplicate of the first.
        byKey[draft.key]?.isDuplicate = true
        return recording.map { .success($0) }
      }
    }
  }
}

extension RecordingContent {
  /// Whether it may hold a secret of whoever records; what others recorded stays as it is.
  fileprivate var mayHoldSecrets: Bool {
    if case .payload(let payload, _, _) = self { EventDraft.mayHoldSecrets(payload) } else { false }
  }
}

extension EventDraft {
  /// What tells drafts apart: the id of a new event, what an event from elsewhere says.
  fileprivate var key: [UInt8] { isNew ? event.id.ascii : CanonicalLine.spelling(of: line) }
}
