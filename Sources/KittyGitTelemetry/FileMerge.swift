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
      let others = [try baseBytes(), try Input.bytes(of: theirs.string, from: "")]
      let sets = [EventSet([snapshot.storage])] + others.map { EventSet($0) }
      if sets.contains(where: { $0.count + $0.conflictCount > 0 }) {
        let joined = sets.dropFirst().reduce(sets[0]) { $0.joined(with: $1) }
        if !joined.isWritten(in: snapshot.storage) { try log.replace(snapshot, by: joined) }
        let known = sets.reduce(into: Set()) { $0.formUnion($1.disputed) }
        return .log(events: joined.count, newConflicts: joined.disputed.subtracting(known).count)
      }
      let bytes = [try OpenFile.ifPresent(ours)?.readAll() ?? []] + others
      // Nothing on any side is an empty log.
      if bytes.allSatisfy(\.isEmpty) { return .log(events: 0, newConflicts: 0) }
      guard bytes.allSatisfy(Self.isClock) else {
        throw TelemetryError(
          .environment, "cannot join \(ours) with \(theirs): they are neither logs nor clocks; merge them by hand")
      }
      let joined = bytes.reduce(ClockTable()) { $0.joined(with: ClockTable.read($1).table) }
      if bytes[0] != joined.bytes { try DurableWrite.replace(ours, with: joined.bytes) }
      return .clock(nodes: joined.withoutWitness.sorted.count)
    }
  }

  private func baseBytes() throws(TelemetryError) -> [UInt8] {
    FileSystem.exists(base) ? try Input.bytes(of: base.string, from: "") : []
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
