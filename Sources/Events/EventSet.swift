// The state of a log, of a note, of any replica: for each event id the set of its variants, and the set of lines that
// are no events. Both only grow, so the join of two states is their union, and joining is commutative, associative and
// idempotent. Writing is a function of the state alone, so equal states are equal bytes:
//
//   1. the winner of each id, in total order: (lamport_clock, node_id, event_id), ids and nodes by their bytes
//   2. all other lines in the order of their bytes: the losers as conflict records, and what could not be read
//
// each line ended by LF. Lines pass through verbatim. Two lines of one id are the same variant when their values are
// equal: their canonical spellings, with ids normalised, are the same bytes. Of a variant's spellings the canonical one
// is kept if it was seen, else the one of smaller bytes. Of several variants the one with the higher lamport_clock wins,
// then the one whose canonical spelling has the greater bytes.
//
// Two kinds of lines are dropped: the markers that git leaves in a conflicted file (the sides between them are kept),
// and a fragment that is a proper prefix of the canonical spelling of an event in the state, which is what a torn write
// leaves behind.

/// The state that every replica holds a part of: events by id, and the lines that are none.
package struct EventSet: Sendable {
  /// What the lines are read from; records point into it.
  private var sources: [any LineStorage] = []
  private var nodes: [JSONString] = []
  /// The winner of each id, in total order.
  private var winners: [Record] = []
  /// The other variants of ids, in total order.
  private var losers: [Record] = []
  /// Lines that are no events, by their bytes.
  private var unreadable: [LineReference] = []

  /// How many lines with events were dropped because another line holds the same event.
  package private(set) var duplicates = 0

  /// Where a line stands.
  private struct LineReference {
    let source: Int32
    let length: UInt32
    let offset: Int
  }

  /// What orders and identifies an event; 48 bytes, since there is one for each line of a log.
  private struct Record {
    let id: EventID
    let lamportClock: UInt64
    let line: LineReference
    let node: Int32
    let isBeyond: Bool
  }

  /// Creates the empty set.
  package init() {}

  /// Creates the join of what the sources hold.
  package init(_ sources: [any LineStorage]) {
    self.sources = sources
    for index in sources.indices { read(Int32(index)) }
    normalise()
  }

  /// Creates the set that `bytes` hold.
  package init(_ bytes: [UInt8]) { self.init([LineBuffer(bytes)]) }

  /// The join of two sets.
  package func joined(with other: EventSet) -> EventSet {
    if sources.isEmpty { return other }
    if other.sources.isEmpty { return self }
    var result = self
    result.winners.reserveCapacity(count + conflictCount + other.count + other.conflictCount)
    let firstSource = Int32(sources.count)
    result.sources += other.sources
    var index = NodeIndex(nodes)
    let renumbered = other.nodes.map { index.number(of: $0) }
    result.nodes = index.nodes
    func moved(_ line: LineReference) -> LineReference {
      LineReference(source: line.source + firstSource, length: line.length, offset: line.offset)
    }
    for records in [other.winners, other.losers] {
      for record in records {
        result.winners.append(
          Record(
            id: record.id, lamportClock: record.lamportClock, line: moved(record.line),
            node: renumbered[Int(record.node)], isBeyond: record.isBeyond))
      }
    }
    result.winners += losers
    result.losers = []
    result.unreadable += other.unreadable.map(moved)
    result.duplicates = duplicates + other.duplicates
    result.normalise()
    return result
  }

  private mutating func read(_ source: Int32) {
    // Filled aside and put back, since the closure below may not touch the set that it is called from.
    var index = NodeIndex(nodes)
    var events = winners
    winners = []
    var rest = unreadable
    unreadable = []
    sources[Int(source)].withBytes { bytes in
      // Reserved memory that is not used costs nothing, while growing step by step holds everything twice.
      events.reserveCapacity(events.count + bytes.count / EventSet.shortLine)
      LineScanner.forEachLine(in: bytes) { line in
        switch LineScanner.content(of: line, in: bytes) {
        case .event(let envelope), .conflict(let envelope):
          events.append(
            Record(
              id: envelope.id, lamportClock: envelope.lamportClock.saturated,
              line: LineReference(
                source: source, length: UInt32(envelope.line.count), offset: envelope.line.lowerBound),
              node: index.number(of: envelope.nodeID(in: bytes)), isBeyond: envelope.lamportClock.isBeyond))
        case .marker: break
        case .unreadable:
          rest.append(LineReference(source: source, length: UInt32(clamping: line.count), offset: line.lowerBound))
        }
      }
    }
    nodes = index.nodes
    winners = events
    unreadable = rest
  }

  /// Most events' lines are longer than this, in bytes.
  private static let shortLine = 256
}

/// Numbers for node ids, so that a record holds four bytes for one.
private struct NodeIndex {
  private(set) var nodes: [JSONString]
  private var numbers: [JSONString: Int32]

