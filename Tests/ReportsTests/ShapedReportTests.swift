import Events
import Reports
import TestSupport
import Testing

/// Sums and filters over lines whose shapes are known, against those over lines that were parsed.
struct `A report of lines that are told by their shapes` {
  private struct Generator {
    var random: SeededGenerator

    mutating func pick(_ values: [String]) -> String { values.randomElement(using: &random) ?? "" }

    mutating func line() -> [UInt8] {
      let names = [
        #""claude""#, #""codex""#, #""cod\u0065x""#, "null", "7", #""a name that is longer than thirty-two bytes""#,
        #""é""#,
        #""WP01""#, #""WP02""#, #""\ud800""#, #""estimated""#, #""e\u0073timated""#, #""claude-sonnet-4-20250514""#,
      ]
      let numbers = [
        "0", "7", "0.1", "12.345678", "12345678.9", "1.0000005", "123456789012345678901", "-3", "1e-7", "null", "true",
        #""1""#, "999999999999.999999", "NaN", "0.000001", "100000000",
      ]
      let times = [
        #""2026-02-16T09:12:58.036834+00:00""#, #""2026-02-29""#, #""2026-02-17T00:30:00+01:00""#, "1771200000",
        #""2026-02-16T23:59:59.999999+00:00""#,
      ]
      let payload =
        #"{"agent": \#(pick(names)), "cache_read_tokens": \#(pick(numbers)), "cost_source": \#(pick(names)), "#
        + #""cost_usd": \#(pick(numbers)), "input_tokens": \#(pick(numbers)), "model": \#(pick(names)), "#
        + #""output_tokens": \#(pick(numbers)), "role": \#(pick(names)), "success": \#(pick(["true", "false", "1", "2"])), "#
        + #""wp_id": \#(pick(names))}"#
      let id = "01KHJVJWDM0HGAGYGXJYKD1J0" + pick(["0", "1", "2", "3", "U"])
      let line =
        #"{"aggregate_id": \#(pick([#""f""#, #""g""#, "1"])), "causation_id": null, "event_id": "\#(id)", "#
        + #""event_type": \#(pick([#""ExecutionEvent""#, #""ReviewEvent""#, #""Execution\u0045vent""#])), "#
        + #""lamport_clock": \#(pick(["1", "2", "3", #""3""#, "18446744073709551616"])), "#
        + #""node_id": \#(pick([#""cli:WP01""#, #""é""#, #""cli\u003aWP02""#])), "payload": \#(payload), "#
        + #""timestamp": \#(pick(times))}"#
      var bytes = Array(line.utf8)
      // Now and then a byte is another one.
      if Int.random(in: 0..<8, using: &random) == 0 {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      return bytes
    }
  }

  private func forEachParsed(in bytes: Span<UInt8>, _ body: (Envelope, PayloadMembers) -> Void) {
    LineScanner.forEachLine(in: bytes) { line in
      if let event = LineScanner.event(of: line, in: bytes) { body(event.0, event.1) }
    }
  }

  private func forEachShaped(in bytes: Span<UInt8>, _ body: (Envelope, PayloadMembers) -> Void) {
    var reader = EventReader()
    var position = 0
    while reader.readNext(in: bytes, from: &position) { body(reader.envelope, reader.members) }
  }

  @Test(arguments: [[.agent], [.model, .day], [.feature], [.role, .wp], [.day], [.commit]] as [[CostGrouping]])
  func `has the rows of one of lines that were parsed`(grouping: [CostGrouping]) {
    var events = 0
    for seed in 0..<60 as Range<UInt64> {
      var generator = Generator(random: SeededGenerator(seed: seed))
      let lines = (0..<80).map { _ in generator.line() }
      let log = Array(lines.joined(separator: [0x0A]))
      let bytes = log.span
      var filter = EventFilter()
      filter.eventType = seed % 2 == 0 ? "ExecutionEvent" : nil
      filter.success = seed % 3 == 0 ? true : nil
      filter.agent = seed % 5 == 0 ? "codex" : nil
      let matcher = filter.matcher
      var (parsed, shaped) = (
        CostReport(by: grouping, prices: .builtIn), CostReport(by: grouping, prices: .builtIn)
      )
      forEachParsed(in: bytes) { envelope, members in
        guard matcher.matches(envelope, members, in: bytes) else { return }
        parsed.add(envelope, members, in: bytes, rank: 0)
      }
      forEachShaped(in: bytes) { envelope, members in
        guard matcher.matches(envelope, members, in: bytes) else { return }
        shaped.add(envelope, members, in: bytes, rank: 0)
      }
      var inPlace = CostReport(by: grouping, prices: .builtIn)
      var (reader, search) = (EventReader(), RepeatSearch(size: bytes.count))
      inPlace.add(eventsOf: bytes, readBy: &reader, passing: matcher, rank: 0, &search)
      events += parsed.total.events
      #expect(parsed.rows.map(\.keys) == shaped.rows.map(\.keys), "seed \(seed)")
      #expect(parsed.rows.map(\.sums) == shaped.rows.map(\.sums), "seed \(seed)")
      #expect(parsed.modelsWithoutPrice == shaped.modelsWithoutPrice, "seed \(seed)")
      #expect(parsed.rows.map(\.keys) == inPlace.rows.map(\.keys), "seed \(seed)")
      #expect(parsed.rows.map(\.sums) == inPlace.rows.map(\.sums), "seed \(seed)")
      // Of all events the ids are taken in, and there are but a few of these.
      #expect(!search.found().isEmpty, "seed \(seed)")
    }
    #expect(events > 600)
  }

  @Test func `gives amounts that nobody can mean, too`() {
    for digits in 1...30 {
      let text = String(repeating: "9", count: digits)
      let sums = report([line(1, payload: #"{"cost_usd": \#(text), "input_tokens": \#(text)}"#)]).total
      #expect(sums.reported == Double(text).flatMap { MicroDollars(dollars: $0) }, "\(text)")
    }
  }

  @Test func `gives the amounts that Python would round to, however they are spelled`() {
    var random = SeededGenerator(seed: 9)
    for _ in 0..<3000 {
      let whole = UInt32.random(in: 0...UInt32.max, using: &random) >> UInt32.random(in: 6..<32, using: &random)
      let digits = String(Int.random(in: 1_000_000...9_999_999, using: &random))
      let decimals = digits.dropFirst(Int.random(in: 1...7, using: &random))
      let text = decimals.isEmpty ? "\(whole)" : "\(whole).\(decimals)"
      let sums = report([line(1, payload: #"{"cost_usd": \#(text)}"#)]).total
      #expect(sums.reported == Double(text).flatMap { MicroDollars(dollars: $0) }, "\(text)")
    }
  }
}
