package import Events

/// Costs of execution events by group, summed up in one pass over their lines.
///
/// Its size is that of the groups, however many events there are.
package struct CostReport {
  /// The numbers of a group's values; the second one is 0 where there is only one grouping.
  private struct GroupKey: Hashable {
    let first: Int
    var second = 0
  }

  private struct Group {
    let key: GroupKey
    var sums = CostSums()
    /// The first of the group's events, by which groups of equal cost are ordered.
    var first: EventPosition
  }

  private let grouping: [CostGrouping]
  private let commits: EventCommits
  private var values: [ValueNumbers]
  private var groups: [Group] = []
  private var numbers: [GroupKey: Int] = [:]
  /// The groups that events were added to last, each in the place that its key gives it: there are few.
  private var recent = [(key: GroupKey, number: Int)](repeating: (GroupKey(first: -1), 0), count: 64)
  private var estimator: Estimator
  /// The member of the payload that alone says which group an event is in, if one does.
  private let onlyKey: PayloadKey?
  /// The groups by the spellings of its value.
  private var spellings = RecentTexts()
  /// The numbers of the event that is being added.
  private var figures = RunFigures()

  /// Creates the report of no events, grouped by one or two of `grouping` in turn.
  package init(by grouping: [CostGrouping], prices: PriceTable, commits: EventCommits = EventCommits()) {
    self.grouping = grouping
    self.commits = commits
    values = grouping.map { _ in ValueNumbers() }
    estimator = Estimator(prices: prices)
    onlyKey = grouping.count == 1 ? grouping[0].payloadKey : nil
  }

  /// Adds the events among the lines of `piece` that pass, and takes the ids of all of them into `search`.
  ///
  /// `reader` stays the same from piece to piece, since it knows what lines look like.
  package mutating func add(
    eventsOf piece: Span<UInt8>, readBy reader: inout EventReader, passing matcher: EventMatcher, rank: Int,
    _ search: inout RepeatSearch
  ) {
    var position = 0
    while reader.readNext(in: piece, from: &position) {
      search.insert(reader.line.id)
      if matcher.matches(inPlace: &reader.line, in: piece) { include(&reader.line, in: piece, rank: rank) }
    }
  }

  /// Adds an event that stands in `bytes`, if it passes.
  package mutating func add(_ line: EventLine, passing matcher: EventMatcher, in bytes: Span<UInt8>, rank: Int) {
    if matcher.matches(line, in: bytes) { add(line, in: bytes, rank: rank) }
  }

  /// Adds an event that stands in `bytes`; logs of higher rank follow those of lower rank.
  package mutating func add(_ line: EventLine, in bytes: Span<UInt8>, rank: Int) {
    var line = line
    include(&line, in: bytes, rank: rank)
  }

  /// Adds an event whose line stays where it is.
  @inline(__always)
  private mutating func include(_ line: inout EventLine, in bytes: Span<UInt8>, rank: Int) {
    let group = number(of: &line, in: bytes, rank: rank)
    if line.read(&figures, in: bytes) {
      groups[group].sums.add(figures, isEstimate: RunCost.isEstimate(line[.costSource], in: bytes))
    } else {
      addUnusual(line, to: group, in: bytes)
    }
  }

  /// Adds what an event says whose numbers take a closer look, or that names no cost.
  @inline(never)
  private mutating func addUnusual(_ line: EventLine, to group: Int, in bytes: Span<UInt8>) {
    let run = RunCost(line, in: bytes)
    let estimate = run.named == nil ? estimator.estimate(run.usage, line[.model], in: bytes) : nil
    groups[group].sums.add(run, estimate: estimate)
  }

  /// How the value is spelled that alone says which group an event is in; `nil` when there is none.
  @inline(__always)
  private func onlySpelling(of line: inout EventLine) -> Range<Int>? {
    // A key that is known here is looked up where the line is; for any other one all places would be copied before.
    switch onlyKey {
    case .agent: line[.agent]
    case .model: line[.model]
    case .role: line[.role]
    case .wpID: line[.wpID]
    default: nil
    }
  }

  /// The number of the group that the event of `line` is in, of which it is the first one from now on if it stands
  /// before all others.
  @inline(__always)
  private mutating func number(of line: inout EventLine, in bytes: Span<UInt8>, rank: Int) -> Int {
    guard let spelling = onlySpelling(of: &line) else { return numberByValues(of: &line, in: bytes, rank: rank) }
    if let number = spellings.number(of: spelling, in: bytes) {
      note(&line, in: number, bytes, rank: rank)
      return number
    }
    let number = numberByValues(of: &line, in: bytes, rank: rank)
    spellings.set(number, of: spelling, in: bytes)
    return number
  }

  @inline(never)
  private mutating func numberByValues(of line: inout EventLine, in bytes: Span<UInt8>, rank: Int) -> Int {
    var key = GroupKey(first: value(at: 0, &line, in: bytes))
    if grouping.count > 1 { key.second = value(at: 1, &line, in: bytes) }
    let place = (key.first &+ key.second &* 31) & 63
    var number = recent[place].number
    if recent[place].key != key {
      guard let known = numbers[key] else {
        numbers[key] = groups.count
        groups.append(Group(key: key, first: EventPosition(rank: rank, line, in: bytes)))
        return groups.count - 1
      }
      recent[place] = (key, known)
      number = known
    }
    note(&line, in: number, bytes, rank: rank)
    return number
  }

  @inline(__always)
  private mutating func note(_ line: inout EventLine, in group: Int, _ bytes: Span<UInt8>, rank: Int) {
    guard !groups[group].first.isClearlyBefore(rank: rank, clock: line.lamportClock) else { return }
    moveFirst(of: group, to: line, bytes, rank: rank)
  }

  @inline(never)
  private mutating func moveFirst(of group: Int, to line: EventLine, _ bytes: Span<UInt8>, rank: Int) {
    groups[group].first = min(groups[group].first, EventPosition(rank: rank, line, in: bytes))
  }

  private mutating func value(at index: Int, _ line: inout EventLine, in bytes: Span<UInt8>) -> Int {
    let range: Range<Int>?
    switch grouping[index] {
    case .agent, .model, .role, .wp: range = grouping[index].payloadKey.flatMap { line[$0] }
    case .feature: range = line.aggregateID
    case .day: return values[index].number(of: .string(JSONString(bytes: Day.text(of: line.timestamp, in: bytes))))
    case .commit:
      return values[index].number(of: commits.commit(of: line.id).map { .string($0) } ?? .null)
    }
    return range.map { values[index].number(of: $0, in: bytes) } ?? values[index].number(of: .string("unknown"))
  }
}

