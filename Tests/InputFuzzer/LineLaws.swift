import Events

/// A log: what was written is read again, and joining has its laws.
func checkLines(_ input: [UInt8]) {
  let set = EventSet(input)
  let written = set.bytes
  precondition(EventSet(written).bytes == written, "reading what was written and writing it again changes it")
  precondition(set.joined(with: set).bytes == written, "a set joined with itself is another one")
  let half = input.count / 2
  let (first, second) = (EventSet(Array(input[..<half])), EventSet(Array(input[half...])))
  precondition(first.joined(with: second).bytes == second.joined(with: first).bytes, "the order of joining shows")
  set.forEachEvent { id, line in
    guard let event = Event(line: [UInt8](copying: line, in: line.indices)) else {
      preconditionFailure("an event of a set cannot be read")
    }
    precondition(event.id == id, "an event has another id than its line")
    guard let again = Event(line: event.line) else { preconditionFailure("a canonical line cannot be read") }
    precondition(again.line == event.line, "a canonical line is not canonical")
  }
}

/// A note: git puts empty lines between entries and markers around conflicts, and neither says anything.
func checkNote(_ input: [UInt8]) {
  let entries = input.split(separator: 0x0A, omittingEmptySubsequences: false)
  let set = EventSet(input)
  precondition(EventSet(Array(entries.joined(separator: [0x0A, 0x0A]))).bytes == set.bytes, "an empty line shows")
  let conflicted = entries.joined(separator: Array("\n<<<<<<< ours\n".utf8)) + Array("\n>>>>>>> theirs\n".utf8)
  precondition(EventSet(Array(conflicted)).bytes == set.bytes, "a marker shows")
  let parts = entries.map { EventSet(Array($0)) }
  let joined = parts.reduce(EventSet()) { $0.joined(with: $1) }
  precondition(joined.bytes == set.bytes, "entries say less alone than together")
  for part in parts { precondition(part.ids.isSubset(of: set.ids), "an event of an entry is lost") }
}

/// A clock file: what was written is read again, and no value stops a clock.
func checkClock(_ input: [UInt8]) {
  let table = ClockTable.read(input).table
  precondition(ClockTable.read(table.bytes).table == table, "a clock that was written is read as another one")
  precondition(table.joined(with: table) == table, "a clock joined with itself is another one")
  for node in table.sorted.map(\.node) + ["cli:WP01"] {
    // One above the highest value that a clock may go on from is where those that led there go on.
    let limit = LamportValue(LamportValue.trustLimit + 1)
    precondition(table.next(for: node) <= limit, "a clock goes on from a value that no clock may go on from")
  }
}
