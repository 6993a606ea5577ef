import Events
import Foundation
import KittyGitTelemetry
import SystemPackage
import TestSupport
import Testing

/// Several orchestrators that record through the library at once.
struct `Emission from several processes` {
  /// Runs eight processes that record fifty events each, and returns the events in the log.
  private func race(in folder: String, _ wpID: (Int) -> String) throws -> [Event] {
    let emitter = try builtProduct("Emitter")
    let racers = try (1...8).map { number in
      try ChildProcess.start(
        emitter, [folder, wpID(number), "50"], in: "/", environment: ["HOME": "/nonexistent", "PATH": "/usr/bin:/bin"])
    }
    for racer in racers {
      let result = try racer.wait()
      #expect(result.status == 0 && result.errorText.isEmpty, "\(result.errorText)")
    }
    let log = try Data(contentsOf: URL(filePath: folder + "/execution.events.jsonl"))
    #expect(log.count(where: { $0 == 0x0A }) == 400)
    return try EventStore(featureDirectory: FilePath(folder)).events()
  }

  /// Checks that every node counts from 1 to its number of events, and that the clock file says the same.
  private func expectGapless(_ events: [Event], in folder: String) throws {
    #expect(events.count == 400)
    var clocks = ClockTable()
    for (node, events) in Dictionary(grouping: events, by: \.nodeID) {
      #expect(events.map(\.lamportClock) == (1...UInt64(events.count)).map { LamportValue($0) }, "\(node)")
      clocks.raise(node, to: LamportValue(UInt64(events.count)))
    }
    let file = Array(try Data(contentsOf: URL(filePath: folder + "/.telemetry-clock.json")))
    #expect(file == clocks.bytes)
  }

  @Test(arguments: [true, false])
  func `no event is lost and no clock value is given twice`(sameNode: Bool) throws {
    let repository = try TestRepository()
    try repository.commit("Begin")
    let folder = repository.path + "/kitty-specs/f"
    let events = try race(in: folder) { sameNode ? "WP01" : "WP0\($0)" }
    try expectGapless(events, in: folder)
  }

  @Test func `outside of a repository the same holds`() throws {
    let scratch = try ScratchDirectory()
    let folder = scratch.path + "/f"
    try expectGapless(try race(in: folder) { _ in "WP01" }, in: folder)
  }
}
