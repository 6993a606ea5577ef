import Events
import Foundation
import TestSupport
import Testing

/// What becomes of the clock when other programs, crashes and merges had their way with it.
struct `A clock` {
  /// A repository whose log has the clocks 1 to 5 of WP01 and 1 to 2 of WP02; `fresh` has not recorded any of them.
  private func prepared(fresh: Bool) throws -> TestRepository {
    let repository = try TestRepository()
    try repository.commit("one")
    for wpID in ["WP01", "WP01", "WP01", "WP02", "WP02", "WP01", "WP01"] {
      try repository.emitted("--feature", "f", "--wp-id", wpID)
    }
    if fresh { try repository.run("rm", "-r", ".git/kitty-telemetry") }
    return repository
  }

  private func next(_ repository: TestRepository, _ wpID: String = "WP01") throws -> JSONValue? {
    try repository.emitted("--feature", "f", "--wp-id", wpID)["lamport_clock"]
  }

  /// Records once more on both work packages, and checks that no value in the log is given twice.
  private func checkNext(_ repository: TestRepository) throws {
    let highest = events(repository.lines(repository.log())).map(\.lamportClock).max()
    #expect(try next(repository) == .integer(6))
    _ = try next(repository, "WP02")
    _ = try next(repository, "WP03")
    let logged = events(repository.lines(repository.log()))
    #expect(Set(logged.map { "\($0.nodeID) \($0.lamportClock)" }).count == logged.count)
    // A clock that was rebuilt goes on from the log's highest value, for every node, and from no other.
    let next = LamportValue((highest?.saturated ?? 0) + 1)
    for event in logged.suffix(2) { #expect(event.lamportClock <= next) }
    let view = ClockTable.read(try repository.read(repository.clock()))
    #expect(view.isWhole)
    for event in logged.suffix(3) { #expect(view.table[event.nodeID] == event.lamportClock) }
  }

  private static let contents = [
    "", "{", #"{"cli:WP01": 5, "cli:"#, "null", "[]", "{}", #"{"cli:WP02": 2}"#, #"{"cli:WP01": 1, "cli:WP02": 1}"#,
    "<<<<<<< HEAD\n{\"cli:WP01\": 2}\n=======\n{\"cli:WP01\": 4, \"cli:WP02\": 1}\n>>>>>>> other\n", "\u{0}\u{0}",
    #"{"cli:WP01": "five"}"#, #"{"cli:WP01": null, "cli:WP02": -7}"#,
  ]

  @Test(arguments: contents, [true, false])
  func `that is broken or behind gives no value twice`(content: String, fresh: Bool) throws {
    let repository = try prepared(fresh: fresh)
    try repository.write(repository.clock(), content)
    try checkNext(repository)
  }

  @Test(arguments: [true, false]) func `that is gone gives no value twice`(fresh: Bool) throws {
    let repository = try prepared(fresh: fresh)
    try repository.run("rm", repository.clock())
    try checkNext(repository)
  }

  @Test(arguments: [true, false])
  func `goes above the events that another program appended`(fresh: Bool) throws {
    let repository = try prepared(fresh: fresh)
    var event = try #require(events(repository.lines(repository.log())).last)
    event.id = try #require(EventID("01KHJVJWDM0HGAGYGXJYKD1JQG"))
    event.lamportClock = LamportValue(9)
    let log = try text(repository.read(repository.log()))
    try repository.write(repository.log(), log + text(event.line) + "\n")
    #expect(try next(repository) == .integer(10))
    #expect(try next(repository) == .integer(11))
  }

  @Test(arguments: [true, false])
  func `goes above foreign events that lie far from the log's end`(fresh: Bool) throws {
    let repository = try prepared(fresh: fresh)
    var event = try #require(events(repository.lines(repository.log())).last)
    var log = try text(repository.read(repository.log()))
    var generator = SeededGenerator(seed: 7)
    for number in (1...200).reversed() {
      event.id = .ulid(milliseconds: UInt64(number), using: &generator)
      event.lamportClock = LamportValue(UInt64(number))
      event.nodeID = number > 100 ? "cli:WP02" : "cli:WP07"
      log += text(event.line) + "\n"
    }
    try repository.write(repository.log(), log)
    #expect(try next(repository, "WP02") == .integer(201))
    #expect(try next(repository, "WP07") == .integer(201))
    #expect(try next(repository, "WP02") == .integer(202))
  }

  @Test func `that a checkout took back gives no value twice`() throws {
    let repository = try prepared(fresh: false)
    try repository.run("rm", "-r", "kitty-specs")
    #expect(try next(repository) == .integer(6))
    #expect(try next(repository, "WP02") == .integer(3))
    #expect(try text(repository.read(repository.clock())) == #"{"cli:WP01": 6, "cli:WP02": 3}"#)
  }

  @Test(arguments: ["9223372036854775807", "18446744073709551615", "99999999999999999999999", "1000000000001"])
  func `that was poisoned goes on, keeps the value and says so`(value: String) throws {
    let repository = try prepared(fresh: false)
    try repository.write(repository.clock(), #"{"cli:WP01": \#(value), "cli:WP02": 2}"#)
    for expected in 6...8 {
      let result = try repository.emit("--feature", "f", "--wp-id", "WP01", "--json")
      #expect(result.status == 0 && result.complaints.count == 1, "\(result.errorText)")
      #expect(result.errorText.hasPrefix("note: a clock value above") && result.errorText.contains("was passed over"))
      #expect(result.document?["lamport_clock"] == .integer(expected))
    }
    let view = ClockTable.read(try repository.read(repository.clock())).table
    #expect(view["cli:WP01"]?.description == value)
    #expect(Set(events(repository.lines(repository.log())).map { "\($0.nodeID) \($0.lamportClock)" }).count == 10)
  }

  @Test func `whose log was poisoned goes on as well`() throws {
    let repository = try prepared(fresh: true)
    var event = try #require(events(repository.lines(repository.log())).last)
    event.id = try #require(EventID("01KHJVJWDM0HGAGYGXJYKD1JQG"))
    event.lamportClock = LamportValue(UInt64(Int64.max))
    let log = try text(repository.read(repository.log()))
    try repository.write(repository.log(), log + text(event.line) + "\n")
    for expected in 6...7 {
      let result = try repository.emit("--feature", "f", "--wp-id", "WP01", "--json")
      #expect(result.status == 0)
      #expect(result.document?["lamport_clock"] == .integer(expected))
    }
  }
}