  init(_ nodes: [JSONString]) {
    self.nodes = nodes
    numbers = Dictionary(uniqueKeysWithValues: zip(nodes, (0 as Int32)...))
  }

  mutating func number(of node: JSONString) -> Int32 {
    if let number = numbers[node] { return number }
    let number = Int32(nodes.count)
    numbers[node] = number
    nodes.append(node)
    return number
  }
}

// Normal form: from any collection of records to winners, losers and unreadable lines in order.
extension EventSet {
  private mutating func normalise() {
    winners.sort { $0.id < $1.id }
    settleVariants()
    let ranks = nodeRanks()
    var lines = EventSet()
    lines.sources = sources
    func precedes(_ left: Record, _ right: Record) -> Bool {
      switch lines.compareClocks(left, right) {
      case .before: return true
      case .after: return false
      case .same: break
      }
      if left.node != right.node { return ranks[Int(left.node)] < ranks[Int(right.node)] }
      return left.id < right.id
    }
    winners.sort(by: precedes)
    losers.sort(by: precedes)
    settleUnreadable()
  }

  private func nodeRanks() -> [Int] {
    var ranks = [Int](repeating: 0, count: nodes.count)
    for (rank, number) in nodes.indices.sorted(by: { nodes[$0] < nodes[$1] }).enumerated() { ranks[number] = rank }
    return ranks
  }

  /// Leaves one record for each variant: the winners in `winners`, which is sorted by id, the others in `losers`.
  private mutating func settleVariants() {
    var kept = 0
    var start = 0
    while start < winners.count {
      var end = start + 1
      while end < winners.count, winners[end].id == winners[start].id { end += 1 }
      if end - start == 1 {
        winners[kept] = winners[start]
      } else {
        let variants = variants(among: Array(winners[start..<end]))
        duplicates += end - start - variants.count
        winners[kept] = variants[0]
        losers += variants.dropFirst()
      }
      kept += 1
      start = end
    }
    winners.removeSubrange(kept...)
  }

  /// The distinct variants among records of one id, each in the spelling that is kept, the winner first.
  private func variants(among records: [Record]) -> [Record] {
    let lines = records.map { bytes(of: $0.line) }
    // Most repeats are equal to the byte, and then there is nothing to parse.
    guard lines.contains(where: { $0 != lines[0] }) else { return [records[0]] }
    var spellings: [[UInt8]: Int] = [:]
    for (index, line) in lines.enumerated() {
      let canonical = CanonicalLine.spelling(of: line)
      guard let best = spellings[canonical] else {
        spellings[canonical] = index
        continue
      }
      if lines[best] != canonical, line == canonical || line.lexicographicallyPrecedes(lines[best]) {
        spellings[canonical] = index
      }
    }
    func wins(_ left: (key: [UInt8], value: Int), _ right: (key: [UInt8], value: Int)) -> Bool {
      let (first, second) = (records[left.value], records[right.value])
      switch compareClocks(first, second) {
      case .before: return false
      case .after: return true
      case .same: return right.key.lexicographicallyPrecedes(left.key)
      }
    }
    return spellings.sorted(by: wins).map { records[$0.value] }
  }

  private mutating func settleUnreadable() {
    guard !unreadable.isEmpty else { return }
    let sorted = unreadable.sorted { compare($0, $1) == .before }
    var distinct: [LineReference] = []
    for line in sorted where distinct.last.map({ compare($0, line) != .same }) ?? true { distinct.append(line) }
    unreadable = distinct
    absorbFragments()
  }

  /// Drops unreadable lines that are the beginning of an event's canonical line.
  private mutating func absorbFragments() {
    var fragments = Set(
      unreadable.indices.filter { index in
        unreadable[index].length <= LineScanner.maximumLength
          && withBytes(of: unreadable[index]) { $0[0] == UInt8(ascii: "{") }
      })
    guard !fragments.isEmpty else { return }
    var absorbed: Set<Int> = []
    for record in winners + losers where !fragments.isEmpty {
      let canonical = CanonicalLine.spelling(of: bytes(of: record.line))
      for index in fragments where canonical.count > unreadable[index].length {
        let isPrefix = withBytes(of: unreadable[index]) { fragment in
          fragment.indices.allSatisfy { fragment[$0] == canonical[$0] }
        }
        if isPrefix { absorbed.insert(index) }
      }
      fragments.subtract(absorbed)
    }
    unreadable = unreadable.indices.filter { !absorbed.contains($0) }.map { unreadable[$0] }
  }

  private enum Order {
    case before, same, after
  }

  /// The order of two clocks; only of two that do not fit into their records are the lines looked at.
  private func compareClocks(_ left: Record, _ right: Record) -> Order {
    guard left.isBeyond, right.isBeyond else {
      let (first, second) = ((left.isBeyond ? 1 : 0, left.lamportClock), (right.isBeyond ? 1 : 0, right.lamportClock))
      return first < second ? .before : first == second ? .same : .after
    }
    let (first, second) = (beyondValue(of: left), beyondValue(of: right))
    return first < second ? .before : first == second ? .same : .after
  }

