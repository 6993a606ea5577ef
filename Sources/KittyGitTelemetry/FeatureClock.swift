internal import Events
internal import Journal
internal import SystemPackage

/// The logical clock of one feature, as far as this machine knows it.
///
/// The common git directory holds the values that ticking goes on from, for all worktrees. The file in the feature's
/// folder is a view in the reference's format, which other programs and branches know. Either may be missing or behind;
/// together with the log and the journal they give a value that was not given before.
struct FeatureClock {
  /// What the view says, after repair and with every value that was given; nothing is ever taken out of it.
  private(set) var view: ClockTable
  /// What ticking goes on from: trusted values only, so that one poisoned value does not stop the clock.
  private(set) var basis: ClockTable

  /// What the log says, once it had to be read: all values, and those that are trusted.
  private var logged: (all: ClockTable, trusted: ClockTable)?

  /// How much of the log's end is looked at for events that the clock has not seen, in bytes: the last few lines, since
  /// each line is read in full for it.
  ///
  /// More of it where not even the last line is as short as that. One may be as long as readers look at; of a longer one,
  /// which may have gigabytes, nobody reads a value, and what stands before it has been seen, if this machine knew anything.
  private static let tailLengths: [Int64] = [2 << 10, 32 << 10, Int64(LineScanner.maximumLength) + 4 << 10]

  /// Creates a clock that goes on from what the common git directory knows.
  init(truth: ClockTable) {
    view = ClockTable()
    // These are trusted values and what was ticked from them, perhaps beyond what is trusted in others.
    basis = truth
  }

  /// Takes in the file in the feature's folder, and the log where that file is missing, broken or behind it.
  ///
  /// Otherwise only the log's end is read, so it takes the same time whatever the length of the log. Where this machine
  /// knew nothing of the feature, `isNewHere`, the whole log is compared once.
  mutating func read(_ file: ClockFile, _ log: LogFile, isNewHere: Bool) throws(JournalError) {
    let content = try file.read()
    view = content.table
    basis = basis.joined(with: view.trusted)
    let isWhole = if case .whole = content { true } else { false }
    var tail: [UInt8]? = []
    for length in FeatureClock.tailLengths where tail?.isEmpty == true { tail = try log.tail(bytes: length) }
    guard let tail else { return }
    if !isWhole || isBehind(tail) {
      join(try clocks(of: log))
    } else if isNewHere, isBehind(try clocks(of: log)) {
      join(try clocks(of: log))
    }
  }

  /// Whether the log has a node's value that the clock has not seen.
  private func isBehind(_ logged: (all: ClockTable, trusted: ClockTable)) -> Bool {
    logged.all.withoutWitness.contains { isNew($1, of: $0) }
      || logged.trusted.withoutWitness.contains { isNew($1, of: $0) }
  }

  /// Whether the clock has not seen `value`, or a later one, of `node`.
  ///
  /// A value that nobody trusts says nothing of those that are given: it would hide them.
  private func isNew(_ value: LamportValue, of node: JSONString) -> Bool {
    let tables = value.isTrusted ? [basis] : [basis, view]
    return tables.allSatisfy { seen in
      value > max(seen[node] ?? LamportValue(0), seen[ClockTable.witness] ?? LamportValue(0))
    }
  }

  /// Takes in the log if it has events of `node` although the clock knows no value of it.
  mutating func prepare(_ node: JSONString, _ log: LogFile) throws(JournalError) {
    guard basis[node] == nil else { return }
    let logged = try clocks(of: log)
    // A node that is new to the feature is no sign that the clock has lost anything.
    guard logged.all[node] != nil else { return }
    join(logged)
  }

  private mutating func clocks(of log: LogFile) throws(JournalError) -> (all: ClockTable, trusted: ClockTable) {
    if let logged { return logged }
    let events = EventSet(try log.read().map { [$0.storage] } ?? [])
    let clocks = (all: events.clocks(), trusted: events.clocks(countingOnly: \.isTrusted))
    logged = clocks
    return clocks
  }

  private mutating func join(_ logged: (all: ClockTable, trusted: ClockTable)) {
    view = view.joined(with: logged.all)
    basis = basis.joined(with: logged.trusted)
  }

  /// Takes note of a value that an event from elsewhere has.
  mutating func raise(_ node: JSONString, to value: LamportValue) {
    view.raise(node, to: value)
    if value.isTrusted { basis.raise(node, to: value) }
  }

  /// Whether the events at the log's end have values that the clock has not seen.
  private func isBehind(_ tail: [UInt8]) -> Bool {
    var behind = false
    let bytes = tail.span
    LineScanner.forEachLine(in: bytes) { line in
      guard case .event(let envelope) = LineScanner.content(of: line, in: bytes) else { return }
      if isNew(envelope.lamportClock, of: envelope.nodeID(in: bytes)) { behind = true }
    }
    return behind
  }

  /// Whether a value is passed over because it is too large to go on from, and was not ticked here.
  var passesOverValues: Bool {
    view.contains { node, value in !value.isTrusted && value > basis[node] ?? LamportValue(0) }
  }

  /// Gives `node` its next value.
  mutating func tick(_ node: JSONString) -> LamportValue {
    let highest = [basis[node], basis[ClockTable.witness]].compactMap { $0?.saturated }.max() ?? 0
    let value = LamportValue(highest + 1)
    view.raise(node, to: value)
    basis.raise(node, to: value)
    return value
  }
}
