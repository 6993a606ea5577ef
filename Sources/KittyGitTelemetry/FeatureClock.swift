internal import Events
internal import Journal
internal import SystemPackage

/// The logical clock of one feature, as far as this machine knows it.
///
/// The common git directory holds the values that ticking goes on from, for all worktrees. The file in the feature's
/// folder is a view in the reference's format, which other programs and branches know. Either may be missing or behind;
/// together with the log they always give a value that was not given before.
struct FeatureClock {
  /// What the view says, after repair and with every value that was given; nothing is ever taken out of it.
  private(set) var view: ClockTable
  /// What ticking goes on from: trusted values only, so that one poisoned value does not stop the clock.
  private(set) var basis: ClockTable

  /// How much of the log's end is looked at for events that the clock has not seen; longer than any usual line.
  private static let tailLength: Int64 = 16 << 10

  /// Reads the clock for the next event of `node`.
  ///
  /// It takes the same time whatever the length of the log, unless the clock is missing, broken or behind: then the
  /// log is read once.
  init(of log: LogFile, view file: ClockFile, truth: ClockTable, node: JSONString) throws(JournalError) {
    let content = try file.read()
    view = content.table
    basis = view.trusted.joined(with: truth.trusted)
    let isWhole = if case .whole = content { true } else { false }
    let tail = try log.tail(bytes: FeatureClock.tailLength)
    let isBehind = isBehind(tail)
    guard !tail.isEmpty, !isWhole || isBehind || (view[node] ?? basis[node]) == nil, let snapshot = try log.read()
    else { return }
    let logged = EventSet([snapshot.storage])
    // A node that is new to the feature is no sign that the clock has lost anything.
    guard !isWhole || isBehind || logged.clocks()[node] != nil else { return }
    view = view.joined(with: logged.clocks())
    basis = basis.joined(with: logged.clocks(countingOnly: \.isTrusted))
  }

  /// A clock that goes on from what the common git directory knows, where the view cannot be read.
  init(_ truth: ClockTable) {
    view = ClockTable()
    basis = truth.trusted
  }

  /// Whether the events at the log's end have values that the clock has not seen.
  private func isBehind(_ tail: [UInt8]) -> Bool {
    let seen = view.joined(with: basis)
    var behind = false
    let bytes = tail.span
    LineScanner.forEachLine(in: bytes) { line in
      guard case .event(let envelope) = LineScanner.content(of: line, in: bytes) else { return }
      let highest = [seen[envelope.nodeID(in: bytes)], seen[ClockTable.witness]].compactMap(\.self).max()
      if highest.map({ $0 < envelope.lamportClock }) ?? true { behind = true }
    }
    return behind
  }

  /// Whether a value is passed over because it is too large to go on from.
  var passesOverValues: Bool { view != view.trusted }

  /// Gives `node` its next value.
  mutating func tick(_ node: JSONString) -> LamportValue {
    let value = basis.next(for: node)
    view.raise(node, to: value)
    basis.raise(node, to: value)
    return value
  }
}
