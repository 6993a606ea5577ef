import Events
import KittyGitTelemetry
import Reports
import SystemPackage
import TestSupport
import Testing

/// Events out of many logs: each once, in order, and summed up.
struct `Logs that are reported on` {
  /// Lines of few ids, nodes and clocks, so that they meet, and junk between them.
  private struct Generator {
    var random: SeededGenerator

    mutating func log() -> [[UInt8]] {
      let unordered = (0..<Int.random(in: 0...12, using: &random)).map { _ in line() }
      var lines = unordered
      // Half of the logs are in order, as merged ones are.
      if Bool.random(using: &random) {
        lines = []
        EventSet([LineBuffer(lines: unordered)]).forEachEvent { _, line in
          lines.append([UInt8](copying: line, in: line.indices))
        }
      }
      return lines
    }

    private mutating func line() -> [UInt8] {
      guard Int.random(in: 0..<9, using: &random) > 0 else {
        let junk = ["{", "<<<<<<< HEAD", "[1]", "é", "{\"conflict\": {}}"].randomElement(using: &random) ?? ""
        return Array(junk.utf8)
      }
      let id = ["01KHJVJWDM0HGAGYGXJYKD1J0", "01khjvjwdm0hgagygxjykd1j0"].randomElement(using: &random) ?? ""
      let digit = "0123456789ABCDEF".randomElement(using: &random) ?? "0"
      let clock =
        ["1", "2", "2", "3", "\"3\"", "18446744073709551615", "18446744073709551616", "99999999999999999999"]
        .randomElement(using: &random) ?? ""
      let node = ["cli:WP01", "cli:WP02", #"cli\u003aWP02"#, "é"].randomElement(using: &random) ?? ""
      let payload =
        [#"{"cost_usd": 0.1}"#, #"{"cost_usd": 1e-1}"#, #"{"cost_usd": 7, "agent": "a"}"#, "{}"]
        .randomElement(using: &random) ?? ""
      return Array(
        (#"{"aggregate_id": "f", "event_id": "\#(id)\#(digit)", "event_type": "ExecutionEvent", "lamport_clock": \#(clock), "#
          + #""node_id": "\#(node)", "payload": \#(payload), "timestamp": "2026-02-16T09:12:58+00:00"}"#).utf8)
    }
  }

  @Test func `events are those of the join, in its order, however they are spread over logs`() throws {
    try isolateGit()
    let repository = try TestRepository()
    for seed in 0..<50 as Range<UInt64> {
      var generator = Generator(random: SeededGenerator(seed: seed))
      let logs = (0..<4).map { _ in generator.log() }
      for (number, log) in logs.enumerated() {
        let text = String(decoding: Array(log.joined(separator: [0x0A])), as: UTF8.self)
        try repository.write("kitty-specs/f\(number)/execution.events.jsonl", text)
      }
      let opened = try Reader(directory: FilePath(repository.path)).logs(of: nil)
      let joined = EventSet(logs.map(LineBuffer.init(lines:)))
      var expected: [[UInt8]] = []
      joined.forEachEvent { _, line in expected.append([UInt8](copying: line, in: line.indices)) }
      var shown: [[UInt8]] = []
      try opened.forEachEvent(of: EventFilter()) { envelope, line in
        shown.append([UInt8](copying: line, in: envelope.line))
        return true
      }
      #expect(shown == expected, "seed \(seed)")
      var reversed: [[UInt8]] = []
      try opened.forEachEvent(of: EventFilter(), reversed: true) { envelope, line in
        reversed.append([UInt8](copying: line, in: envelope.line))
        return reversed.count < 3
      }
      #expect(reversed == Array(expected.reversed().prefix(3)), "seed \(seed)")
      let (whole, _) = try opened.costs(of: EventFilter(), by: [.agent], prices: .builtIn, commits: EventCommits())
      let alone = Reader.events(in: Array(expected.joined(separator: [0x0A])))
      let (once, _) = try alone.costs(of: EventFilter(), by: [.agent], prices: .builtIn, commits: EventCommits())
      #expect(whole.total == once.total, "seed \(seed)")
      #expect(whole.rows.map(\.keys) == once.rows.map(\.keys), "seed \(seed)")
    }
  }
}
