// Normal form: from any collection of records to winners, losers and unreadable lines in order.
extension EventSet {
  /// Brings the records that are in the set, in whatever order and however often, into normal form.
  mutating func normalise() {
    settleVariants()
    let ranks = nodeRanks()
    sort(&winners, ranks)
    sort(&losers, ranks)
    settleUnreadable()
  }

  private func sort(_ records: inout [Record], _ ranks: [Int]) {
    if let order = RecordOrder(records, ranks: ranks) { return order.sort(&records) }
    records.sort { left, right in
      switch compareClocks(left, right) {
      case .before: return true
      case .after: return false
      case .same: break
      }
      if left.node != right.node { return ranks[Int(left.node)] < ranks[Int(right.node)] }
      return left.id < right.id
    }
  }

  private func nodeRanks() -> [Int] {
    var ranks = [Int](repeating: 0, count: nodes.count)
    for (rank, number) in nodes.indices.sorted(by: { nodes[$0] < nodes[$1] }).enumerated() { ranks[number] = rank }
    return ranks
  }

  /// Leaves one record for each variant: the winners in `winners`, the others in `losers`.
  private mutating func settleVariants() {
    var table = IdentityTable(count: winners.count)
    var looks = InlineArray<16, IdentityTable.Look>(repeating: IdentityTable.Look())
    /// Records that are not equal to the byte to the first one of their id, by where that one stands.
    var rivals: [Int: [Record]] = [:]
    var kept = 0
    var start = 0
    while start < winners.count {
      let count = min(IdentityTable.batch, winners.count - start)
      for index in 0..<count { looks[index] = table.look(for: winners[start + index].id) }
      for index in 0..<count {
        let record = winners[start + index]
        guard let first = table.place(looks[index], at: kept, hasSameID: { winners[$0].id == record.id }) else {
          winners[kept] = record
          kept += 1
          continue
        }
        // Most repeats are equal to the byte, and then there is nothing to parse.
        if compare(winners[first].line, record.line) == .same {
          duplicates += 1
        } else {
          rivals[first, default: []].append(record)
        }
      }
      start += count
    }
    winners.removeSubrange(kept...)
    for (first, others) in rivals {
      let variants = variants(among: [winners[first]] + others)
      duplicates += 1 + others.count - variants.count
      winners[first] = variants[0]
      losers += variants.dropFirst()
    }
  }

  /// The distinct variants among records of one id, each in the spelling that is kept, the winner first.
  private func variants(among records: [Record]) -> [Record] {
    let lines = records.map { bytes(of: $0.line) }
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
    withBytes(of: left) { first in withBytes(of: right) { second in EventSet.order(first, second) } }
  }

  /// The order of two lines by their bytes.
  static func order(_ first: Span<UInt8>, _ second: Span<UInt8>) -> Order {
    let index = first.commonLength(with: second)
    if index < first.count, index < second.count { return first[index] < second[index] ? .before : .after }
    return first.count == second.count ? .same : first.count < second.count ? .before : .after
  }

  /// Calls `body` with the bytes of a line.
  func withBytes<Result, Failure>(
    of line: LineReference, _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try sources[Int(line.source)].withBytes { bytes throws(Failure) in
      try body(bytes.extracting(line.offset..<line.offset + line.length))
    }
  }

  /// The bytes of a line.
  func bytes(of line: LineReference) -> [UInt8] {
    withBytes(of: line) { [UInt8](copying: $0, in: $0.indices) }
  }
}
