package import Events

// An event may stand in several lines: in logs that were joined by git, in two features' logs since a folder was
// renamed. Each id counts once, and nearly all lines are of different events. So of each line only a hash of its id is
// kept, eight bytes, one behind the other while logs are read; batch by batch they are dealt into piles that stay in
// the processor's cache, and in each pile those are found that have come before. Nobody can foretell hashes, and of a
// million ids not one has that of another; lines whose hashes are equal are looked at in a second reading, which decides
// by their ids.
//
// No more than a batch of hashes is kept. Of those before it remains a bit pattern of fixed size, which says of a
// hash either that it is new or that it may have been there before. A usual log is one batch, and makes none.

/// The search for ids that stand in more than one line.
package struct RepeatSearch {
  private var hashes: [UInt64] = []
  /// Hashes that are not among the others yet, and how many: to grow an array takes longer than to keep a number.
  private var waiting = InlineArray<64, UInt64>(repeating: 0)
  private var waitingCount = 0
  private let seed = EventID.HashSeed()
  /// The hashes of earlier batches, if there are any.
  private var earlier: HashPattern?
  private var repeats: [UInt64] = []
  private let batchSize: Int

  /// Most events' lines are longer than this, in bytes.
  private static let shortLine = 256
  /// How many hashes are a batch, eight megabytes of them.
  static let batchSize = 1 << 20
  /// About how many hashes are a pile.
  private static let pileSize = 1 << 10
  private static let maximumPileBits = 12

  /// Creates a search through lines of so many bytes in all.
  package init(size: Int) { self.init(size: size, batchSize: RepeatSearch.batchSize) }

  /// Creates a search in batches of another size.
  init(size: Int, batchSize: Int) {
    self.batchSize = batchSize
    // Room that is not used costs nothing.
    hashes.reserveCapacity(min(size / RepeatSearch.shortLine, batchSize + waiting.count))
  }

  /// Takes in the id of one line.
  @inline(__always)
  package mutating func insert(_ id: EventID) {
    waiting[waitingCount] = id.hash(seed)
    waitingCount &+= 1
    if waitingCount == waiting.count { keepWaiting() }
  }

  @inline(never)
  private mutating func keepWaiting() {
    hashes.append(addingCapacity: waitingCount) { hashes in
      for index in 0..<waitingCount { hashes.append(waiting[index]) }
    }
    waitingCount = 0
    if hashes.count >= batchSize { endBatch(isLast: false) }
  }

  /// Looks for repeats in the batch, and from the second one on among all before it.
  private mutating func endBatch(isLast: Bool) {
    var bits = 0
    while bits < RepeatSearch.maximumPileBits, hashes.count >> bits > RepeatSearch.pileSize { bits += 1 }
    var table: [UInt64] = []
    var found: [UInt64] = []
    for pile in dealt(intoPiles: bits) { RepeatSearch.addRepeats(in: hashes.span.extracting(pile), &table, &found) }
    repeats += found
    guard earlier != nil || !isLast else { return }
    var pattern = earlier.take() ?? HashPattern()
    for hash in hashes where !pattern.insert(hash) { repeats.append(hash | 1) }
    earlier = pattern
    hashes.removeAll(keepingCapacity: true)
  }

  /// The ids that may stand in more than one line; ends the search.
  package mutating func found() -> Suspects {
    keepWaiting()
    endBatch(isLast: true)
    repeats.sort()
    return Suspects(hashes: RepeatSearch.distinct(repeats), seed: seed)
  }

  /// Deals the hashes, in place, into as many piles as numbers have so many bits, by their upper bits; returns where the
  /// piles are.
  private mutating func dealt(intoPiles bits: Int) -> [Range<Int>] {
    func pile(_ hash: UInt64) -> Int { Int(truncatingIfNeeded: hash >> UInt64(64 - bits)) }
    var ends = [Int](repeating: 0, count: 1 << bits)
    var counts = ends.mutableSpan
    for hash in hashes { counts[pile(hash)] &+= 1 }
    var starts = ends
    var start = 0
    for index in ends.indices {
      (starts[index], start) = (start, start + ends[index])
      ends[index] = start
    }
    let piles = zip(starts, ends).map { $0..<$1 }
    var hashes = hashes.mutableSpan
    var next = starts.mutableSpan
    // Each hash that is in the wrong place goes to where its pile goes on, and the one that was there moves next.
    for index in ends.indices {
      while next[index] < ends[index] {
        var hash = hashes[next[index]]
        while pile(hash) != index {
          let place = next[pile(hash)]
          next[pile(hash)] = place &+ 1
          (hash, hashes[place]) = (hashes[place], hash)
        }
        hashes[next[index]] = hash
        next[index] &+= 1
      }
    }
    return piles
  }

  /// Adds the hashes that come more than once in `pile`; `table` is memory to be used again.
  private static func addRepeats(in pile: Span<UInt64>, _ table: inout [UInt64], _ repeats: inout [UInt64]) {
    var size = 64
    while size < 2 * pile.count { size <<= 1 }
    if table.count < size { table = [UInt64](repeating: 0, count: size) }
    var slots = table.mutableSpan
    for slot in 0..<size { slots[slot] = 0 }
    for index in pile.indices {
      // Zero stands for a free slot.
      let hash = pile[index] | 1
      var slot = Int(truncatingIfNeeded: hash >> 1) & (size &- 1)
      while slots[slot] != 0, slots[slot] != hash { slot = (slot &+ 1) & (size &- 1) }
      if slots[slot] == hash { repeats.append(hash) }
      slots[slot] = hash
    }
  }

  private static func distinct(_ hashes: consuming [UInt64]) -> [UInt64] {
    var count = 0
    for index in hashes.indices where count == 0 || hashes[index] != hashes[count - 1] {
      hashes[count] = hashes[index]
      count += 1
    }
    hashes.removeSubrange(count...)
    return hashes
  }

  /// Ids that may stand in more than one line, told by their hashes.
  package struct Suspects: Sendable {
    /// The hashes in order, each once.
    fileprivate let hashes: [UInt64]
    fileprivate let seed: EventID.HashSeed

    /// Whether every id stands in one line only.
    package var isEmpty: Bool { hashes.isEmpty }

    /// Whether `id` is one of them.
    fileprivate func contains(_ id: EventID) -> Bool {
      let hash = id.hash(seed) | 1
      var (low, high) = (0, hashes.count)
      while low < high {
        let middle = (low + high) / 2
        if hashes[middle] < hash { low = middle + 1 } else { high = middle }
      }
      return low < hashes.count && hashes[low] == hash
    }
  }
}

/// Which one of several lines of an event counts.
package struct RepeatedEvents: Sendable {
  private let suspects: RepeatSearch.Suspects
  /// Where the line that counts stands, for each of the suspects.
  private var places: [EventID: UInt64] = [:]
  /// Whether any id really stands in more than one line.
  package private(set) var isEmpty = true

  /// Creates the record of `suspects` before any of their lines has been seen.
  package init(of suspects: RepeatSearch.Suspects) {
    self.suspects = suspects
    places.reserveCapacity(suspects.hashes.count)
  }

  /// Takes in the line of an event at `place`; `wins` says whether it counts instead of the one at another place.
  package mutating func add<Failure>(
    _ id: EventID, at place: UInt64, wins: (_ over: UInt64) throws(Failure) -> Bool
  ) throws(Failure) {
    guard suspects.contains(id) else { return }
    guard let other = places[id] else {
      places[id] = place
      return
    }
    isEmpty = false
    if try wins(other) { places[id] = place }
  }

  /// Whether the line of an event at `place` is the one that counts.
  package func counts(_ id: EventID, at place: UInt64) -> Bool {
    guard !suspects.isEmpty, suspects.contains(id), let counted = places[id] else { return true }
    return counted == place
  }
}
