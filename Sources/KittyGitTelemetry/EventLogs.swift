package import Events
internal import Journal
package import Reports

/// Logs that have been opened, and the events in them: each event once, in total order where that matters.
package struct EventLogs {
  /// One log.
  struct Log {
    let input: LineInput
    /// Where the log stands among those of other features, when they follow one another; else 0.
    var rank = 0
  }

  let logs: [Log]
  /// The features that were found; a feature may have more than one log.
  package let features: Int
  /// How many notes were not read, since they are larger than a note may be.
  package private(set) var oversizedNotes = 0

  init(logs: [Log], features: Int, oversizedNotes: Int = 0) {
    self.logs = logs
    self.features = features
    self.oversizedNotes = oversizedNotes
  }

  /// How many lines the last report passed over, since they are longer than a line may be.
  package var overlongLines: Int { logs.reduce(0) { $0 + $1.input.overlongLines } }

  /// How much of all logs together is kept in memory while their lines are shown, in bytes.
  private static let windowSize = 4 << 20

  /// Sums up the execution events that pass `filter`; with `retries` also what the retries of failed ones came to.
  package func costs(
    of filter: EventFilter, by grouping: [CostGrouping], prices: PriceTable, commits: EventCommits,
    retries includesRetries: Bool = false
  ) throws(TelemetryError) -> (report: CostReport, retries: CostSums?) {
    var filter = filter
    filter.eventType = filter.eventType ?? Event.executionType.description
    let matcher = filter.matcher
    let none = CostReport(by: grouping, prices: prices, commits: commits)
    var (report, search) = (none, RepeatSearch(size: size))
    try forEachPiece { reader, piece, log, _ in
      report.add(eventsOf: piece, readBy: &reader, passing: matcher, rank: logs[log].rank, &search)
    }
    let repeated = try repeated(among: search.found())
    if !repeated.isEmpty {
      // Only now it is known which lines count.
      report = none
      try forEachLine { line, bytes, log, start in
        guard repeated.counts(line.id, at: place(log, start + line.start)) else { return }
        report.add(line, passing: matcher, in: bytes, rank: logs[log].rank)
      }
    }
    return (report, includesRetries ? try retries(of: filter, but: repeated, prices) : nil)
  }

  /// Sums up the runs that come after a failed one of the same work and pass `filter`, whether they failed or not.
  private func retries(
    of filter: EventFilter, but repeated: RepeatedEvents, _ prices: PriceTable
  ) throws(TelemetryError) -> CostSums {
    var (failed, all) = (filter, filter)
    failed.success = false
    all.success = nil
    let (failure, run) = (failed.matcher, all.matcher)
    var search = RetrySearch()
    var report = CostReport(by: [.role], prices: prices)
    try forEachLine { line, bytes, log, start in
      guard repeated.counts(line.id, at: place(log, start + line.start)),
        failure.matches(line, in: bytes)
      else { return }
      search.addFailure(line, in: bytes)
    }
    try forEachLine { line, bytes, log, start in
      guard repeated.counts(line.id, at: place(log, start + line.start)),
        run.matches(line, in: bytes), search.isRetry(line, in: bytes)
      else { return }
      report.add(line, in: bytes, rank: 0)
    }
    return report.total
  }

  /// Calls `body` with each event that passes `filter`, in total order or the opposite one, until it answers false.
  package func forEachEvent(
    of filter: EventFilter, reversed: Bool = false, _ body: (Envelope, Span<UInt8>) -> Bool
  ) throws(TelemetryError) {
    let matcher = filter.matcher
    var search = RepeatSearch(size: size)
    var index = EventIndex(logs: logs.count)
    var fits = true
    try forEachLine { line, bytes, log, start in
      search.insert(line.id)
      guard matcher.matches(line, in: bytes) else { return }
      if !index.add(line, in: bytes, log: log, offset: start) { fits = false }
    }
    guard fits else {
      throw TelemetryError(
        .environment, "cannot order so many nodes or so long a log: there is room for 16 million nodes and a terabyte")
    }
    let repeated = try repeated(among: search.found())
    let share = max(4 << 10, EventLogs.windowSize / max(1, logs.count))
    try environmental {
      try index.forEachEvent(reversed: reversed) { log, offset throws(JournalError) in
        try logs[log].input.withLine(at: offset, keeping: share) { line throws(JournalError) in
          let range = LineScanner.trimmed(line, line.indices)
          guard let envelope = LineScanner.envelope(of: range, in: line) else { throw changed }
          return EventPosition(rank: 0, envelope, in: line)
        }
      } _: { log, offset throws(JournalError) in
        try logs[log].input.withLine(at: offset, keeping: share) { line throws(JournalError) in
          let range = LineScanner.trimmed(line, line.indices)
          guard let envelope = LineScanner.envelope(of: range, in: line) else { throw changed }
          guard repeated.counts(envelope.id, at: place(log, offset)) else { return true }
          return body(envelope, line)
        }
      }
    }
  }

  /// Readers take no lock, and other programs may cut a log short.
  private var changed: JournalError { JournalError(.changedMeanwhile, "read the logs") }

  private var size: Int { logs.reduce(0) { $0 + $1.input.size } }

  /// A number for the line of a log that begins at `offset`.
  private func place(_ log: Int, _ offset: Int) -> UInt64 { UInt64(log) << 40 | UInt64(offset) }

  private func bytes(at place: UInt64) throws(JournalError) -> [UInt8] {
    try logs[Int(place >> 40)].input.withLine(at: Int(place & (1 << 40 - 1)), keeping: 4 << 10) { line in
      [UInt8](copying: line, in: LineScanner.trimmed(line, line.indices))
    }
  }

  /// Calls `body` with each line that is an event, the piece that it stands in, its log, and where in it the piece
  /// begins.
  private func forEachLine(
    _ body: (EventLine, Span<UInt8>, _ log: Int, _ start: Int) throws(JournalError) -> Void
  ) throws(TelemetryError) {
    try forEachPiece { reader, piece, log, start throws(JournalError) in
      var position = 0
      while reader.readNext(in: piece, from: &position) {
        try body(reader.line, piece, log, start)
      }
    }
  }

  /// Calls `body` with each piece of a log, a reader of the events in it, the log, and where in it the piece begins.
  private func forEachPiece(
    _ body: (inout EventReader, Span<UInt8>, _ log: Int, _ start: Int) throws(JournalError) -> Void
  ) throws(TelemetryError) {
    try environmental {
      var reader = EventReader()
      for (log, source) in logs.enumerated() {
        try source.input.forEachPiece { piece, start throws(JournalError) in try body(&reader, piece, log, start) }
      }
    }
  }

  /// Which lines of the events that `suspects` are count; a line of another event always does.
  private func repeated(among suspects: RepeatSearch.Suspects) throws(TelemetryError) -> RepeatedEvents {
    var repeated = RepeatedEvents(of: suspects)
    guard !suspects.isEmpty else { return repeated }
    try forEachLine { line, piece, log, start throws(JournalError) in
      let range = line.range
      try repeated.add(line.id, at: place(log, start + range.lowerBound)) { other throws(JournalError) in
        let text = [UInt8](copying: piece, in: range)
        return EventLogs.supersedes(text, try bytes(at: other))
      }
    }
    return repeated
  }

  /// Whether of two lines of one event a join would keep the first one.
  private static func supersedes(_ line: [UInt8], _ other: [UInt8]) -> Bool {
    guard line != other else { return false }
    var kept: [UInt8] = []
    EventSet([LineBuffer(lines: [other, line])]).forEachEvent { _, winner in
      kept = [UInt8](copying: winner, in: winner.indices)
    }
    return kept == line
  }
}
