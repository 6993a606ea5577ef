import Events
import Foundation
import Reports
import Testing

/// An event's line.
func line(
  _ number: Int, clock: Int? = nil, node: String = "cli:WP01", feature: String = "f", type: String = "ExecutionEvent",
  at time: String = "2026-02-16T09:12:58+00:00", payload: String = "{}"
) -> [UInt8] {
  let digits = String(number)
  let id = "01KHJVJWDM0HGAGYGX" + String(repeating: "0", count: 8 - digits.count) + digits
  return Array(
    (#"{"aggregate_id": "\#(feature)", "event_id": "\#(id)", "event_type": "\#(type)", "#
      + #""lamport_clock": \#(clock ?? number), "node_id": "\#(node)", "payload": \#(payload), "timestamp": "\#(time)"}"#)
      .utf8)
}

/// The report of lines, each of which is an event.
func report(
  _ lines: [[UInt8]], by grouping: [CostGrouping] = [.agent], prices: PriceTable = .builtIn,
  commits: EventCommits = EventCommits()
) -> CostReport {
  var report = CostReport(by: grouping, prices: prices, commits: commits)
  for line in lines {
    let bytes = line.span
    let event = LineScanner.event(of: bytes.indices, in: bytes)
    #expect(event != nil, "\(String(decoding: line, as: UTF8.self))")
    if let event { report.add(event.0, event.1, in: bytes, rank: 0) }
  }
  return report
}

/// The rows of a fixture, one JSON object a line.
func rows(_ name: String, file: String = #filePath) throws -> [JSONObject] {
  try fixture(name, file: file).split(separator: UInt8(ascii: "\n")).map { try #require(JSONValue(Array($0))?.object) }
}

/// The bytes of a fixture.
func fixture(_ name: String, file: String = #filePath) throws -> [UInt8] {
  [UInt8](try Data(contentsOf: URL(filePath: file).deletingLastPathComponent().appending(path: "Fixtures/\(name)")))
}
