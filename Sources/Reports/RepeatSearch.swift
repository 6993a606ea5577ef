package import Events

// An event may stand in several lines: in logs that were joined by git, in two features' logs since a folder was
// renamed. Each id counts once, and to tell, one would have to remember every id. Nearly all lines are of different
// events, though, so what is remembered is a bit pattern of fixed size: it says of an id either that it is new or that it
// may have been there before. Only those that may have been are looked for in a second reading.

/// The search for ids that stand in more than one line.
package struct RepeatSearch {
  /// A block is a line of the processor's cache; an id sets one bit in each word of one.
  private var blocks: [InlineArray<8, UInt64>]
  private var suspects: [EventID] = []
  /// Ids that have come and are not in the blocks yet, and how many there are.
  private var waiting = InlineArray<32, Waiting>(repeating: Waiting())
  private var waitingCount = 0

  /// How many ids are looked up at once: nearly every look waits for memory, and those that do not depend on each other
  /// wait together.
  private static let batch = 32

  /// An id, where its bits are, and what was seen of that block before it is the id's turn.
  private struct Waiting {
    var id = EventID.zero
    var block = 0
    var bits: UInt64 = 0
    var firstWord: UInt64 = 0
  }

  /// Creates a search through lines of so many bytes in all.
  package init(size: Int) {
    // A block for every eight usual lines, up to eight megabytes: of a million ids less than one is suspected for
    // nothing.
    var count = 1 << 9
    while count < 1 << 17, count < size >> 12 { count <<= 1 }
    blocks = [InlineArray<8, UInt64>](repeating: InlineArray(repeating: 0), count: count)
  }

  /// Takes in the id of one line.
  package mutating func insert(_ id: EventID) {
    let (place, bits) = id.fingerprint
    waiting[waitingCount] = Waiting(id: id, block: Int(truncatingIfNeeded: place) & (blocks.count - 1), bits: bits)
    waitingCount += 1
    if waitingCount == RepeatSearch.batch { insertWaiting() }
  }

  private mutating func insertWaiting() {
    var repeats = RepeatSearch.insert(&waiting, waitingCount, into: &blocks)
    while repeats != 0 {
      suspect(waiting[repeats.trailingZeroBitCount].id)
      repeats &= repeats - 1
    }
    waitingCount = 0
  }

  /// Sets the bits of the first `count` ids; the answer has a bit for each of them whose bits had been set before.
  private static func insert(
    _ ids: inout InlineArray<32, Waiting>, _ count: Int, into blocks: inout [InlineArray<8, UInt64>]
  ) -> UInt32 {
    var blocks = blocks.mutableSpan
    // The first loop does next to nothing, so that the processor makes all of its looks side by side.
    for index in 0..<count { ids[index].firstWord = blocks[ids[index].block][0] }
    var repeats: UInt32 = 0
    for index in 0..<count where !insert(ids[index], into: &blocks[ids[index].block]) { repeats |= 1 << UInt32(index) }
    return repeats
  }

  /// Sets a bit in each word of an id's block, which six of its bits name; false when all of them had been set before.
  @inline(__always)
  private static func insert(_ id: Waiting, into block: inout InlineArray<8, UInt64>) -> Bool {
    // No bit is ever taken away, so what was seen earlier is still there.
    block[0] |= id.firstWord
    var new: UInt64 = 0
    for word in 0..<8 {
      let bit: UInt64 = 1 &<< (id.bits &>> UInt64(6 &* word))
      new |= bit & ~block[word]
      block[word] |= bit
    }
    return new != 0
  }

  private mutating func suspect(_ id: EventID) {
    if suspects.count == suspects.capacity, !suspects.isEmpty { suspects = RepeatSearch.distinct(suspects) }
    suspects.append(id)
  }

  /// The ids that may stand in more than one line, in order, each once.
  package consuming func found() -> [EventID] {
    insertWaiting()
    return RepeatSearch.distinct(suspects)
  }

  private static func distinct(_ ids: consuming [EventID]) -> [EventID] {
    ids.sort()
    var count = 0
    for index in ids.indices where count == 0 || ids[index] != ids[count - 1] {
      ids[count] = ids[index]
      count += 1
    }
    ids.removeSubrange(count...)
    return ids
  }
}

/// Which one of several lines of an event counts.
package struct RepeatedEvents: Sendable {
  private let ids: [EventID]
  /// Where the line that counts stands, for each of the ids.
  private var places: [UInt64]
  /// Whether any id really stands in more than one line.
  package private(set) var isEmpty = true

  /// No events at all.
  package static let none = RepeatedEvents(of: [])

  /// Creates the record of `ids`, which are in order, before any of their lines has been seen.
  package init(of ids: [EventID]) {
    self.ids = ids
    places = [UInt64](repeating: .max, count: ids.count)
  }

  /// Takes in the line of an event at `place`; `wins` says whether it counts instead of the one at another place.
  package mutating func add<Failure>(
    _ id: EventID, at place: UInt64, wins: (_ over: UInt64) throws(Failure) -> Bool
  ) throws(Failure) {
    guard let index = index(of: id) else { return }
    guard places[index] != .max else {
      places[index] = place
      return
    }
    isEmpty = false
    if try wins(places[index]) { places[index] = place }
  }

  /// Whether the line of an event at `place` is the one that counts.
  package func counts(_ id: EventID, at place: UInt64) -> Bool {
    guard let index = index(of: id) else { return true }
    return places[index] == place
  }

  private func index(of id: EventID) -> Int? {
    var (low, high) = (0, ids.count)
    while low < high {
      let middle = (low + high) / 2
      if ids[middle] < id { low = middle + 1 } else { high = middle }
    }
    return low < ids.count && ids[low] == id ? low : nil
  }
}