  private func compare(_ left: LineReference, _ right: LineReference) -> Order {
    withBytes(of: left) { first in
      withBytes(of: right) { second in
        for index in 0..<min(first.count, second.count) where first[index] != second[index] {
          return first[index] < second[index] ? .before : .after
        }
        return first.count == second.count ? .same : first.count < second.count ? .before : .after
      }
    }
  }

  private func withBytes<Result, Failure>(
    of line: LineReference, _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try sources[Int(line.source)].withBytes { bytes throws(Failure) in
      try body(bytes.extracting(line.offset..<line.offset + Int(line.length)))
    }
  }

  private func bytes(of line: LineReference) -> [UInt8] {
    withBytes(of: line) { [UInt8](copying: $0, in: $0.indices) }
  }
}

// Reading a set.
extension EventSet {
  /// The number of events.
  package var count: Int { winners.count }

  /// The number of variants that lost against another one of their id.
  package var conflictCount: Int { losers.count }

  /// The number of lines that are no events.
  package var unreadableCount: Int { unreadable.count }

  /// Whether there is nothing in the set.
  package var isEmpty: Bool { winners.isEmpty && unreadable.isEmpty }

  /// The set without the lines that are no events.
  package var withoutUnreadable: EventSet {
    var set = self
    set.unreadable = []
    return set
  }

  /// The ids of all events.
  package var ids: Set<EventID> { Set(winners.lazy.map(\.id)) }

  /// Those of `ids` that are in the set, without a table of all ids.
  package func members(among ids: Set<EventID>) -> [EventID] {
    ids.isEmpty ? [] : winners.lazy.map(\.id).filter(ids.contains)
  }

  /// The lines of those of `ids` that are in the set.
  package func lines(of ids: Set<EventID>) -> [EventID: [UInt8]] {
    var lines: [EventID: [UInt8]] = [:]
    for record in winners where ids.contains(record.id) { lines[record.id] = bytes(of: record.line) }
    return lines
  }

  /// Calls `body` with each event's id and line, in total order.
  package func forEachEvent<Failure>(
    _ body: (EventID, Span<UInt8>) throws(Failure) -> Void
  ) throws(Failure) {
    for record in winners {
      try withBytes(of: record.line) { bytes throws(Failure) in try body(record.id, bytes) }
    }
  }

  /// Calls `body` with each line of the written form, without its end.
  package func forEachLine<Failure>(
    _ body: (Span<UInt8>) throws(Failure) -> Void
  ) throws(Failure) {
    try forEachEvent { _, line throws(Failure) in try body(line) }
    var records = losers.map { LineScanner.conflictRecord(of: bytes(of: $0.line)) }
    records.sort { $1.lexicographicallyPrecedes($0) }
    for line in unreadable {
      let unreadable = bytes(of: line)
      while let record = records.last, record.lexicographicallyPrecedes(unreadable) {
        try body(record.span)
        records.removeLast()
      }
      try body(unreadable.span)
    }
    while let record = records.popLast() { try body(record.span) }
  }

  /// The written form.
  package var bytes: [UInt8] {
    var text: [UInt8] = []
    forEachLine { line in
      for index in line.indices { text.append(line[index]) }
      text.append(0x0A)
    }
    return text
  }

  /// Whether `storage` holds exactly the written form.
  package func isWritten(in storage: some LineStorage) -> Bool {
    storage.withBytes { written in
      var position = 0
      var isSame = true
      forEachLine { line in
        guard isSame, position + line.count < written.count, written[position + line.count] == 0x0A else {
          isSame = false
          return
        }
        for index in line.indices where line[index] != written[position + index] { isSame = false }
        position += line.count + 1
      }
      return isSame && position == written.count
    }
  }

  /// The highest clock value of each node among all variants, and under the witness the highest of all.
  ///
  /// Losers count too: the variant of another replica that beats one must not take its node's clock back.
  package func clocks(countingOnly isCounted: (LamportValue) -> Bool = { _ in true }) -> ClockTable {
    var maxima = [LamportValue?](repeating: nil, count: nodes.count)
    for records in [winners, losers] {
      for record in records {
        let value = record.isBeyond ? beyondValue(of: record) : LamportValue(record.lamportClock)
        guard isCounted(value) else { continue }
        maxima[Int(record.node)] = max(maxima[Int(record.node)] ?? value, value)
      }
    }
    var table = ClockTable()
    for (node, value) in zip(nodes, maxima) {
      guard let value else { continue }
      table.raise(node, to: value)
      table.raise(ClockTable.witness, to: value)
    }
    return table
  }

  private func beyondValue(of record: Record) -> LamportValue {
    withBytes(of: record.line) { line in
      LineScanner.envelope(of: line.indices, in: line)?.lamportClock ?? LamportValue(.max)
    }
  }
}
