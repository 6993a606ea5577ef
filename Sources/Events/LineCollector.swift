/// Reads lines into records; what the lines look like is learned once for all sources.
struct LineCollector: Sendable {
  private(set) var events: [EventSet.Record] = []
  /// The lines that are no events.
  private(set) var unreadable: [EventSet.LineReference] = []
  private(set) var numbers = NodeNumbers([])
  /// What was read, and how many lines of each kind there were in each part.
  private(set) var parts: [ReadingPlan.Part]
  private(set) var counts: [ReadingPlan.Counts] = []

  private var shapes = LineShapes()
  /// What has been counted in the part that is being read.
  private var current = ReadingPlan.Counts()

  /// Most events' lines are longer than this, in bytes.
  private static let shortLine = 256

  /// Reads `parts` of `sources`, with room for what is in `size` bytes of lines, where others will be added.
  init(_ parts: [ReadingPlan.Part], of sources: [any LineStorage], roomFor size: Int? = nil) {
    self.parts = parts
    // Reserved memory that is not used costs nothing, while growing step by step holds everything twice.
    events.reserveCapacity((size ?? parts.reduce(0) { $0 + $1.range.count }) / LineCollector.shortLine)
    for part in parts {
      let before = events.count
      current = ReadingPlan.Counts()
      sources[Int(part.source)].withBytes { bytes in
        read(bytes.extracting(0..<part.range.upperBound), from: part.range.lowerBound, part.source)
      }
      current.events = events.count - before
      counts.append(current)
    }
  }

  /// The events, which are no longer kept here: a second owner would make whoever changes them copy them first.
  mutating func takeEvents() -> [EventSet.Record] {
    var taken: [EventSet.Record] = []
    swap(&taken, &events)
    return taken
  }

  /// What both have read.
  consuming func joined(with other: LineCollector) -> LineCollector {
    let renumbered = other.numbers.nodes.map { numbers.number(of: $0) }
    for record in other.events { events.append(record.moved(toNode: renumbered[Int(record.node)])) }
    unreadable += other.unreadable
    parts += other.parts
    counts += other.counts
    return self
  }

  private mutating func read(_ bytes: Span<UInt8>, from start: Int, _ source: Int32) {
    var line = EventLine()
    var position = start
    while position < bytes.count {
      if shapes.read(bytes, at: position, into: &line) {
        events.append(
          EventSet.Record(
            id: line.id, lamportClock: line.lamportClock,
            line: EventSet.LineReference(
              source: source, length: line.end &- position, offset: position),
            node: numbers.number(of: line.node, in: bytes), isBeyond: false))
        position = line.end &+ 1
      } else {
        let end = LineScanner.endOfLine(bytes, position)
        let trimmed = LineScanner.trimmed(bytes, position..<end)
        if !trimmed.isEmpty { readUnknown(trimmed, of: bytes, source) }
        position = end &+ 1
      }
    }
  }

  /// Reads a line whose shape is not known.
  private mutating func readUnknown(_ line: Range<Int>, of bytes: Span<UInt8>, _ source: Int32) {
    switch LineScanner.content(of: line, in: bytes) {
    case .event(let envelope):
      add(envelope, in: bytes, source)
      shapes.learn(line, in: bytes)
    case .conflict(let envelope):
      current.conflictRecords += 1
      add(envelope, in: bytes, source)
    case .marker: current.markers += 1
    case .unreadable:
      unreadable.append(
        EventSet.LineReference(source: source, length: line.count, offset: line.lowerBound))
    }
  }

  private mutating func add(_ envelope: Envelope, in bytes: Span<UInt8>, _ source: Int32) {
    events.append(
      EventSet.Record(
        id: envelope.id, lamportClock: envelope.lamportClock.saturated,
        line: EventSet.LineReference(
          source: source, length: envelope.line.count, offset: envelope.line.lowerBound),
        node: numbers.number(of: envelope.nodeID(in: bytes)), isBeyond: envelope.lamportClock.isBeyond))
  }
}
