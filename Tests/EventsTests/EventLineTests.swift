import Events
import TestSupport
import Testing

extension EventLine {
  /// The numbers of the run; `nil` when one of them takes a closer look.
  fileprivate func figures(in bytes: Span<UInt8>) -> RunFigures? {
    var line = self
    var figures = RunFigures()
    return line.read(&figures, in: bytes) ? figures : nil
  }
}

/// What a reader tells of an event's line is the same whether the line was told by its shape or parsed.
struct `An event's line` {
  private struct Facts: Equatable {
    var range: Range<Int>
    var id: EventID
    var clock: LamportValue
    var node: JSONString
    var feature: JSONString
    var values: [Range<Int>?]
    var figures: [Int64?]?

    init(_ line: EventLine, in bytes: Span<UInt8>) {
      range = line.range
      id = line.id
      clock = line.clock(in: bytes)
      node = line.nodeID(in: bytes)
      feature = line.feature(in: bytes)
      values = [line.aggregateID, line.eventType, line.nodeSpelling, line.timestamp]
      values += PayloadKey.allCases.map { line[$0] }
      figures = line.figures(in: bytes).map { [$0.input, $0.output, $0.cacheRead, $0.cacheWrite, $0.cost] }
    }
  }

  private static func line(payload: String) -> String {
    #"{"aggregate_id": "043-x", "event_id": "01KHJVJWDM0HGAGYGXJYKD0001", "event_type": "E", "lamport_clock": 12, "#
      + #""node_id": "cli:WP01", "payload": {\#(payload)}, "timestamp": "2026-02-16T09:12:58.036834+00:00"}"#
  }

  /// The figures of two equal lines, of which the first one is parsed and the second one told by its shape.
  private static func figures(of payload: String) -> [RunFigures?] {
    let bytes = Array("\(line(payload: payload))\n\(line(payload: payload))\n".utf8)
    var reader = EventReader()
    var position = 0
    var figures: [RunFigures?] = []
    while reader.readNext(in: bytes.span, from: &position) { figures.append(reader.line.figures(in: bytes.span)) }
    return figures
  }

  @Test func `is told by its shape as it is parsed, in any log`() {
    expectLaw(1, seeds: 0..<300, lines: 10...60) { logs in
      let log = logs[0] + [0x0A] + logs[0] + [0x0A]
      let bytes = log.span
      var (read, parsed): ([Facts], [Facts]) = ([], [])
      var reader = EventReader()
      var position = 0
      while reader.readNext(in: bytes, from: &position) { read.append(Facts(reader.line, in: bytes)) }
      LineScanner.forEachLine(in: bytes) { line in
        guard line.count <= LineScanner.maximumLength, let event = LineScanner.event(of: line, in: bytes) else {
          return
        }
        parsed.append(Facts(EventLine(event.0, event.1), in: bytes))
        #expect(parsed.last?.node == event.0.nodeID(in: bytes) && parsed.last?.clock == event.0.lamportClock)
      }
      return read == parsed
    }
  }

  @Test func `is told by its shape as it is parsed, however long it is and whatever is behind it`() {
    for members in 0..<80 {
      let payload = (0..<members).map { #""member\#($0)": "\#(String(repeating: "x", count: $0 % 50))""# }
      let text = Self.line(payload: (payload + [#""cost_usd": 1.5, "wp_id": "WP01""#]).joined(separator: ", "))
      for behind in [0, 1, 95, 96, 97, 500, 1000] {
        let bytes = Array("\(text)\n\(text)\n\(String(repeating: " ", count: behind))".utf8)
        var reader = EventReader()
        var position = 0
        var read: [Facts] = []
        while reader.readNext(in: bytes.span, from: &position) { read.append(Facts(reader.line, in: bytes.span)) }
        var parsed: [Facts] = []
        LineScanner.forEachLine(in: bytes.span) { line in
          guard let event = LineScanner.event(of: line, in: bytes.span) else { return }
          parsed.append(Facts(EventLine(event.0, event.1), in: bytes.span))
        }
        #expect(read == parsed && read.count == 2, "\(members) members, \(behind) bytes behind them")
      }
    }
  }

  @Test func `gives the numbers of a run`() {
    let figures = Self.figures(
      of: #""cache_write_tokens": 7, "cost_source": "reported", "cost_usd": 1.25, "input_tokens": 123456789012, "#
        + #""output_tokens": null"#)
    #expect(figures.count == 2)
    for figures in figures {
      #expect(figures?.cost == 1_250_000 && figures?.input == 123_456_789_012 && figures?.cacheWrite == 7)
      #expect(figures?.output == 0 && figures?.cacheRead == 0 && figures?.hasUsage == true)
    }
    #expect(Self.figures(of: #""cost_usd": 3"#).allSatisfy { $0?.hasUsage == false })
    for key in ["input", "output", "cache_read", "cache_write"] {
      #expect(Self.figures(of: #""cost_usd": 3, "\#(key)_tokens": 0"#).allSatisfy { $0?.hasUsage == true }, "\(key)")
    }
  }

  @Test func `gives a cost to the millionth, wherever its point is`() {
    for (text, millionths) in [
      ("0.0", 0), ("0.5", 500_000), ("0.000001", 1), ("7.1234567", nil), ("9.999999", 9_999_999), ("1.1", 1_100_000),
      ("42.12341", 42_123_410), ("10.05", 10_050_000), ("99.999999", 99_999_999), ("12.1234567", nil),
      ("100.5", 100_500_000), ("8", 8_000_000), ("88", 88_000_000), ("1.5e1", nil),
      ("12345678.901234", 12_345_678_901_234),
    ] as [(String, Int64?)] {
      #expect(Self.figures(of: #""cost_usd": \#(text)"#).map { $0?.cost } == [millionths, millionths], "\(text)")
    }
  }

  @Test(arguments: [
    #""input_tokens": 5"#, #""cost_usd": null"#, #""cost_usd": "1""#, #""cost_usd": 1e-3"#, #""cost_usd": 0.0000001"#,
    #""cost_usd": 1, "input_tokens": 1.0"#, #""cost_usd": 1, "output_tokens": -1"#,
    #""cost_usd": 1, "cache_read_tokens": true"#, #""cost_usd": 1, "cache_write_tokens": 1234567890123456789"#,
    #""cost_usd": 1, "input_tokens": {}"#,
  ])
  func `gives no figures where a number takes a closer look`(payload: String) {
    let figures = Self.figures(of: payload)
    #expect(figures.count == 2 && figures.allSatisfy { $0 == nil })
  }
}
