internal import Events
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
  let directory: FilePath
  let environment: [String: String]

  /// How long a recorder waits for the lock, and then for the notes ref.
  static let lockPatience: Duration = .seconds(5)
  static let notePatience: Duration = .milliseconds(300)

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
  ) throws(TelemetryError) -> [Outcome<Recording>] {
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

  private func check(_ context: RecordingContext) throws(TelemetryError) {
    let given = [
      ("--feature-dir", context.hints.folder), ("--wp-id", context.hints.wpID), ("--node-id", context.node),
    ]
    for (flag, value) in given where value == "" {
      throw TelemetryError(.usage, "cannot use an empty \(flag): give a value, or leave it out")
    }
  }

  func nearestFolder(to path: FilePath) -> FilePath {
    var folder = path
    while !FileSystem.isDirectory(folder), folder.removeLastComponent() {}
    return folder.isEmpty ? "." : folder
  }

  private func recordOutside(
    _ contents: [RecordingContent], _ context: RecordingContext, because error: GitError
  ) throws(TelemetryError) -> [Outcome<Recording>] {
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
  ) throws(TelemetryError) -> [Outcome<Recording>] {
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

  /// Runs what has to succeed before anything can be stored.
  func beforeStoring<Result: ~Copyable>(_ body: () throws -> Result) throws(TelemetryError) -> Result {
    do {
      return try body()
    } catch {
      throw TelemetryError(.environment, "\(error); nothing was stored")
    }
  }
}
