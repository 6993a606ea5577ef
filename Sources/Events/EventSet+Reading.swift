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

  /// The ids of events that have another variant, which lost.
  package var disputed: Set<EventID> { Set(losers.lazy.map(\.id)) }

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
    try forEachOtherLine(body)
  }

  /// Calls `body` with each line of the written form that follows the events.
  package func forEachOtherLine<Failure>(
    _ body: (Span<UInt8>) throws(Failure) -> Void
  ) throws(Failure) {
    var records = losers.map { LineScanner.conflictRecord(of: bytes(of: $0.line)) }
    records.sort { $1.lexicographicallyPrecedes($0) }
    for line in unreadable {
      // Such a line may have gigabytes: it is looked at where it is.
      try withBytes(of: line) { unreadable throws(Failure) in
        while let record = records.last, EventSet.order(record.span, unreadable) == .before {
          try body(record.span)
          records.removeLast()
        }
        try body(unreadable)
      }
    }
    while let record = records.popLast() { try body(record.span) }
  }

  /// The number of the source in which the line of an event stands, and where in it.
  ///
  /// Events are counted in total order.
  package func place(ofEvent index: Int) -> (source: Int, offset: Int, length: Int) {
    let line = winners[index].line
    return (Int(line.source), line.offset, line.length)
  }

  /// How many bytes the lines of some events take, ends included.
  package func size(ofEvents range: Range<Int>) -> Int {
    range.reduce(0) { $0 + winners[$1].length + 1 }
  }

  /// How many bytes the written form takes.
  package var size: Int {
    var size = size(ofEvents: 0..<count)
    forEachOtherLine { size += $0.count + 1 }
    return size
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
      // Nearly always the size says enough.
      guard size == written.count else { return false }
      var position = 0
      var isSame = true
      forEachLine { line in
        guard isSame, position + line.count < written.count, written[position + line.count] == 0x0A else {
          isSame = false
          return
        }
        isSame = EventSet.order(line, written.extracting(position..<position + line.count)) == .same
        position += line.count + 1
      }
      return isSame
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

  /// The value of a clock that does not fit into a record.
  func beyondValue(of record: Record) -> LamportValue {
    withBytes(of: record.line) { line in
      LineScanner.envelope(of: line.indices, in: line)?.lamportClock ?? LamportValue(.max)
    }
  }
}
