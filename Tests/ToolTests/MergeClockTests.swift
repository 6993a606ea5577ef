import Events
import TestSupport
import Testing

/// Clocks after a merge: what was recorded later sorts later, whoever records it.
struct `Clocks after a merge` {
  private struct Recorded {
    let event: Event

    /// Whether the event comes before another one in the order of all events.
    func precedes(_ other: Recorded) -> Bool {
      (event.lamportClock, event.nodeID, event.id) < (other.event.lamportClock, other.event.nodeID, other.event.id)
    }
  }

  /// Records an event of a node and returns it as the journal has it.
  private func record(_ repository: TestRepository, _ wpID: String, in directory: String) throws -> Recorded {
    let id = try repository.emitted("--feature", "f", "--wp-id", wpID, in: directory)["event_id"]?.text
    return Recorded(event: try #require(repository.journaled().first { $0.id.description == id }))
  }

  @Test(
    arguments: [["WP01", "WP01", "WP01"], ["WP01", "WP02", "WP03"], ["WP01", "WP02", "WP01"]], [1, 2] as [UInt64])
  func `every later event of any node sorts after all that were merged`(nodes: [String], seed: UInt64) throws {
    let repository = try TestRepository()
    try repository.plan()
    var generator = SeededGenerator(seed: seed)
    let lanes = try ["A", "B", "C"].map { try repository.startWork(on: $0) }
    var merged: [Recorded] = []
    for (lane, node) in zip(lanes, nodes) {
      try repository.work(in: lane, "\(node)-\(lane.suffix(1)).txt")
      for _ in 0..<Int.random(in: 1...5, using: &generator) { merged.append(try record(repository, node, in: lane)) }
    }
    // The third lane goes on while the others are merged.
    for name in ["A", "B"] { try repository.git("merge", "--quiet", "--no-ff", "--no-edit", "f-\(name)") }
    try repository.merged()
    let late = try record(repository, nodes[2], in: lanes[2])
    let before = merged.filter { $0.event.nodeID.description != "cli:\(nodes[2])" }
    #expect(before.allSatisfy { $0.precedes(late) }, "seed \(seed)")
    merged.append(late)
    try repository.git("merge", "--quiet", "--no-ff", "--no-edit", "f-C")
    try repository.merged()
    #expect(repository.loggedIDs().count == merged.count)

    // Old nodes and a new one, on the target branch and in lanes, one of which is new.
    let places = [repository.path] + lanes + [try repository.startWork(on: "D")]
    for place in places.shuffled(using: &generator) {
      for node in (nodes + ["WP09"]).shuffled(using: &generator) {
        let later = try record(repository, node, in: place)
        #expect(merged.allSatisfy { $0.precedes(later) }, "\(node) in \(place), seed \(seed)")
      }
    }
  }

  @Test func `a clone that merged goes on after what it merged`() throws {
    let repository = try TestRepository()
    try repository.plan()
    try repository.workPackage("WP01", events: 4)
    try repository.git("merge", "--quiet", "--no-ff", "--no-edit", "f-WP01")
    let clone = repository.folder.path + "/clone"
    try repository.git("clone", "--quiet", repository.path, clone)
    try repository.git("config", "user.name", "Another Person", in: clone)
    try repository.git("config", "user.email", "another@example.com", in: clone)
    try repository.git(
      "fetch", "--quiet", "origin", "refs/notes/kitty-telemetry:refs/notes/kitty-telemetry", in: clone)
    try repository.merged(in: clone)
    for (node, clock) in [("WP02", 5), ("WP01", 5), ("WP02", 6)] {
      let emitted = try repository.emitted("--feature", "f", "--wp-id", node, in: clone)
      #expect(emitted["lamport_clock"] == .integer(clock))
    }
  }
}
