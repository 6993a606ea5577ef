internal import Events
internal import FoundationEssentials
internal import Git
internal import Journal
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
  package func record(_ request: RecordingRequest) throws(TelemetryError) -> Recording {
    try check(request)
    let start = request.hints.folder.map { FileSystem.resolved(directory.pushing(FilePath($0))) } ?? directory
    let repository: Repository
    do {
      repository = try Repository(discoveredFrom: nearestFolder(to: start).string)
    } catch {
      // Whatever keeps the repository from being opened, a folder that was named can still take the log.
      guard let location = try FeatureLocation.outside(request.hints, from: directory, environment: environment)
      else { throw TelemetryError(.environment, "\(error); nothing was stored") }
      // The folder may lie where the repository that we work from had a worktree.
      if let here = try? Repository(discoveredFrom: directory.string) { try requireLive(location.folder, in: here) }
      let recording = try recordOutside(request, at: location)
      return error.code == .notFound ? recording : recording.adding("\(error); no journal and no note")
    }
    return try record(request, in: repository)
  }

  /// Writes all events that wait for a note, and have a commit, into their notes.
  package func flush() throws(TelemetryError) {
    try environmental {
      let repository = try Repository(discoveredFrom: directory.string)
      let journal = CommonJournal(commonDirectory: FilePath(repository.commonDirectory))
      guard journal.exists else { return }
      let lock = try journal.lock(within: Recorder.lockPatience)
      try journal.adoptLateRecords()
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

  private func check(_ request: RecordingRequest) throws(TelemetryError) {
    let invocation = request.invocation
    for (flag, value) in [
      ("--input-tokens", invocation.inputTokens), ("--output-tokens", invocation.outputTokens),
      ("--duration-ms", invocation.durationMS),
    ] {
      guard let value, value < 0 else { continue }
      throw TelemetryError(.usage, "cannot record \(flag) \(value): it is negative; leave \(flag) out if unknown")
    }
    if let cost = invocation.costUSD, !cost.isFinite || cost < 0 {
      throw TelemetryError(.usage, "cannot record --cost-usd \(cost): it is no amount; leave --cost-usd out if unknown")
    }
  }

  private func nearestFolder(to path: FilePath) -> FilePath {
    var folder = path
    while !FileSystem.isDirectory(folder), folder.removeLastComponent() {}
    return folder.isEmpty ? "." : folder
  }

  private func record(
    _ request: RecordingRequest, in repository: borrowing Repository
  ) throws(TelemetryError) -> Recording {
    let head = try beforeStoring { try repository.head() }
    let location = try FeatureLocation.inside(
      repository, head, request.hints, from: directory, environment: environment)
    try requireLive(location.folder, in: repository)
    let carrier = try carrier(of: request, head, in: repository)
    let journal = CommonJournal(commonDirectory: FilePath(repository.commonDirectory))
    let session = RecordingSession(
      request: request, location: location, journal: journal,
      origin: RecordingSession.Origin(
        worktree: repository.isLinkedWorktree ? FilePath(repository.gitDirectory).lastComponent?.string ?? "" : "",
        branch: head.branch, head: head.commit, carrier: carrier),
      leavesWorkTreeAlone: try beforeStoring {
        try LogVisibility.isLeftAlone("\(location.directory)/\(LogFile.name)", in: repository, at: head)
      },
      now: Recorder.now)
    try session.run(in: repository, lockPatience: Recorder.lockPatience, notePatience: Recorder.notePatience)
    return session.recording
  }

  private func recordOutside(
    _ request: RecordingRequest, at location: FeatureLocation
  ) throws(TelemetryError) -> Recording {
    let session = RecordingSession(
      request: request, location: location, journal: nil, origin: nil, leavesWorkTreeAlone: false, now: Recorder.now)
    try session.runOutside(lockPatience: Recorder.lockPatience)
    return session.recording
  }

  /// The commit that shall carry the event; `nil` when the event waits for one.
  private func carrier(
    of request: RecordingRequest, _ head: Head, in repository: borrowing Repository
  ) throws(TelemetryError) -> ObjectID? {
    switch request.target {
    case .head: return head.commit
    case .next: return nil
    case .revision(let name):
      guard let commit = try beforeStoring({ try repository.commit(named: name) }) else {
        throw TelemetryError(.usage, "cannot find the commit \(printable(name)); give a revision of this repository")
      }
      return commit
    }
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
