import Events
import Foundation
import TestSupport
import Testing

/// Clock values are never given twice, whatever became of the files that hold them.
struct `Clock values` {
  private func clock(_ document: JSONObject) -> String? {
    document["lamport_clock"].map { text($0.canonicalText) }
  }

  @Test func `a poisoned log on the target takes no lane's clock back`() throws {
    let repository = try TestRepository()
    try repository.plan()
    let lane = try repository.startWork(on: "WP01")
    try repository.work(in: lane, "one.txt")
    for _ in 0..<3 { try repository.emitted(in: lane) }
    let poison =
      #"{"aggregate_id": "f", "event_id": "01KHJVJWDM0HGAGYGXJYKD1JQG", "event_type": "E", "node_id": "cli:WP01", "#
      + #""lamport_clock": 9223372036854775807, "timestamp": "2026-02-16T09:12:58Z"}"#
    try repository.write(repository.log(), poison + "\n")
    try repository.merged()
    #expect(clock(try repository.emitted(in: lane)) == "4")
  }

  @Test func `a lost clock is restored from the journal`() throws {
    let repository = try TestRepository()
    try repository.plan()
    let first = try repository.startWork(on: "WP01")
    for _ in 0..<3 { try repository.emitted(in: first) }
    try repository.write(".git/kitty-telemetry/clocks/f.json", "")
    let second = try repository.startWork(on: "WP02")
    #expect(clock(try repository.emitted("--wp-id", "WP01", in: second)) == "4")
    try repository.write(".git/kitty-telemetry/clocks/f.json", #"{"cli:WP01": 1}"#)
    #expect(clock(try repository.emitted("--wp-id", "WP01", in: first)) == "5")
  }

  @Test func `a fresh clone compares its clock with the whole log once`() throws {
    let repository = try TestRepository()
    try repository.plan()
    for _ in 0..<5 { try repository.emitted("--feature", "f", "--wp-id", "WP01") }
    for _ in 0..<60 { try repository.emitted("--feature", "f", "--wp-id", "WP02") }
    try repository.write(repository.clock(), #"{"cli:WP01": 1, "cli:WP02": 60}"#)
    try repository.run("rm", "-r", ".git/kitty-telemetry")
    #expect(clock(try repository.emitted("--feature", "f", "--wp-id", "WP01")) == "61")
  }

  @Test func `a last line that is longer than what is looked at hides nothing`() throws {
    let repository = try TestRepository()
    try repository.plan()
    try repository.emitted("--feature", "f", "--wp-id", "WP01")
    let event = Event(
      id: try #require(EventID("01KHJVJWDM0HGAGYGXJYKD1JQG")), aggregateID: "f", lamportClock: LamportValue(2),
      nodeID: "cli:WP01", payload: JSONObject([("error", .string(String(repeating: "x", count: 20_000)))]),
      timestamp: .epoch)
    try repository.write(
      repository.log(), (repository.lines(repository.log()) + [text(event.line)]).joined(separator: "\n") + "\n")
    #expect(clock(try repository.emitted("--feature", "f", "--wp-id", "WP01")) == "3")
  }

  @Test func `a clock goes on above the trusted values that led there`() throws {
    let repository = try TestRepository()
    try repository.plan()
    try repository.write(repository.clock(), #"{"cli:WP01": 1000000000000}"#)
    let values = try (0..<3).map { _ in clock(try repository.emitted("--feature", "f", "--wp-id", "WP01")) }
    #expect(values == ["1000000000001", "1000000000002", "1000000000003"])
  }
}
