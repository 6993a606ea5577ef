package import Events
internal import Git
internal import Journal
package import Reports
package import SystemPackage

/// Finds events that are recorded from now on: in the journal, which has those of all worktrees, and in the logs of one
/// work tree, to which other programs append.
package struct Follower {
  private let root: FilePath
  private let journal: CommonJournal
  private let pattern: NamePattern?
  private var journalMark = ReadingMark()
  private var logMarks: [FilePath: ReadingMark] = [:]
  private var seen: Set<EventID> = []

  /// Begins to follow the features in the work tree at `directory` whose names match `pattern`, or all.
  package init(directory: FilePath, of pattern: NamePattern?) throws(TelemetryError) {
    let repository = try environmental { try Repository(discoveredFrom: directory.string) }
    guard let workTree = repository.workTree else {
      throw TelemetryError(
        .environment, "cannot follow logs in \(repository.gitDirectory): a bare repository has none; use a work tree")
    }
    root = FilePath(workTree).appending(FeatureLocation.root)
    journal = CommonJournal(commonDirectory: FilePath(repository.commonDirectory))
    self.pattern = pattern
    // What the journal has by now is not new, wherever it was recorded.
    seen = Set(try environmental { try journal.records(since: &journalMark) }.compactMap(\.eventID))
  }

  /// Takes note of an event that need not be told of again.
  package mutating func skip(_ id: EventID) { seen.insert(id) }

  /// Calls `body` with each event that has come since the last call.
  package mutating func forEachNewEvent(
    _ body: (Envelope, PayloadMembers, Span<UInt8>) -> Void
  ) throws(TelemetryError) {
    var added: [UInt8] = []
    for record in try environmental({ try journal.records(since: &journalMark) }) where isFollowed(record.feature) {
      added += record.event + [0x0A]
    }
    for feature in FileSystem.names(in: root).sorted() where isFollowed(feature) {
      let log = LogFile(in: root.appending(feature)).path
      added += try environmental { try logMarks[log, default: ReadingMark()].linesAdded(to: log) }
    }
    let bytes = added.span
    LineScanner.forEachLine(in: bytes) { line in
      guard line.count <= LineScanner.maximumLength, let (envelope, members) = LineScanner.event(of: line, in: bytes),
        seen.insert(envelope.id).inserted
      else { return }
      body(envelope, members, bytes)
    }
  }

  private func isFollowed(_ feature: String) -> Bool { pattern?.matches(feature) ?? true }
}
