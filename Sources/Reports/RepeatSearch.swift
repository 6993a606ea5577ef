package import Events

// An event may stand in several lines: in logs that were joined by git, in two features' logs since a folder was
// renamed. Each id counts once, and to tell, one would have to remember every id. Nearly all lines are of different
// events, though, so what is remembered is a bit pattern of fixed size: it says of an id either that it is new or that it
// may have been there before. Only those that may have been are looked for in a second reading.

/// The search for ids that stand in more than one line.
package struct RepeatSearch {
  /// A block is a line of the processor's cache; an id sets seven bits of one.
  private var blocks: [InlineArray<8, UInt64>]
  private var suspects: [EventID] = []

  /// Creates a search through lines of so many bytes in all.
  package init(size: Int) {
    // Up to eight megabytes: of a million ids less than one is suspected for nothing.
    let isLarge = size > 4 << 20
    blocks = [InlineArray<8, UInt64>](repeating: InlineArray(repeating: 0), count: isLarge ? 1 << 17 : 1 << 11)
  }

  /// Takes in the id of one line.
  package mutating func insert(_ id: EventID) {
    let (place, bits) = id.fingerprint
    let index = Int(truncatingIfNeeded: place) & (blocks.count - 1)
    var block = blocks[index]
    var isNew = false
    var rest = bits
    for _ in 0..<7 {
      let word = Int(truncatingIfNeeded: rest & 7)
      let bit: UInt64 = 1 &<< (rest &>> 3 & 63)
      if block[word] & bit == 0 { isNew = true }
      block[word] |= bit
      rest &>>= 9
    }
    blocks[index] = block
    if !isNew { suspect(id) }
  }

  private mutating func suspect(_ id: EventID) {
    if suspects.count == suspects.capacity, !suspects.isEmpty { suspects = RepeatSearch.distinct(suspects) }
    suspects.append(id)
  }

  /// The ids that may stand in more than one line, in order, each once.
  package consuming func found() -> [EventID] { RepeatSearch.distinct(suspects) }

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