extension CostReport {
  /// One group and what it comes to.
  package struct Row: Sendable {
    /// What the events of the group have in common: a value for each grouping.
    package let keys: [JSONValue]
    /// What they come to.
    package let sums: CostSums
  }

  /// The groups, the most expensive one first and days in their order; groups of equal cost as their first events are.
  ///
  /// Of two groupings the first one keeps its groups together.
  package var rows: [Row] {
    var blocks: [Int: Group] = [:]
    for group in groups {
      let key = group.key.first
      var block = blocks[key] ?? Group(key: GroupKey(first: key), first: group.first)
      block.sums += group.sums
      block.first = min(block.first, group.first)
      blocks[key] = block
    }
    let sorted = groups.sorted { left, right in
      guard left.key.first == right.key.first, grouping.count > 1 else {
        let (first, second) = (blocks[left.key.first] ?? left, blocks[right.key.first] ?? right)
        return precedes((first, first.key.first), (second, second.key.first), at: 0)
      }
      return precedes((left, left.key.second), (right, right.key.second), at: 1)
    }
    return sorted.map { group in
      let keys = [group.key.first, group.key.second].prefix(grouping.count)
      return Row(keys: zip(values, keys).map { $0.values[$1] }, sums: group.sums)
    }
  }

  private func precedes(_ left: (group: Group, value: Int), _ right: (group: Group, value: Int), at index: Int) -> Bool
  {
    if grouping[index] == .day {
      func day(_ value: Int) -> String { values[index].values[value].text ?? "" }
      return day(left.value) < day(right.value)
    }
    let (first, second) = (left.group.sums.cost, right.group.sums.cost)
    return first != second ? first > second : left.group.first < right.group.first
  }

  /// What all events come to.
  package var total: CostSums { groups.reduce(CostSums()) { $0 + $1.sums } }

  /// The models that runs would have been estimated by if their prices were known, by their names' code points.
  package var modelsWithoutPrice: [JSONString] { estimator.modelsWithoutPrice }
}

/// Estimates runs, with each model's price at hand.
private struct Estimator {
  private let prices: PriceTable
  private var models = ValueNumbers()
  private var known: [PriceTable.Price?] = []
  private var unknown: Set<Int> = []

  init(prices: PriceTable) { self.prices = prices }

  /// What a run of `usage` by the model at `range` costs; `nil` when nobody knows.
  mutating func estimate(_ usage: TokenUsage, _ range: Range<Int>?, in bytes: Span<UInt8>) -> MicroDollars? {
    guard !usage.isUnknown, let range else { return nil }
    let model = models.number(of: range, in: bytes)
    if model == known.count {
      known.append(name(of: model).flatMap { prices[$0] })
    }
    if let cost = known[model]?.estimate(usage) { return cost }
    unknown.insert(model)
    return nil
  }

  var modelsWithoutPrice: [JSONString] { unknown.compactMap(name).sorted() }

  private func name(of model: Int) -> JSONString? {
    if case .string(let name) = models.values[model] { name } else { nil }
  }
}
