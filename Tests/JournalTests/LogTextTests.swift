import Events
import Foundation
import Journal
import SystemPackage
import TestSupport
import Testing

/// Large logs are not written line by line; that must not show.
struct `Large logs` {
  private let files: Files
  private let log: LogFile

  init() throws {
    files = try Files()
    log = LogFile(in: files.folder)
  }

  /// The line of an event with an id, a clock and a payload of its own.
  private func large(_ number: Int, clock: Int, bytes: Int = 400) -> String {
    let id = "01KHJVJWDM0HGAGYGX" + String(format: "%08d", number)
    let payload = "{\"a\": \"\(String(repeating: "x", count: bytes))\"}"
    return #"{"aggregate_id": "043-x", "event_id": "\#(id)", "event_type": "E", "lamport_clock": \#(clock), "#
      + #""node_id": "n", "payload": \#(payload), "timestamp": "2026-02-16T09:12:58+00:00"}"#
  }

  /// Two logs with a common beginning, then with lines that alternate, a conflict, and lines that are no events.
  private func logs(events count: Int) -> [[UInt8]] {
    let base = (0..<count).map { large($0, clock: $0) }
    let sides = (0..<2).map { side in
      (0..<count).map { large((side + 1) * count + $0, clock: count + $0 * 2 + side) } + ["? \(side)", "torn"]
        + [large(7, clock: 7, bytes: 10 + side)]
    }
    return sides.map { Array((base + $0).joined(separator: "\n").utf8) }
  }

  @Test(arguments: [1, 2]) func `are written to the byte, by one thread and by two`(threads: Int) throws {
    let storages = logs(events: 4000).map { LineBuffer($0) }
    let events = EventSet(storages, by: Splitting(isPlural: threads == 2))
    #expect(events.size > 4 << 20 && events.conflictCount == 2 && events.unreadableCount == 3)
    try log.replace(nil, by: events, with: Splitting(isPlural: threads == 2))
    #expect(try Data(contentsOf: URL(filePath: log.path.string)) == Data(events.bytes))
    let storage = try #require(try log.read()).storage
    let isWritten = events.isWritten(in: storage)
    #expect(isWritten)
  }

  @Test func `are written from more sources than are looked into at once`() throws {
    let whole = logs(events: 2000)[0]
    let lines = whole.split(separator: 0x0A)
    let storages = stride(from: 0, to: lines.count, by: 40).map { start in
      LineBuffer(lines: lines[start..<min(lines.count, start + 40)].map(Array.init))
    }
    let events = EventSet(storages)
    try log.replace(nil, by: events)
    #expect(storages.count > 64)
    #expect(try Data(contentsOf: URL(filePath: log.path.string)) == Data(EventSet(whole).bytes))
  }

  @Test func `are told from what is written already`() throws {
    let events = EventSet(logs(events: 50).map { LineBuffer($0) })
    let written = events.bytes
    #expect(events.isWritten(in: LineBuffer(written)))
    #expect(!events.isWritten(in: LineBuffer(written + [0x0A])))
    #expect(!events.isWritten(in: LineBuffer(written.dropLast())))
    for position in stride(from: 0, to: written.count, by: 37) {
      var changed = written
      changed[position] ^= 1
      #expect(!events.isWritten(in: LineBuffer(changed)))
    }
  }

  /// Real threads however little there is to do, or none.
  private struct Splitting: Workers {
    let isPlural: Bool

    func both<First: Sendable, Second: Sendable>(
      _ first: @escaping @Sendable () -> First, _ second: @escaping @Sendable () -> Second
    ) -> (First, Second) { Threads().both(first, second) }

    func share(_ bytes: Int) -> Bool { isPlural }
  }

  @Test func `little work is not shared`() {
    #expect(!Threads().share(1 << 20))
    let (first, second) = Threads().both({ "mine" }, { [1, 2, 3] })
    #expect(first == "mine" && second == [1, 2, 3])
  }
}
