import Events
@testable import Reports
import TestSupport
import Testing

/// Ids that stand in more than one line, among many that do not.
struct `The search for repeated events` {
  private func ids(_ count: Int, seed: UInt64) -> [EventID] {
    var random = SeededGenerator(seed: seed)
    return (0..<count).map { .ulid(milliseconds: UInt64($0 / 3), using: &random) }
  }

  /// Which lines of `ids` count, where of two lines of an event the later one does.
  private func counted(_ ids: [EventID], batchSize: Int = RepeatSearch.batchSize) -> [Bool] {
    var search = RepeatSearch(size: 0, batchSize: batchSize)
    for id in ids { search.insert(id) }
    var repeated = RepeatedEvents(of: search.found())
    for (place, id) in ids.enumerated() { repeated.add(id, at: UInt64(place)) { _ in true } }
    #expect(repeated.isEmpty == (Set(ids).count == ids.count))
    return ids.enumerated().map { place, id in repeated.counts(id, at: UInt64(place)) }
  }

  @Test(arguments: [0, 1, 63, 64, 65, 1_025, 70_000]) func `finds none where there is none`(count: Int) {
    #expect(counted(ids(count, seed: 1)).allSatisfy { $0 })
  }

  @Test(arguments: [1, 2, 64, 500, 3_000, 70_000])
  func `finds every one, however many others there are`(count: Int) {
    var random = SeededGenerator(seed: 2)
    let single = ids(count, seed: 3)
    for repeats in [1, count / 2 + 1, 2 * count] {
      let again = (0..<repeats).compactMap { _ in single.randomElement(using: &random) }
      let all = (single + again).shuffled(using: &random)
      let last = all.enumerated().reduce(into: [:]) { $0[$1.element] = $1.offset }
      let expected = all.enumerated().map { last[$1] == $0 }
      for batchSize in [64, 1_000, RepeatSearch.batchSize] {
        #expect(counted(all, batchSize: batchSize) == expected, "\(repeats) repeats, batches of \(batchSize)")
      }
    }
  }

  @Test func `tells a ULID from a UUID of the same bits`() throws {
    let ulid = try #require(EventID("01KHJVJWDM0HGAGYGXJYKD0001"))
    let uuid = try #require(EventID(words: (ulid.words.high, ulid.words.low, 4)))
    #expect(counted([ulid, uuid, ulid]) == [false, true, true])
  }
}
