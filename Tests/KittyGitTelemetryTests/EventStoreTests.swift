import Events
import KittyGitTelemetry
import SystemPackage
import TestSupport
import Testing

/// A log as a store of events.
struct `Event store` {
  private func event(_ number: UInt64, clock: UInt64, node: JSONString = "cli:WP01", of aggregate: JSONString = "f")
    -> Event
  {
    var generator = SeededGenerator(seed: number)
    return Event(
      id: .ulid(milliseconds: number, using: &generator), aggregateID: aggregate, lamportClock: LamportValue(clock),
      nodeID: node, payload: Invocation(wpID: "WP01", agent: "a", role: .planner).payload, timestamp: .epoch)
  }

  @Test func `events come back in order, by aggregate or all`() throws {
    let scratch = try ScratchDirectory()
    let store = EventStore(featureDirectory: FilePath(scratch.path + "/f"))
    #expect(try store.events().isEmpty)
    let events = [event(1, clock: 2), event(2, clock: 1, node: "z"), event(3, clock: 1), event(4, clock: 3, of: "g")]
    for event in events { try store.save(event) }
    #expect(try store.events() == [events[2], events[1], events[0], events[3]])
    #expect(try store.events(of: "g") == [events[3]])
    #expect(try store.events(of: "h").isEmpty)
  }

  @Test func `an event is saved once, whatever its id's spelling and whoever saves it`() throws {
    let scratch = try ScratchDirectory()
    let folder = FilePath(scratch.path)
    try EventStore(featureDirectory: folder).save(event(1, clock: 1))
    try EventStore(featureDirectory: folder).save([event(1, clock: 1), event(1, clock: 9), event(2, clock: 2)])
    #expect(try EventStore(featureDirectory: folder).events() == [event(1, clock: 1), event(2, clock: 2)])
  }

  @Test func `lines that cannot be read cost nothing but themselves`() throws {
    let repository = try TestRepository()
    let line = String(decoding: event(1, clock: 1).line, as: UTF8.self)
    try repository.write("f/execution.events.jsonl", "[1]\n{this is not valid json}\n\(line)\n{\"torn\": ")
    let store = EventStore(featureDirectory: FilePath(repository.path + "/f"))
    #expect(try store.events() == [event(1, clock: 1)])
    try store.save(event(2, clock: 2))
    #expect(try store.events().count == 2)
  }
}
