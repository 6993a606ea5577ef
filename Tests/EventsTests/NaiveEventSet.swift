import Events

/// The state by its definition, as slow and plain as can be: what `EventSet` is compared with.
struct NaiveEventSet {
  /// The kept spelling of each variant, by its canonical spelling.
  private(set) var variants: [[UInt8]: [UInt8]] = [:]
  /// The lines that are no events, fragments among them.
  private(set) var rest: Set<[UInt8]> = []

  /// Creates the state that some logs hold.
  init(_ logs: [[UInt8]]) {
    for log in logs {
      let bytes = log.span
      LineScanner.forEachLine(in: bytes) { range in
        switch LineScanner.content(of: range, in: bytes) {
        case .event(let envelope), .conflict(let envelope): add([UInt8](copying: bytes, in: envelope.line))
        case .unreadable: rest.insert([UInt8](copying: bytes, in: range))
        case .marker: break
        }
      }
    }
  }

  private mutating func add(_ line: [UInt8]) {
    let canonical = CanonicalLine.spelling(of: line)
    let known = variants[canonical] ?? line
    let smaller = line.lexicographicallyPrecedes(known) ? line : known
    variants[canonical] = line == canonical || known == canonical ? canonical : smaller
  }

  private var events: [Event] {
    variants.keys.compactMap(Event.init)
  }

  /// Whether `line` is the beginning of an event's canonical line.
  func absorbs(_ line: [UInt8]) -> Bool {
    variants.keys.contains { $0.count > line.count && $0.starts(with: line) }
  }

  /// The highest clock of each node over all variants, and of all of them under the witness.
  var clocks: ClockTable {
    var table = ClockTable()
    for event in events {
      table.raise(event.nodeID, to: event.lamportClock)
      table.raise(ClockTable.witness, to: event.lamportClock)
    }
    return table
  }

  /// The written form.
  var bytes: [UInt8] {
    var winners: [EventID: (event: Event, canonical: [UInt8])] = [:]
    for canonical in variants.keys {
      guard let event = Event(line: canonical) else { continue }
      guard let best = winners[event.id] else {
        winners[event.id] = (event, canonical)
        continue
      }
      let isLower = event.lamportClock < best.event.lamportClock
      let isEqual = event.lamportClock == best.event.lamportClock
      if isLower || isEqual && canonical.lexicographicallyPrecedes(best.canonical) { continue }
      winners[event.id] = (event, canonical)
    }
    let ordered = winners.values.sorted { left, right in
      let (first, second) = (left.event, right.event)
      if first.lamportClock != second.lamportClock { return first.lamportClock < second.lamportClock }
      if first.nodeID != second.nodeID { return first.nodeID < second.nodeID }
      return first.id.ascii.lexicographicallyPrecedes(second.id.ascii)
    }.map(\.canonical)
    let losers = Set(variants.keys).subtracting(ordered).compactMap { variants[$0].map(LineScanner.conflictRecord) }
    let others = (losers + rest.filter { !absorbs($0) }).sorted { $0.lexicographicallyPrecedes($1) }
    return (ordered.compactMap { variants[$0] } + others).flatMap { $0 + [0x0A] }
  }
}
