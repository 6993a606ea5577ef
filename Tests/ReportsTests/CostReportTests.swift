import Events
import Reports
import TestSupport
import Testing

/// Sums by group.
struct `A report of costs` {
  private func payload(_ members: String...) -> String { "{\(members.joined(separator: ", "))}" }

  private func names(_ report: CostReport) -> [String] {
    report.rows.map {
      $0.keys.map { $0.text ?? String(decoding: $0.canonicalText, as: UTF8.self) }.joined(separator: "/")
    }
  }

  @Test func `reported and estimated costs are kept apart, and what is unknown is counted`() throws {
    let model = #""model": "claude-sonnet-4-20250514""#
    let tokens = #""input_tokens": 1000, "output_tokens": 500"#
    let report = report([
      line(1, payload: payload(#""cost_usd": 0.5"#, model, tokens)),
      line(2, payload: payload(#""cost_usd": null"#, model, tokens)),
      line(3, payload: payload(#""cost_usd": 0.25"#, #""cost_source": "estimated""#, model)),
      line(4, payload: payload(#""cost_usd": 0.0"#, model)),
      line(5, payload: payload(model)),
      line(6, payload: payload(#""model": "?""#, tokens)),
      line(7, payload: payload(tokens)),
      line(8, payload: payload(#""cost_usd": "1""#, #""input_tokens": "2""#)),
    ])
    let sums = report.total
    #expect(sums.reported.dollars == 0.5 && sums.estimated.dollars == 0.2605 && sums.cost.dollars == 0.7605)
    #expect(sums.events == 8 && sums.eventsWithoutUsage == 4 && sums.eventsWithoutCost == 4)
    #expect(sums.inputTokens == 4000 && sums.outputTokens == 2000)
    #expect(report.modelsWithoutPrice == ["?"])
  }

  @Test func `numbers are what Python would add up`() {
    let sums = report([
      line(1, payload: #"{"input_tokens": true, "cost_usd": true}"#),
      line(2, payload: #"{"input_tokens": 2.0, "output_tokens": -3, "cost_usd": -0.5}"#),
      line(3, payload: #"{"input_tokens": 9223372036854775807, "cost_usd": 1e-7}"#),
      line(4, payload: #"{"input_tokens": 9223372036854775808, "cost_usd": 123456789012.123456789}"#),
      line(5, payload: #"{"input_tokens": null, "output_tokens": NaN, "cost_usd": NaN}"#),
    ]).total
    #expect(sums.inputTokens == 18_446_744_073_709_551_618 && sums.outputTokens == -3)
    #expect(sums.cost.text(decimals: 6) == "123456789012.623459" && sums.eventsWithoutCost == 1)
  }

  @Test func `groups are ordered by cost, and those of equal cost as their first events are`() {
    func event(_ number: Int, clock: Int, _ agent: String, _ cost: String) -> [UInt8] {
      line(number, clock: clock, payload: #"{"agent": \#(agent), "cost_usd": \#(cost)}"#)
    }
    let lines = [
      event(1, clock: 9, #""late""#, "0"), event(2, clock: 2, #""dear""#, "0.1"), event(3, clock: 3, #""dear""#, "0.2"),
      event(4, clock: 1, #""early""#, "0"), event(5, clock: 4, "null", "0.3"), event(6, clock: 8, #""late""#, "0"),
      line(7, clock: 7),
    ]
    // 0.1 and 0.2 are 0.3: sums of whole numbers tie where binary fractions would not.
    #expect(names(report(lines)) == ["dear", "null", "early", "unknown", "late"])
    #expect(names(report(lines.reversed())) == ["dear", "null", "early", "unknown", "late"])
  }

  @Test func `days stand in their order, and the first of two groupings keeps its groups together`() {
    func event(_ number: Int, _ time: String, _ wp: String, _ cost: String) -> [UInt8] {
      line(number, at: time, payload: #"{"wp_id": "\#(wp)", "cost_usd": \#(cost)}"#)
    }
    let lines = [
      event(1, "2026-02-17T00:30:00+01:00", "b", "1"), event(2, "2026-02-16T09:00:00Z", "a", "2"),
      event(3, "2026-02-15", "a", "9"), event(4, "1771200000", "b", "5"),
      event(5, "2026-02-16T23:59:59.999999+00:00", "b", "4"),
    ]
    #expect(names(report(lines, by: [.day])) == ["2026-02-15", "2026-02-16"])
    #expect(names(report(lines, by: [.wp, .day])) == ["a/2026-02-15", "a/2026-02-16", "b/2026-02-16"])
    #expect(names(report(lines, by: [.day, .wp])) == ["2026-02-15/a", "2026-02-16/b", "2026-02-16/a"])
    #expect(report(lines, by: [.day, .wp]).rows.map(\.sums.cost.dollars) == [9, 10, 2])
  }

  @Test func `events are grouped by the commits that carry them`() throws {
    var commits = EventCommits()
    let id = try #require(Event(line: line(1))?.id)
    commits.set("c1", of: id)
    let report = report([line(1), line(2)], by: [.commit], commits: commits)
    #expect(names(report) == ["c1", "null"] && commits.commit(of: id) == "c1")
  }

  @Test func `groups are told apart by values and not by spellings`() {
    let report = report(
      [
        line(1, feature: #"\u00e9"#), line(2, feature: "é"), line(3, feature: #"e\u0301"#),
      ], by: [.feature])
    #expect(report.rows.map(\.sums.events) == [2, 1])
  }

  @Test func `sums over any split of the events agree`() {
    let models = #"["gpt-4.1-nano", "gemini-2.5-flash", "?"]"#
    guard case .array(let names)? = JSONValue(Array(models.utf8)) else { return }
    for seed in 0..<60 as Range<UInt64> {
      var random = SeededGenerator(seed: seed)
      var lines = (0..<40).map { number in
        let cost = ["null", "0.1", "1e-7", "\(Double.random(in: 0...3, using: &random))"].randomElement(using: &random)
        let model = String(decoding: (names.randomElement(using: &random) ?? .null).canonicalText, as: UTF8.self)
        return line(
          number,
          payload:
            #"{"cost_usd": \#(cost ?? "1"), "model": \#(model), "wp_id": "\#(Int.random(in: 0...3, using: &random))", "#
            + #""input_tokens": \#(Int.random(in: 0...99_999, using: &random)), "output_tokens": 7}"#)
      }
      let whole = report(lines, by: [.wp, .model])
      lines.shuffle(using: &random)
      let cut = Int.random(in: 0...lines.count, using: &random)
      let parts = [report(Array(lines[..<cut]), by: [.agent]), report(Array(lines[cut...]), by: [.day, .role])]
      #expect(parts[0].total + parts[1].total == whole.total, "seed \(seed)")
      #expect(whole.rows.reduce(CostSums()) { $0 + $1.sums } == whole.total, "seed \(seed)")
    }
  }
}
