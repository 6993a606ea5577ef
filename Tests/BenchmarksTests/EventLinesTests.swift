import Foundation
import Testing

@testable import Benchmarks

/// The data that is measured with.
struct `Event lines` {
  private func lines(_ count: Int, seed: UInt64 = 7, _ shapes: [EventLines.Shape] = [.plain]) -> [String] {
    var generator = EventLines(seed: seed, shapes: shapes)
    return (0..<count).map { _ in generator.next() }
  }

  private func object(_ line: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
  }

  @Test func `are about 479 bytes long, as the reference's are`() {
    let lines = lines(10_000)
    let mean = Double(lines.reduce(0) { $0 + $1.utf8.count }) / 10_000
    #expect((470...488).contains(mean), "\(mean)")
  }

  @Test func `are determined by their seed`() {
    #expect(lines(100) == lines(100))
    #expect(lines(100) != lines(100, seed: 8))
  }

  @Test(arguments: EventLines.Shape.allCases)
  func `are JSON with the keys in order, and one clock for each of 16 nodes`(shape: EventLines.Shape) throws {
    var clocks: [String: Int] = [:]
    var ids: Set<String> = []
    for line in lines(2_000, [shape]) {
      let event = try object(line)
      let node = try #require(event["node_id"] as? String)
      let clock = try #require(event["lamport_clock"] as? Int)
      #expect(clock == clocks[node, default: 0] + 1)
      clocks[node] = clock
      ids.insert(try #require(event["event_id"] as? String))
      let keys = line.matches(of: #/"([a-z_]+)": /#).map { String($0.output.1) }.filter { event[$0] != nil }
      #expect(keys == keys.sorted())
      #expect(line.hasSuffix("}\n"))
    }
    #expect(clocks.count == EventLines.nodes)
    #expect(ids.count == 2_000)
  }

  @Test func `take their shapes in turn`() throws {
    let types = try lines(6, EventLines.Shape.allCases).map { try object($0)["event_type"] as? String }
    #expect(
      types == ["ExecutionEvent", "ExecutionEvent", "ReviewEvent", "ExecutionEvent", "ExecutionEvent", "ReviewEvent"])
  }

  @Test func `of two branches go on with the same clocks and other ids`() throws {
    var base = EventLines(seed: 7)
    for _ in 0..<50 { _ = base.next() }
    var (ours, theirs) = (base.branched(seed: 8), base.branched(seed: 9))
    let (first, second) = ((0..<50).map { _ in ours.next() }, (0..<50).map { _ in theirs.next() })
    let ids = try Set((first + second).map { try object($0)["event_id"] as? String })
    #expect(ids.count == 100)
    let clocks = try first.map { try #require(try object($0)["lamport_clock"] as? Int) }
    #expect(clocks.reduce(0, max) > 4)
  }
}
