import Events
import TestSupport
import Testing

/// What is read and sorted in a quicker way than line by line comes to the same.
struct `Fast ways of reading` {
  /// A line as this project writes it, with what tests vary.
  private static func usual(_ number: Int, clock: Int = 1, node: String = "cli:WP01") -> [UInt8] {
    let digits = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
    let id = "01KHJVJWDM0HGAGYGXJYKD" + String([15, 10, 5, 0].map { digits[number >> $0 & 31] })
    let payload =
      #"{"agent": "claude", "cost_usd": 0.25, "error": null, "exit_code": -1, "model": "m\n", "success": true}"#
    return Array(
      (#"{"aggregate_id": "043-x", "causation_id": "\#(id)", "event_id": "\#(id)", "event_type": "ExecutionEvent", "#
        + #""lamport_clock": \#(clock), "node_id": "\#(node)", "payload": \#(payload), "#
        + #""timestamp": "2026-02-16T09:12:58.036834+00:00", "x": [1, {"y": "z"}]}"#).utf8)
  }

  private static func log(_ lines: [[UInt8]]) -> [UInt8] { lines.flatMap { $0 + [0x0A] } }

  @Test func `a line whose shape is known is read as any line is, whatever is wrong with it`() {
    let (first, second) = (Self.usual(1), Self.usual(2))
    let others = Array("\"\\}{[]:,. 0179TZ-+aIiu\u{0}\t\r\n\u{7F}".utf8) + [0x80, 0xC3, 0xFF]
    for position in second.indices {
      for byte in others {
        var changed = second
        changed[position] = byte
        var longer = second
        longer.insert(byte, at: position)
        let log = Self.log([first, changed, Self.usual(3), longer])
        guard EventSet(log).bytes != NaiveEventSet([log]).bytes else { continue }
        Issue.record("\(String(decoding: changed, as: UTF8.self)), or with one more byte")
      }
    }
  }

  @Test func `a line that ends anywhere is read as any line is`() {
    let (first, second) = (Self.usual(1), Self.usual(2))
    for length in 0...second.count {
      for end in [[], [0x0A], [0x0D], [0x0D, 0x0A], [0x20, 0x0A], [0xC2, 0xA0, 0x0A]] as [[UInt8]] {
        let log = Self.log([first]) + second.prefix(length) + end
        #expect(EventSet(log).bytes == NaiveEventSet([log]).bytes, "\(length) bytes, ended by \(end)")
      }
    }
  }

  @Test func `values of every kind are read in a known shape`() {
    let values = [
      "0", "-0", "1.5e+3", "1e5", "01", "1.", "-", "true", "false", "null", "nul", "NaN", "-Infinity", "Infinity",
      #""""#, #""é""#, #""\u00e9""#, #""\ud800""#, #""\x""#, "{}", "[]", #""2026-02-29T00:00:00+00:00""#,
      #""2028-02-29T23:59:59.000000+00:00""#, #""2026-13-01T00:00:00.000001+00:00""#,
      #""0000-02-16T09:12:58.036834+00:00""#, #""2026-02-16T24:12:58.036834+00:00""#,
      #""2026-04-31T09:12:58.036834+00:00""#, #""2026-02-16T09:12:60.036834+00:00""#, "123456789012345678",
      "1234567890123456789", "18446744073709551616", #""7""#, #""01KHJVJWDM0HGAGYGXJYKD00ZZ""#,
      #""01khjvjwdm0hgagygxjykd00zz""#, #""0191f3c0-7a2b-7c3d-8e4f-0123456789ab""#, #""01KHJVJWDM0HGAGYGXJYKD00ZU""#,
    ]
    let text = String(decoding: Self.usual(2), as: UTF8.self)
    let members = [
      #""043-x""#, #""ExecutionEvent""#, #"1, "node_id"#, #""cli:WP01""#, "0.25",
      #""2026-02-16T09:12:58.036834+00:00""#, #""z""#, #""01KHJVJWDM0HGAGYGXJYKD0002""#,
    ]
    for member in members {
      for value in values {
        let tail = member.hasPrefix("1,") ? String(member.dropFirst()) : ""
        let changed = text.replacing(member, with: value + tail, maxReplacements: 1)
        let once = text.split(separator: #""event_id": "#).joined(separator: #""event_id": "# + value + #", "a": "#)
        let log = Self.log([Self.usual(1), Array(changed.utf8), Array(once.utf8), Self.usual(1)])
        #expect(EventSet(log).bytes == NaiveEventSet([log]).bytes, "\(value) for \(member)")
      }
    }
  }

  @Test func `shapes that alternate are read alike, in long logs too`() {
    expectLaw(1, seeds: 0..<60, lines: 40...120) { logs in
      let twice = logs[0] + [0x0A] + logs[0]
      return EventSet(twice).bytes == NaiveEventSet([twice]).bytes
    }
  }

  @Test func `more shapes than are learned cost nothing but time`() {
    let lines = (0..<400).map { number in
      Array("{\"k\(number)\": \(number), ".utf8) + Self.usual(number, clock: number + 1).dropFirst()
    }
    let log = Self.log(lines + lines.reversed())
    #expect(EventSet(log).bytes == Self.log(lines))
  }

  @Test func `a beginning that logs have in common counts as if it were read`() {
    expectLaw(3, seeds: 0..<400) { logs in
      let sources = [logs[0] + logs[1], logs[0] + logs[2], logs[0], logs[0] + logs[1]]
      let once = EventSet(sources.map { LineBuffer($0) })
      let joined = sources.map { EventSet($0) }.reduce(EventSet()) { $0.joined(with: $1) }
      return once.bytes == NaiveEventSet(sources).bytes && once.duplicates == joined.duplicates
        && once.markers == joined.markers && once.conflictRecords == joined.conflictRecords
        && once.clocks() == joined.clocks()
    }
  }

  @Test func `two workers come to the same as one`() {
    expectLaw(3, seeds: 0..<400) { logs in
      let sources = [logs[0] + logs[1], logs[0] + logs[2]].map { LineBuffer($0) }
      let (one, two) = (EventSet(sources), EventSet(sources, by: Backwards()))
      return one.bytes == two.bytes && one.duplicates == two.duplicates && one.markers == two.markers
        && one.conflictRecords == two.conflictRecords && one.clocks() == two.clocks() && one.ids == two.ids
    }
  }

  /// Cuts everything in two, and begins with the second part.
  private struct Backwards: Workers {
    func both<First: Sendable, Second: Sendable>(
      _ first: @escaping @Sendable () -> First, _ second: @escaping @Sendable () -> Second
    ) -> (First, Second) {
      let second = second()
      return (first(), second)
    }

    func share(_ bytes: Int) -> Bool { true }
  }

  @Test(arguments: [0, 1 << 20, 1 << 44, Int.max / 2])
  func `many events in any order are sorted`(step: Int) {
    var random = SeededGenerator(seed: 7)
    // Clocks that are wide apart do not fit into one number with their positions.
    let clocks = [1, 2, 3, 40, 41, 5000].map { $0 + step / 5000 * $0 }
    let lines = clocks.enumerated().flatMap { index, clock in
      (0..<1000).map { number in
        (clock, number % 7, number, Self.usual(number + index * 1000, clock: clock, node: "cli:WP0\(number % 7)"))
      }
    }
    let sorted = lines.sorted { ($0.0, $0.1, $0.2) < ($1.0, $1.1, $1.2) }.map(\.3)
    let shuffled = lines.shuffled(using: &random).map(\.3)
    #expect(EventSet(Self.log(shuffled)).bytes == Self.log(sorted))
    #expect(EventSet(Self.log(shuffled + sorted)).duplicates == sorted.count)
  }
}
