import Events
import Testing

/// Lines that need not be spelled again.
struct `Canonical lines` {
  private func isCanonical(_ line: [UInt8]) -> Bool {
    let bytes = line.span
    return CanonicalScanner.isCanonicalEvent(bytes.indices, in: bytes)
  }

  @Test func `a line is canonical if and only if spelling it again changes nothing`() {
    var (canonical, other) = (0, 0)
    expectLaw(1, seeds: 0..<2000) { logs in
      var holds = true
      let log = logs[0]
      let bytes = log.span
      LineScanner.forEachLine(in: bytes) { range in
        guard case .event = LineScanner.content(of: range, in: bytes) else { return }
        let line = [UInt8](copying: bytes, in: range)
        guard let event = Event(line: line) else { return }
        let isSame = event.line == line
        if isSame { canonical += 1 } else { other += 1 }
        if isCanonical(line) != isSame { holds = false }
      }
      return holds
    }
    #expect(canonical > 200 && other > 500)
  }

  @Test func `the payload of an event stands where its envelope says`() throws {
    let text =
      #"{"aggregate_id": "f", "event_id": "01KHJVJWDM0HGAGYGXJYKD1JQG", "event_type": "E", "lamport_clock": 1, "#
      + #""node_id": "n", "payload": {"agent": "a", "x": {"agent": "b"}, "agent": "c", "wp_id": null}, "#
      + #""p\u0061yload": {"model": "m", "\u0061gent": ["d"]}, "timestamp": "2026-02-16T09:12:58+00:00"}"#
    let line = Array(text.utf8)
    let bytes = line.span
    let read = LineScanner.event(of: bytes.indices, in: bytes)
    let (envelope, members) = try #require(read)
    func value(_ key: PayloadKey) -> JSONValue? { members[key].flatMap { JSONValue(bytes, in: $0) } }
    // Of two payloads the last one counts, and so it is with keys.
    #expect(value(.agent) == .array([.string("d")]) && value(.model) == .string("m") && value(.wpID) == nil)
    let payload = envelope.payload.flatMap { JSONValue(bytes, in: $0)?.object }
    let again = LineScanner.envelope(of: bytes.indices, in: bytes)?.payload
    #expect(payload?.count == 2 && again == envelope.payload)
  }

  @Test func `every key that a report may ask for is found under its name`() {
    for key in PayloadKey.allCases {
      let name = "\(key)".replacing("ID", with: "Id").replacing("USD", with: "Usd").reduce(into: "") {
        $0 += $1.isUppercase ? "_" + $1.lowercased() : String($1)
      }
      let text =
        #"{"aggregate_id": "f", "event_id": "01KHJVJWDM0HGAGYGXJYKD1JQG", "event_type": "E", "lamport_clock": 1, "#
        + #""node_id": "n", "payload": {"\#(name)": 17}, "timestamp": "2026-02-16"}"#
      let line = Array(text.utf8)
      let bytes = line.span
      let members = LineScanner.event(of: bytes.indices, in: bytes)?.1
      #expect(members?[key].map { $0.count } == 2, "\(name)")
      #expect(PayloadKey.allCases.count { members?[$0] != nil } == 1)
    }
  }
}
