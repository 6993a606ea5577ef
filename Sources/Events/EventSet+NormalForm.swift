// Normal form: from any collection of records to winners, losers and unreadable lines in order.
extension EventSet {
  /// Brings the records that are in the set, in whatever order and however often, into normal form.
  mutating func normalise() {
    winners.sort { $0.id < $1.id }
    settleVariants()
    let ranks = nodeRanks()
    var lines = EventSet()
    lines.sources = sources
    func precedes(_ left: Record, _ right: Record) -> Bool {
      switch lines.compareClocks(left, right) {
      case .before: return true
      case .after: return false
      case .same: break
      }
      if left.node != right.node { return ranks[Int(left.node)] < ranks[Int(right.node)] }
      return left.id < right.id
    }
    winners.sort(by: precedes)
    losers.sort(by: precedes)
    settleUnreadable()
  }

  private func nodeRanks() -> [Int] {
    var ranks = [Int](repeating: 0, count: nodes.count)
    for (rank, number) in nodes.indices.sorted(by: { nodes[$0] < nodes[$1] }).enumerated() { ranks[number] = rank }
    return ranks
  }

  /// Leaves one record for each variant: the winners in `winners`, which is sorted by id, the others in `losers`.
  private mutating func settleVariants() {
    var kept = 0
    var start = 0
    while start < winners.count {
      var end = start + 1
      while end < winners.count, winners[end].id == winners[start].id { end += 1 }
      if end - start == 1 {
        winners[kept] = winners[start]
      } else {
        let variants = variants(among: Array(winners[start..<end]))
        duplicates += end - start - variants.count
        winners[kept] = variants[0]
        losers += variants.dropFirst()
      }
      kept += 1
      start = end
    }
    winners.removeSubrange(kept...)
  }

  /// The distinct variants among records of one id, each in the spelling that is kept, the winner first.
  private func variants(among records: [Record]) -> [Record] {
    let lines = records.map { bytes(of: $0.line) }
    // Most repeats are equal to the byte, and then there is nothing to parse.
    guard lines.contains(where: { $0 != lines[0] }) else { return [records[0]] }
    var spellings: [[UInt8]: Int] = [:]
    for (index, line) in lines.enumerated() {
      let canonical = CanonicalLine.spelling(of: line)
      guard let best = spellings[canonical] else {
        spellings[canonical] = index
        continue
      }
      if lines[best] != canonical, line == canonical || line.lexicographicallyPrecedes(lines[best]) {
        spellings[canonical] = index
      }
    }
    func wins(_ left: (key: [UInt8], value: Int), _ right: (key: [UInt8], value: Int)) -> Bool {
      let (first, second) = (records[left.value], records[right.value])
      switch compareClocks(first, second) {
      case .before: return false
      case .after: return true
      case .same: return right.key.lexicographicallyPrecedes(left.key)
      }
    }
    return spellings.sorted(by: wins).map { records[$0.value] }
  }

  private mutating func settleUnreadable() {
    guard !unreadable.isEmpty else { return }
    let sorted = unreadable.sorted { compare($0, $1) == .before }
    var distinct: [LineReference] = []
    for line in sorted where distinct.last.map({ compare($0, line) != .same }) ?? true { distinct.append(line) }
    unreadable = distinct
    absorbFragments()
  }

  enum Order {
    case before, same, after
  }

  /// The order of two clocks; only of two that do not fit into their records are the lines looked at.
  private func compareClocks(_ left: Record, _ right: Record) -> Order {
    guard left.isBeyond, right.isBeyond else {
      let (first, second) = ((left.isBeyond ? 1 : 0, left.lamportClock), (right.isBeyond ? 1 : 0, right.lamportClock))
      return first < second ? .before : first == second ? .same : .after
    }
    let (first, second) = (beyondValue(of: left), beyondValue(of: right))
    return first < second ? .before : first == second ? .same : .after
  }

  private func compare(_ left: LineReference, _ right: LineReference) -> Order {
    withBytes(of: left) { first in
      withBytes(of: right) { second in
        for index in 0..<min(first.count, second.count) where first[index] != second[index] {
          return first[index] < second[index] ? .before : .after
        }
        return first.count == second.count ? .same : first.count < second.count ? .before : .after
      }
    }
  }

  /// Calls `body` with the bytes of a line.
  func withBytes<Result, Failure>(
    of line: LineReference, _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try sources[Int(line.source)].withBytes { bytes throws(Failure) in
      try body(bytes.extracting(line.offset..<line.offset + Int(line.length)))
    }
  }

  /// The bytes of a line.
  func bytes(of line: LineReference) -> [UInt8] {
    withBytes(of: line) { [UInt8](copying: $0, in: $0.indices) }
  }
}
