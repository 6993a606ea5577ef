import Events
import TestSupport
import Testing

/// Events that are told by the shapes of their lines come to what parsing gives.
struct `A reader of events` {
  /// All that is known of an event, to be compared.
  private struct Facts: Equatable {
    var line: Range<Int>
    var id: EventID
    var clock: LamportValue
    var node: JSONString
    var values: [Range<Int>?]

    init(_ envelope: Envelope, _ members: PayloadMembers, in bytes: Span<UInt8>) {
      line = envelope.line
      id = envelope.id
      clock = envelope.lamportClock
      node = envelope.nodeID(in: bytes)
      values = [envelope.aggregateID, envelope.eventType, envelope.timestamp, envelope.payload]
      values += PayloadKey.allCases.map { members[$0] }
    }
  }

  private static func read(_ log: [UInt8]) -> [Facts] {
    var reader = EventReader()
    var position = 0
    var facts: [Facts] = []
    let bytes = log.span
    while reader.readNext(in: bytes, from: &position) {
      facts.append(Facts(reader.envelope, reader.members, in: bytes))
    }
    return facts
  }

  private static func parsed(_ log: [UInt8]) -> [Facts] {
    var facts: [Facts] = []
    let bytes = log.span
    LineScanner.forEachLine(in: bytes) { line in
      guard line.count <= LineScanner.maximumLength, let event = LineScanner.event(of: line, in: bytes) else { return }
      facts.append(Facts(event.0, event.1, in: bytes))
    }
    return facts
  }

  private static let usual =
    #"{"aggregate_id": "043-x", "causation_id": null, "event_id": "01KHJVJWDM0HGAGYGXJYKD0001", "#
    + #""event_type": "ExecutionEvent", "lamport_clock": 12, "node_id": "cli:WP01", "payload": {"agent": "claude", "#
    + #""cache_read_tokens": 1, "cost_source": "reported", "cost_usd": 0.25, "duration_ms": 123456789012, "#
    + #""error": "exit status 1", "deep": {"a name": {"another": {"and": {"the last": 1}}}}, "exit_code": 0, "#
    + #""input_tokens": 12345678, "model": "claude-sonnet-4.5", "output_tokens": 0, "role": "implementer", "#
    + #""success": true, "usage": {"a": [1, 2]}, "wp_id": "WP01", "#
    + #""x": [[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]}, "#
    + #""timestamp": "2026-02-16T09:12:58.036834+00:00"}"#

  @Test func `reads what parsing reads, of any log`() {
    expectLaw(1, seeds: 0..<300, lines: 10...60) { logs in
      // The second time, all shapes are known.
      let twice = logs[0] + [0x0A] + logs[0]
      return Self.read(twice) == Self.parsed(twice)
    }
  }

  @Test func `reads what parsing reads, whatever byte is wrong`() {
    let line = Array(Self.usual.utf8)
    let others = Array("\"\\}:, .0-aE\n".utf8) + [0x00, 0x80]
    for position in line.indices {
      for byte in others {
        var changed = line
        changed[position] = byte
        var longer = line
        longer.insert(byte, at: position)
        let log = Array([line, changed, line, longer, line].joined(separator: [0x0A]))
        #expect(Self.read(log) == Self.parsed(log), "\(byte) at \(position)")
      }
    }
  }

  @Test func `takes members with odd values as parsing does`() {
    let values = [
      "0", "-1", "1e3", "1.5", "12345678", "123456789", "01", "1.", "-", "null", "nul", "NaN", "Infinity", "{}", "[1]",
      #""""#, #""é""#, #""\u00e9""#, #""\ud800""#, #""\x""#, #""a\tb""#,
      #""a long name that fills more than one word""#,
    ]
    for member in [
      #""043-x""#, "12", #""cli:WP01""#, #""claude""#, "0.25", "12345678", #""implementer""#, "true", #""WP01""#,
      #""exit status 1""#, #""agent""#, #""wp_id""#,
    ] {
      for value in values {
        let changed = Self.usual.replacing(member, with: value, maxReplacements: 1)
        let log = Array([Self.usual, changed, changed, Self.usual].joined(separator: "\n").utf8)
        #expect(Self.read(log) == Self.parsed(log), "\(value) for \(member)")
      }
    }
  }

  @Test func `reads lines with words in any combination, more than it learns`() {
    let seed = UInt64.random(in: .min ... .max)
    var random = SeededGenerator(seed: seed)
    func pick(_ values: [String]) -> String { values[Int(random.next() >> 33) % values.count] }
    var log: [UInt8] = []
    for _ in 0..<4_000 {
      let cause = pick(["null", "null", "null", "7", #""x""#, #""01KHJVJWDM0HGAGYGXJYKD0002""#])
      let words = (0..<12).map { #""is_\#($0)": \#(pick(["true", "false", "null", "7"])), "# }
      let line = Self.usual.replacing(#""causation_id": null"#, with: #""causation_id": \#(cause)"#)
        .replacing(#""success": true"#, with: #""success": \#(pick(["true", "false", "null"]))"#)
        .replacing(#""usage": {"#, with: #""usage": {"# + words.joined())
      log += Array((line + "\n").utf8)
    }
    #expect(Self.read(log) == Self.parsed(log), "seed \(seed)")
  }

  @Test func `goes on with what it has learned from one text to the next`() {
    var reader = EventReader()
    for text in [Self.usual + "\n" + Self.usual, "\n", Self.usual, "<<<<<<< HEAD\n" + Self.usual + "\r\n"] {
      var count = 0
      var position = 0
      let bytes = Array(text.utf8)
      while reader.readNext(in: bytes.span, from: &position) {
        count += 1
        #expect(reader.members[.model].map { String(decoding: bytes[$0], as: UTF8.self) } == #""claude-sonnet-4.5""#)
      }
      #expect(count == text.split(separator: "\n").count { $0.hasPrefix("{") })
    }
  }
}
