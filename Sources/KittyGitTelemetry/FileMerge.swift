internal import Events
internal import Journal
package import SystemPackage

/// Joins the three versions that git hands to a merge driver or a mergetool, in files of any name.
///
/// Whether they are logs or clocks is told from what is in them, since git gives drivers temporary files. Files that
/// are neither are not touched: a driver that is configured for too much must not sort somebody's prose.
package struct FileMerge {
  private let base: FilePath
  private let ours: FilePath
  private let theirs: FilePath

  /// What was joined.
  package enum Outcome: Sendable {
    /// Logs: so many events, so many of which disagree that did not before.
    case log(events: Int, newConflicts: Int)
    /// Clocks of so many nodes.
    case clock(nodes: Int)
  }

  /// Names the files, each from `directory` on.
  package init(base: String, ours: String, theirs: String, from directory: FilePath) {
    self.base = directory.pushing(FilePath(base))
    self.ours = FileSystem.resolved(directory.pushing(FilePath(ours)))
    self.theirs = directory.pushing(FilePath(theirs))
  }

  /// Replaces our file, in one step, by the join of all three; on failure it stays as it is.
  ///
  /// An absent base is an empty one: branches may add a log independently of each other.
  ///
  /// - Throws: ``TelemetryError`` with `environment` when a file cannot be read, or is neither a log nor a clock, or
  ///   when ours cannot be written.
  package func run() throws(TelemetryError) -> Outcome {
    try environmental {
      let log = LogFile(at: ours)
      guard let snapshot = try log.read() else {
        throw TelemetryError(.environment, "cannot read \(ours): there is no such file; name our version of the file")
      }
      let others = [try baseLines(), try Input.lines(of: theirs.string, from: "")]
      let sources = [snapshot.storage] + others
      let joined = EventSet(sources, by: Threads())
      if joined.count > 0 {
        if !joined.isWritten(in: snapshot.storage) { try log.replace(snapshot, by: joined) }
        return .log(events: joined.count, newConflicts: newConflicts(in: joined, of: sources))
      }
      let bytes = sources.map { $0.withBytes { bytes in [UInt8](copying: bytes, in: bytes.indices) } }
      // Nothing on any side is an empty log.
      if bytes.allSatisfy(\.isEmpty) { return .log(events: 0, newConflicts: 0) }
      guard bytes.allSatisfy(Self.isClock) else {
        throw TelemetryError(
          .environment, "cannot join \(ours) with \(theirs): they are neither logs nor clocks; merge them by hand")
      }
      let clock = bytes.reduce(ClockTable()) { $0.joined(with: ClockTable.read($1).table) }
      if bytes[0] != clock.bytes { try DurableWrite.replace(ours, with: clock.bytes) }
      return .clock(nodes: clock.withoutWitness.sorted.count)
    }
  }

  private func baseLines() throws(TelemetryError) -> any LineStorage {
    FileSystem.exists(base) ? try Input.lines(of: base.string, from: "") : LineBuffer([])
  }

  /// How many events have variants that no version told of.
  private func newConflicts(in joined: EventSet, of sources: [any LineStorage]) -> Int {
    // Nearly always there are none at all.
    guard joined.conflictCount > 0 else { return 0 }
    return joined.disputed.subtracting(sources.flatMap { EventSet([$0]).disputed }).count
  }

  /// Whether there is nothing in a file but clocks: one, or the sides of a conflict between markers.
  private static func isClock(_ bytes: [UInt8]) -> Bool {
    if let whole = JSONValue(bytes) { return isClock(whole) }
    var isClock = true
    let span = bytes.span
    LineScanner.forEachLine(in: span) { line in
      if case .marker = LineScanner.content(of: line, in: span) { return }
      isClock = isClock && (JSONValue(span, in: line).map(Self.isClock) ?? false)
    }
    return isClock
  }

  private static func isClock(_ value: JSONValue) -> Bool {
    guard let object = value.object else { return false }
    return object.sorted.allSatisfy { member in if case .integer = member.value { true } else { false } }
  }
}
