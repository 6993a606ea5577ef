import Events
import TestSupport
import Testing

struct EventTests {
  private let id = EventID("01KHJVJWDM0HGAGYGXJYKD1JQG")

  private func event(_ invocation: Invocation) throws -> Event {
    Event(
      id: try #require(id), aggregateID: "043-x", lamportClock: LamportValue(3), nodeID: "cli:WP04",
      payload: invocation.payload, timestamp: try #require(Timestamp(microsecondsSince1970: 1_771_233_178_036_834)))
  }

  @Test func `an event is spelled as the reference spells it`() throws {
    let invocation = Invocation(
      wpID: "WP04", agent: "claude", role: .implementer, model: "é", inputTokens: 30_532_200, outputTokens: 178_560,
      costUSD: 15.6, durationMS: 17_880_000, success: false, error: "a/b\n", exitCode: -1)
    let before = #"{"aggregate_id": "043-x", "causation_id": null, "event_id": "01KHJVJWDM0HGAGYGXJYKD1JQG", "#
    let middle = #""event_type": "ExecutionEvent", "lamport_clock": 3, "node_id": "cli:WP04", "payload": "#
    let payload = #"{"agent": "claude", "cost_usd": 15.6, "duration_ms": 17880000, "error": "a/b\n", "exit_code": -1, "#
    let more = #""input_tokens": 30532200, "model": "\u00e9", "output_tokens": 178560, "role": "implementer", "#
    let after = #""success": false, "wp_id": "WP04"}, "timestamp": "2026-02-16T09:12:58.036834+00:00"}"#
    #expect(text(try event(invocation).line) == before + middle + payload + more + after)
  }

  @Test func `what is not known is null, and all eleven members are there`() throws {
    let payload = Invocation(wpID: "N/A", agent: "unknown", role: .reviewer).payload
    #expect(payload.count == 11)
    for key in ["model", "input_tokens", "output_tokens", "cost_usd", "error"] as [JSONString] {
      #expect(payload[key] == .null)
    }
    #expect(payload["success"] == .bool(true))
    #expect(payload["exit_code"] == .integer(0))
    #expect(payload["duration_ms"] == .integer(0))
  }

  @Test func `an event is read as it was written`() throws {
    var written = try event(Invocation(wpID: "WP04", agent: "x", role: .merger))
    #expect(Event(line: written.line) == written)
    written.causationID = EventID("0191f3c0-7a2b-7c3d-8e4f-0123456789ab")
    written.others["note"] = .array([.null, .float(0.5), .string("\u{0}")])
    written.lamportClock = LamportValue(.max)
    #expect(Event(line: written.line) == written)
    #expect(EventSet(written.line).count == 1)
  }

  @Test func `a missing payload is an empty one`() throws {
    let read = try #require(Event(line: Array(line().replacing(#", "payload": {}"#, with: "").utf8)))
    #expect(read.payload == JSONObject())
    #expect(text(read.line) == line())
  }
}

struct EventIDTests {
  @Test func `an id made from a time begins with it`() throws {
    var random = SeededGenerator(seed: 26)
    for milliseconds in [0, 1, 1_771_233_178_036, (1 << 48) - 1] as [UInt64] {
      let id = EventID.ulid(milliseconds: milliseconds, using: &random)
      let digits = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
      let time = id.description.prefix(10).reduce(0 as UInt64) { $0 * 32 + UInt64(digits.firstIndex(of: $1) ?? 99) }
      #expect(time == milliseconds)
      #expect(EventID(id.description) == id)
      #expect(EventID(id.description.lowercased()) == id)
    }
  }

  @Test func `ids made at one time differ, and later ones come later`() {
    var random = SeededGenerator(seed: 80)
    let ids = (0..<1000).map { _ in EventID.ulid(milliseconds: 5, using: &random) }
    #expect(Set(ids).count == 1000)
    #expect(ids.allSatisfy { $0 < EventID.ulid(milliseconds: 6, using: &random) })
  }

  @Test func `ids are ordered by the bytes of their spelling`() {
    var random = SeededGenerator(seed: 1)
    var ids = (0..<60).map { _ in EventID.ulid(milliseconds: UInt64.random(in: 0...3, using: &random), using: &random) }
    for _ in 0..<60 {
      let digits = (0..<32).map { _ in String(Int.random(in: 0..<16, using: &random), radix: 16) }.joined()
      // Twenty-six hexadecimal digits are a ULID of up to 130 bits, thirty-two are a UUID.
      for text in [digits, String(digits.prefix(26))] { if let id = EventID(text) { ids.append(id) } }
    }
    #expect(ids.count == 180)
    for left in ids {
      for right in ids {
        #expect((left < right) == left.ascii.lexicographicallyPrecedes(right.ascii))
        #expect((left == right) == (left.ascii == right.ascii))
      }
    }
  }

  @Test(arguments: [
    "", "01KHJVJWDM0HGAGYGXJYKD1JQ", "01KHJVJWDM0HGAGYGXJYKD1JQGG", "01KHJVJWDM0HGAGYGXJYKD1JQI",
    "01KHJVJWDM0HGAGYGXJYKD1JQL", "01KHJVJWDM0HGAGYGXJYKD1JQO", "01KHJVJWDM0HGAGYGXJYKD1JQU",
    "01KHJVJWDM0HGAGYGXJYKD1JQ\n", "0191f3c0-7a2b-7c3d-8e4f-0123456789ag", "0191f3c07-a2b-7c3d-8e4f-0123456789ab",
    "0191f3c07a2b7c3d8e4f0123456789a-", "0191f3c0-7a2b-7c3d-8e4f+0123456789ab", "01KHJVJWDM0HGAGYGXJYKD1J\u{E9}",
    "01KHJVJWDM0HGAGYGXJYKD1JQ{", "01KHJVJWDM0HGAGYGXJYKD1JQ[", "01KHJVJWDM0HGAGYGXJYKD1JQ@",
  ])
  func `what is no id is refused`(text: String) {
    #expect(EventID(text) == nil)
  }

  @Test func `a ULID and a UUID of the same bits are two ids`() throws {
    let bits = try #require(EventID("00000000000000000000000001"))
    let uuid = try #require(EventID("00000000000000000000000000000001"))
    #expect(bits != uuid)
    #expect(uuid.description == "00000000-0000-0000-0000-000000000001")
    let largest = try #require(EventID("zzzzzzzzzzzzzzzzzzzzzzzzzz"))
    #expect(largest.description == "ZZZZZZZZZZZZZZZZZZZZZZZZZZ")
    #expect(EventID("FZZZZZZZZZZZZZZZZZZZZZZZZZ") != largest)
  }
}
