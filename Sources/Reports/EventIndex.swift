package import Events

// Events are shown in total order although logs need not be in it and there may be many. What is kept of an event is its
// clock, its node and where its line stands, sixteen bytes; the line is read again when its turn has come. Most logs are
// in order already, so that they only have to be gone through side by side. Where clock and node do not tell two events
// apart, their lines do.

/// The events of several logs, to be gone through in total order.
package struct EventIndex {
  private struct Entry {
    let clock: UInt64
    /// The offset of the line in forty bits, above the node's number in twenty-four.
    let place: UInt64

    var offset: Int { Int(place >> 24) }
    var node: Int { Int(place & 0xFF_FFFF) }
  }

  private struct Log {
    var entries: [Entry] = []
    var isSorted = true
    var last: EventID?
  }

  private var logs: [Log]
  private var nodes = ValueNumbers()
  private var ranks: [Int] = []

  /// Creates the index of so many logs.
  package init(logs count: Int) { logs = [Log](repeating: Log(), count: count) }

  /// Takes in an event that stands in `bytes`, which begin at `offset` of the log; answers false when there are more
  /// nodes or bytes than can be told apart.
  package mutating func add(
    _ line: EventLine, in bytes: Span<UInt8>, log: Int, offset: Int
  ) -> Bool {
    let node = nodes.number(of: line.nodeSpelling, in: bytes)
    let position = offset + line.start
    guard node < 1 << 24, position < 1 << 40 else { return false }
    let entry = Entry(clock: line.lamportClock, place: UInt64(position) << 24 | UInt64(node))
    if let last = logs[log].entries.last, let id = logs[log].last, isBefore((entry, line.id), (last, id)) {
      logs[log].isSorted = false
    }
    logs[log].entries.append(entry)
    logs[log].last = line.id
    return true
  }

  /// Whether the first event stands before the second one, or may do so.
  private func isBefore(_ left: (entry: Entry, id: EventID), _ right: (entry: Entry, id: EventID)) -> Bool {
    if left.entry.clock != right.entry.clock { return left.entry.clock < right.entry.clock }
    guard left.entry.node == right.entry.node else {
      return name(of: left.entry.node) < name(of: right.entry.node)
    }
    // Beyond the largest number, only the lines tell clocks apart.
    return left.id < right.id || left.entry.clock == .max
  }

  private func name(of node: Int) -> JSONString {
    if case .string(let name) = nodes.values[node] { name } else { "" }
  }

  /// Calls `body` with the log and the offset of each event in total order, or in the opposite one, until it answers
  /// false.
  ///
  /// `position` reads where an event stands among others, from its line.
  package consuming func forEachEvent<Failure>(
    reversed: Bool, position: (_ log: Int, _ offset: Int) throws(Failure) -> EventPosition,
    _ body: (_ log: Int, _ offset: Int) throws(Failure) -> Bool
  ) throws(Failure) {
    ranks = [Int](repeating: 0, count: nodes.values.count)
    for (rank, node) in ranks.indices.sorted(by: { name(of: $0) < name(of: $1) }).enumerated() { ranks[node] = rank }
    try sortLogs(position)
    var heads = logs.indices.filter { !logs[$0].entries.isEmpty }.map { log in
      Head(log: log, index: reversed ? logs[log].entries.count - 1 : 0)
    }
    for start in heads.indices.reversed() { try sift(&heads, from: start, reversed, position) }
    while let first = heads.first {
      guard try body(first.log, entry(at: first).offset) else { return }
      let next = first.index + (reversed ? -1 : 1)
      if logs[first.log].entries.indices.contains(next) {
        heads[0] = Head(log: first.log, index: next)
      } else {
        heads.swapAt(0, heads.count - 1)
        heads.removeLast()
      }
      try sift(&heads, from: 0, reversed, position)
    }
  }

  /// Where the going through one log has come to.
  private struct Head {
    let log: Int
    let index: Int
    /// Where the event stands among others, once its line had to be read: different features have the same nodes.
    var position: EventPosition?
  }

  private func entry(at head: Head) -> Entry { logs[head.log].entries[head.index] }

  /// Moves the head at `start` down the heap to where no head below it comes first.
  private func sift<Failure>(
    _ heads: inout [Head], from start: Int, _ reversed: Bool, _ position: (Int, Int) throws(Failure) -> EventPosition
  ) throws(Failure) {
    var parent = start
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < heads.count {
        if try precedes(&heads, child, least, position) != reversed { least = child }
      }
      guard least != parent else { return }
      heads.swapAt(parent, least)
      parent = least
    }
  }

  private func precedes<Failure>(
    _ heads: inout [Head], _ left: Int, _ right: Int, _ position: (Int, Int) throws(Failure) -> EventPosition
  ) throws(Failure) -> Bool {
    if let isBefore = order(entry(at: heads[left]), entry(at: heads[right])) { return isBefore }
    for head in [left, right] where heads[head].position == nil {
      heads[head].position = try position(heads[head].log, entry(at: heads[head]).offset)
    }
    guard let first = heads[left].position, let second = heads[right].position else { return false }
    return first < second
  }

  /// Whether the first event stands before the second one; `nil` when only their lines tell.
  private func order(_ first: Entry, _ second: Entry) -> Bool? {
    if first.clock != second.clock { return first.clock < second.clock }
    return first.clock < .max && first.node != second.node ? ranks[first.node] < ranks[second.node] : nil
  }

  private mutating func sortLogs<Failure>(
    _ position: (Int, Int) throws(Failure) -> EventPosition
  ) throws(Failure) {
    for log in logs.indices where !logs[log].isSorted {
      var entries = logs[log].entries
      logs[log].entries = []
      var failure: Failure?
      entries.sort { left, right in
        do throws(Failure) {
          guard failure == nil else { return false }
          if let isBefore = order(left, right) { return isBefore }
          return try position(log, left.offset) < position(log, right.offset)
        } catch {
          failure = error
          return false
        }
      }
      if let failure { throw failure }
      logs[log].entries = entries
    }
  }
}
