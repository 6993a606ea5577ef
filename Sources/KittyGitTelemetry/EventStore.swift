public import Events
internal import Git
internal import Journal
public import SystemPackage

/// The events of one log, for programs that read or write a log as such.
///
/// Saving appends a line under the lock that recording takes, and does nothing when the log has an event of that id.
/// Neither journal nor notes take part: to record what an agent did, call `emitExecutionEvent` instead.
public struct EventStore: Sendable {
  private let log: LogFile

  /// How long saving waits for the lock.
  private static let patience: Duration = .seconds(5)

  /// Creates a store over the log in the feature's folder at `folder`, which need not exist.
  public init(featureDirectory folder: FilePath) {
    log = LogFile(in: FileSystem.resolved(folder))
  }

  /// Adds `event` to the log unless an event of its id is there.
  ///
  /// - Throws: ``TelemetryError`` with `environment` when the log cannot be read or written.
  public func save(_ event: Event) throws(TelemetryError) {
    try save([event])
  }

  /// Adds those of `events` whose ids are not in the log, in order.
  ///
  /// The log is read once, so many events cost little more than one.
  public func save(_ events: [Event]) throws(TelemetryError) {
    try environmental {
      let folder = log.path.removingLastComponent()
      try FileSystem.createDirectories(folder)
      let lock = try FileLock(lockPath(for: folder), within: EventStore.patience)
      var known = try log.read().map { EventSet([$0.storage]).ids } ?? []
      let lines = events.filter { known.insert($0.id).inserted }.map(\.line)
      if !lines.isEmpty { try log.append(lines) }
      _ = consume lock
    }
  }

  /// The events of one aggregate, in total order; those of every type.
  public func events(of aggregateID: String) throws(TelemetryError) -> [Event] {
    let id = JSONString(aggregateID)
    return try events().filter { $0.aggregateID == id }
  }

  /// All events of the log, in total order, each once; none when there is no log.
  public func events() throws(TelemetryError) -> [Event] {
    try environmental {
      guard let snapshot = try log.read() else { return [] }
      var events: [Event] = []
      EventSet([snapshot.storage]).forEachEvent { _, line in
        if let event = Event(line: [UInt8](copying: line, in: line.indices)) { events.append(event) }
      }
      return events
    }
  }

  /// The one lock that all writers of the log take: the repository's, or the folder itself outside of one.
  private func lockPath(for folder: FilePath) throws -> FilePath {
    do {
      let repository = try Repository(discoveredFrom: folder.string)
      return try CommonJournal(commonDirectory: FilePath(repository.commonDirectory)).lockPath()
    } catch is GitError {
      // Whatever keeps the repository from being opened, the log is there to be written.
      return folder
    }
  }
}
