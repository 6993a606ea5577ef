import Foundation
import TestSupport
import Testing

/// What joining costs as a repository grows.
struct `The time of a join` {
  @Test func `grows as the number of events does`() throws {
    let small = try times(commits: 125)
    let large = try times(commits: 500)
    for (command, time) in large {
      let before = try #require(small[command])
      // Of four times as many events; what grew with the square would take sixteen times as long.
      #expect(time < before * 7, "\(command): \(before), then \(time)")
      #expect(time < .seconds(120), "\(command): \(time), even without optimisation and with a sanitizer")
    }
  }

  /// The processor time of each command in a repository with so many commits, each with twenty events.
  private func times(commits: Int) throws -> [String: Duration] {
    let repository = try TestRepository()
    let count = try repository.grow(commits: commits, lane: 20, eventsOfCommit: 20)
    let extent = "\(count / 1000),\(String(count % 1000 + 1000).dropFirst()) events"
    var times: [String: Duration] = [:]
    times["merge"] = try repository.time("merge", printing: "f: \(extent)")
    try repository.git("update-ref", "-d", "refs/notes/kitty-telemetry")
    times["repair"] = try repository.time("repair", printing: "f: \(extent)")
    times["verify"] = try repository.time("verify", printing: "content: \(extent) of 1 feature\n")
    return times
  }
}

/// What it costs to ask for the events of the last commit.
struct `The time of a range` {
  @Test(arguments: [20, 5000])
  func `grows as the number of events does`(eventsOfCommit: Int) throws {
    func time(events: Int) throws -> Duration {
      let repository = try TestRepository()
      _ = try repository.grow(commits: events / eventsOfCommit, lane: 20, eventsOfCommit: eventsOfCommit)
      return try repository.time("cost", "HEAD~1..HEAD", printing: "Total")
    }
    let (small, large) = (try time(events: 5_000), try time(events: 20_000))
    #expect(large < small * 7, "\(small), then \(large)")
  }
}
