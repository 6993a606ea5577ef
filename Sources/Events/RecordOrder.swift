// Sorting by comparing takes twenty steps for each of a million records. Nearly always clock and node fit into one
// number together with the record's position, and then two or three passes over the numbers do: from the lowest digit to
// the highest, they are dealt out to where the digit says, and stay in turn where it is the same.

/// The total order of records, by clock, then by node, then by id, where it can be seen from numbers.
struct RecordOrder {
  /// The clock of each record, less the least one, then the rank of its node, then its position.
  private var keys: [UInt64]
  private let positionBits: UInt64
  /// How many bits are above those of the position.
  private let orderBits: UInt64

  /// How many bits are one digit: that many piles stay in the processor's cache.
  private static let digitBits: UInt64 = 11

  /// Creates the order of `records`, where `ranks` says for each node how many stand before it; `nil` where clock, node
  /// and position do not fit into one number.
  init?(_ records: [EventSet.Record], ranks: [Int]) {
    var (least, greatest) = (UInt64.max, UInt64.min)
    for record in records {
      // Beyond 64 bits only the lines tell clocks apart.
      guard !record.isBeyond else { return nil }
      least = min(least, record.lamportClock)
      greatest = max(greatest, record.lamportClock)
    }
    func width(of number: UInt64) -> UInt64 { UInt64(64 - number.leadingZeroBitCount) }
    positionBits = width(of: UInt64(records.count))
    let nodeBits = width(of: UInt64(ranks.count))
    orderBits = records.isEmpty ? 0 : width(of: greatest - least) + nodeBits
    guard positionBits + orderBits <= 64 else { return nil }
    keys = []
    keys.reserveCapacity(records.count)
    let clockShift = nodeBits + positionBits
    for (position, record) in records.enumerated() {
      let clock = record.lamportClock &- least
      keys.append(clock &<< clockShift | UInt64(ranks[Int(record.node)]) &<< positionBits | UInt64(position))
    }
  }

  /// Sorts the records that the order was created from.
  consuming func sort(_ records: inout [EventSet.Record]) {
    if !isRising { sortKeys() }
    settleTies(records)
    if !isInPlace { records = permuted(records) }
  }

  private var isRising: Bool {
    for index in keys.indices.dropFirst() where keys[index] < keys[index - 1] { return false }
    return true
  }

  private mutating func sortKeys() {
    // A pass takes as long as so many piles, however few keys there are.
    guard keys.count > 1 << RecordOrder.digitBits else { return keys.sort() }
    var other = keys
    var shift = positionBits
    while shift < positionBits + orderBits {
      RecordOrder.deal(keys, to: &other, by: shift)
      swap(&keys, &other)
      shift += RecordOrder.digitBits
    }
  }

  /// Puts `keys` into `target` in the order of the digit at `shift`, those of one digit as they come.
  private static func deal(_ keys: [UInt64], to target: inout [UInt64], by shift: UInt64) {
    let mask: UInt64 = 1 << digitBits - 1
    var ends = [Int](repeating: 0, count: 1 << digitBits)
    for key in keys { ends[Int(truncatingIfNeeded: key &>> shift & mask)] &+= 1 }
    var start = 0
    for digit in ends.indices { (ends[digit], start) = (start, start + ends[digit]) }
    for key in keys {
      let digit = Int(truncatingIfNeeded: key &>> shift & mask)
      target[ends[digit]] = key
      ends[digit] &+= 1
    }
  }

  /// Orders records of one clock and node by their ids.
  private mutating func settleTies(_ records: [EventSet.Record]) {
    let mask: UInt64 = 1 << positionBits - 1
    func id(_ key: UInt64) -> EventID { records[Int(truncatingIfNeeded: key & mask)].id }
    var start = 0
    while start < keys.count {
      var end = start + 1
      while end < keys.count, keys[end] &>> positionBits == keys[start] &>> positionBits { end += 1 }
      if end - start == 2 {
        if id(keys[start + 1]) < id(keys[start]) { keys.swapAt(start, start + 1) }
      } else if end - start > 2 {
        keys[start..<end].sort { id($0) < id($1) }
      }
      start = end
    }
  }

  /// The records in their order.
  ///
  /// Moving them within the array would need no second one, yet each move would wait for the one before; these wait for
  /// memory together.
  private func permuted(_ records: [EventSet.Record]) -> [EventSet.Record] {
    let unsorted = records.span
    return [EventSet.Record](capacity: unsorted.count) { sorted in
      for key in keys { sorted.append(unsorted[position(key)]) }
    }
  }

  private var isInPlace: Bool { keys.indices.allSatisfy { position(keys[$0]) == $0 } }

  private func position(_ key: UInt64) -> Int { Int(truncatingIfNeeded: key & (1 &<< positionBits &- 1)) }
}
