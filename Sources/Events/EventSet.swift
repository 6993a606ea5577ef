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
  var sources: [any LineStorage] = []
  var nodes: [JSONString] = []
  /// The winner of each id, in total order.
  var winners: [Record] = []
  /// The other variants of ids, in total order.
  var losers: [Record] = []
  /// Lines that are no events, by their bytes.
  var unreadable: [LineReference] = []

  /// How many lines with events were dropped because another line holds the same event.
  package internal(set) var duplicates = 0

  /// How many lines were dropped because git had put them there to mark a conflict.
  package internal(set) var markers = 0

  /// How many conflict records were read: losers that an earlier join has told of.
  package internal(set) var conflictRecords = 0

  /// Where a line stands.
  struct LineReference {
    let source: Int32
    let length: UInt32
    let offset: Int
  }

  /// What orders and identifies an event; 48 bytes, since there is one for each line of a log.
  struct Record {
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
    result.markers = markers + other.markers
    result.conflictRecords = conflictRecords + other.conflictRecords
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
    var records = 0
    var markers = 0
    sources[Int(source)].withBytes { bytes in
      // Reserved memory that is not used costs nothing, while growing step by step holds everything twice.
      events.reserveCapacity(events.count + bytes.count / EventSet.shortLine)
      LineScanner.forEachLine(in: bytes) { line in
        switch LineScanner.content(of: line, in: bytes) {
        case .event(let envelope), .conflict(let envelope):
          if envelope.line != line { records += 1 }
          events.append(
            Record(
              id: envelope.id, lamportClock: envelope.lamportClock.saturated,
              line: LineReference(
                source: source, length: UInt32(envelope.line.count), offset: envelope.line.lowerBound),
              node: index.number(of: envelope.nodeID(in: bytes)), isBeyond: envelope.lamportClock.isBeyond))
        case .marker: markers += 1
        case .unreadable:
          rest.append(LineReference(source: source, length: UInt32(clamping: line.count), offset: line.lowerBound))
        }
      }
    }
    nodes = index.nodes
    winners = events
    unreadable = rest
    self.markers += markers
    conflictRecords += records
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
