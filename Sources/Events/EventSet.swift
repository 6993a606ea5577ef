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
  package private(set) var sources: [any LineStorage] = []
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
  package struct LineReference: Sendable {
    /// The number of the source.
    package let source: Int32
    private let lowLength: UInt32
    /// The offset; from bit 48 on, what does not fit into `lowLength`, since nothing keeps others from writing a line of
    /// many gigabytes.
    private let place: UInt64

    /// Creates the reference to `length` bytes from `offset` of a source on: of up to 256 terabytes each.
    package init(source: Int32, length: Int, offset: Int) {
      self.source = source
      lowLength = UInt32(truncatingIfNeeded: length)
      place = UInt64(truncatingIfNeeded: offset) | (UInt64(truncatingIfNeeded: length) >> 32) << 48
    }

    /// How many bytes the line has.
    package var length: Int { Int(lowLength) | Int(truncatingIfNeeded: (place >> 48) << 32) }
    /// Where the line begins.
    package var offset: Int { Int(truncatingIfNeeded: place & 0xFFFF_FFFF_FFFF) }

    /// The reference where so many sources come before its own.
    func moved(_ sourcesBefore: Int32) -> LineReference {
      LineReference(source: source + sourcesBefore, length: length, offset: offset)
    }
  }

  /// What orders and identifies an event; 40 bytes, since there is one for each line of a log.
  ///
  /// There is room for 16 million sources of 256 terabytes each, and 256 million nodes.
  package struct Record: Sendable {
    private let high: UInt64
    private let low: UInt64
    /// The logical clock, or the largest number where it is beyond.
    package let lamportClock: UInt64
    /// The line's offset in its source in the lower forty bits, and the source above them.
    private let place: UInt64
    /// The line's length in the lower 22 bits, since no event has more; above them more of the offset.
    private let extent: UInt32
    /// The node in the lower 28 bits; above them whether the clock is beyond its field, and the rest of the id.
    private let marks: UInt32

    /// Creates the record of a line of at most 4 megabytes.
    package init(id: EventID, lamportClock: UInt64, line: LineReference, node: Int32, isBeyond: Bool) {
      let words = id.words
      (high, low) = (words.high, words.low)
      self.lamportClock = lamportClock
      let offset = UInt64(truncatingIfNeeded: line.offset)
      place = offset & 0xFF_FFFF_FFFF | UInt64(truncatingIfNeeded: line.source) &<< 40
      extent = UInt32(truncatingIfNeeded: line.length) | UInt32(truncatingIfNeeded: offset &>> 40) &<< 22
      marks =
        UInt32(truncatingIfNeeded: node) | (isBeyond ? 1 &<< 28 : 0) | UInt32(truncatingIfNeeded: words.top) &<< 29
    }

    /// The event's id.
    package var id: EventID { EventID(high: high, low: low, top: UInt8(truncatingIfNeeded: marks &>> 29)) }

    /// Where the line stands.
    package var line: LineReference {
      LineReference(
        source: Int32(truncatingIfNeeded: place &>> 40), length: length,
        offset: Int(truncatingIfNeeded: place & 0xFF_FFFF_FFFF | UInt64(extent &>> 22) &<< 40))
    }

    /// The line's length.
    package var length: Int { Int(extent & 0x3F_FFFF) }

    /// The number of the node.
    package var node: Int32 { Int32(truncatingIfNeeded: marks & 0xFFF_FFFF) }

    /// Whether the clock's value is larger than the number that stands for it.
    package var isBeyond: Bool { marks & 1 &<< 28 != 0 }

    /// The record where nodes and sources have other numbers.
    func moved(toNode node: Int32, sourcesBefore: Int32 = 0) -> Record {
      Record(id: id, lamportClock: lamportClock, line: line.moved(sourcesBefore), node: node, isBeyond: isBeyond)
    }
  }

  /// Creates the empty set.
  package init() {}

  /// Creates the join of what the sources hold.
  package init(_ sources: [any LineStorage], by workers: some Workers = OneWorker()) {
    self.sources = sources
    let plan = ReadingPlan(sources)
    var collector: LineCollector
    if workers.share(plan.size) {
      let (first, second) = plan.halves
      let both = workers.both(
        { LineCollector(first, of: sources, roomFor: plan.size) }, { LineCollector(second, of: sources) })
      collector = both.0.joined(with: both.1)
    } else {
      collector = LineCollector(plan.parts, of: sources)
    }
    let unread = plan.unread(collector.parts, collector.counts)
    nodes = collector.numbers.nodes
    winners = collector.takeEvents()
    unreadable = collector.unreadable
    duplicates = unread.events
    markers = collector.counts.reduce(unread.markers) { $0 + $1.markers }
    conflictRecords = collector.counts.reduce(unread.conflictRecords) { $0 + $1.conflictRecords }
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
    var index = NodeNumbers(nodes)
    let renumbered = other.nodes.map { index.number(of: $0) }
    result.nodes = index.nodes
    for records in [other.winners, other.losers] {
      for record in records {
        result.winners.append(record.moved(toNode: renumbered[Int(record.node)], sourcesBefore: firstSource))
      }
    }
    result.winners += losers
    result.losers = []
    result.unreadable += other.unreadable.map { $0.moved(firstSource) }
    result.duplicates = duplicates + other.duplicates
    result.markers = markers + other.markers
    result.conflictRecords = conflictRecords + other.conflictRecords
    result.normalise()
    return result
  }
}
