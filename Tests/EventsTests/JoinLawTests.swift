import Events
import Testing

/// The laws that let every command be repeated, interrupted and run in any order.
struct `Laws of the join` {
  private func same(_ left: EventSet, _ right: EventSet) -> Bool {
    left.bytes == right.bytes && left.clocks() == right.clocks() && left.count == right.count
      && left.conflictCount == right.conflictCount && left.unreadableCount == right.unreadableCount
      && left.ids == right.ids
  }

  @Test func `a set joined with itself is itself`() {
    expectLaw(1) { logs in
      let set = EventSet(logs[0])
      return same(set.joined(with: set), set) && same(set.joined(with: EventSet()), set)
        && same(EventSet().joined(with: set), set)
    }
  }

  @Test func `sides do not matter`() {
    expectLaw(2) { logs in
      let (a, b) = (EventSet(logs[0]), EventSet(logs[1]))
      return same(a.joined(with: b), b.joined(with: a))
    }
  }

  @Test func `grouping does not matter`() {
    expectLaw(3) { logs in
      let (a, b, c) = (EventSet(logs[0]), EventSet(logs[1]), EventSet(logs[2]))
      return same(a.joined(with: b).joined(with: c), a.joined(with: b.joined(with: c)))
    }
  }

  @Test func `writing in between does not matter`() {
    expectLaw(3) { logs in
      let (a, b, c) = (EventSet(logs[0]), EventSet(logs[1]), EventSet(logs[2]))
      let direct = a.joined(with: b).joined(with: c)
      let written = EventSet(EventSet(c.bytes).joined(with: EventSet(a.joined(with: b).bytes)).bytes)
      return same(direct, written)
    }
  }

  @Test func `what is written is read back`() {
    expectLaw(1) { logs in
      let set = EventSet(logs[0])
      let again = EventSet(set.bytes)
      return same(again, set) && again.duplicates == 0
    }
  }

  @Test func `sources read at once are joined`() {
    expectLaw(3) { logs in
      let joined = logs.map { EventSet($0) }.reduce(EventSet()) { $0.joined(with: $1) }
      return same(EventSet(logs.map { LineBuffer($0) }), joined)
    }
  }

  @Test func `clocks never go back`() {
    expectLaw(2) { logs in
      let set = EventSet(logs[0])
      let joined = set.joined(with: EventSet(logs[1])).clocks()
      return set.clocks().sorted.allSatisfy { node, value in joined[node].map { $0 >= value } ?? false }
    }
  }

  @Test func `no event, no variant and no other line is lost`() {
    expectLaw(2) { logs in
      let joined = EventSet(logs[0]).joined(with: EventSet(logs[1]))
      let expected = NaiveEventSet(logs)
      let found = NaiveEventSet([joined.bytes])
      return Set(found.variants.keys) == Set(expected.variants.keys) && joined.count == joined.ids.count
        && expected.rest.allSatisfy { found.rest.contains($0) || expected.absorbs($0) }
        && found.rest.isSubset(of: expected.rest)
    }
  }

  @Test func `the state is what its definition says`() {
    expectLaw(2) { logs in
      let set = EventSet(logs.map { LineBuffer($0) })
      let naive = NaiveEventSet(logs)
      return set.bytes == naive.bytes && set.clocks() == naive.clocks
    }
  }
}
