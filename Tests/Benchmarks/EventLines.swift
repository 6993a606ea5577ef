import TestSupport

/// Event lines as agents leave them, about 479 bytes each, of 16 nodes with a clock each; a seed determines them.
struct EventLines {
  /// What the lines' payloads hold.
  enum Shape: CaseIterable {
    /// The eleven members that every recorder writes.
    case plain
    /// More of them, as from a recorder that knows the classes of tokens and the conversation.
    case detailed
    /// Another type of event with members of its own.
    case foreign
  }

  /// The feature that they are of.
  let feature: String
  /// The shapes that the lines take in turn.
  let shapes: [Shape]
  private var random: SeededGenerator
  private var clocks = [Int](repeating: 0, count: EventLines.nodes)
  private var count = 0

  static let nodes = 16
  private static let agents = ["claude", "codex", "copilot", "gemini", "opencode", "qwen", "cursor"]
  private static let models = ["claude-sonnet-4.5", "gpt-5.1-codex-max", "gemini-3-pro-preview", "claude-opus-4.5"]
  private static let roles = ["implementer", "reviewer", "planner", "specifier"]
  private static let digits = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)
  /// The first moment, in milliseconds: 2026-02-16.
  private static let epoch = 1_771_200_000_000

  init(seed: UInt64, feature: String = "043-telemetry-foundation", shapes: [Shape] = [.plain]) {
    self.feature = feature
    self.shapes = shapes
    random = SeededGenerator(seed: seed)
  }

  /// Goes on as somebody else: the clocks stay what they are, and what is random differs from now on.
  func branched(seed: UInt64) -> EventLines {
    var copy = self
    copy.random = SeededGenerator(seed: seed)
    return copy
  }

  /// The next line, with the newline that ends it.
  mutating func next() -> String {
    let node = Int(random.next() % UInt64(Self.nodes))
    clocks[node] += 1
    defer { count += 1 }
    let milliseconds = Self.epoch + count * 40
    let shape = shapes[count % shapes.count]
    let type = shape == .foreign ? "ReviewEvent" : "ExecutionEvent"
    return """
      {"aggregate_id": "\(feature)", "causation_id": null, "event_id": "\(identifier(milliseconds))", \
      "event_type": "\(type)", "lamport_clock": \(clocks[node]), "node_id": "cli:WP\(node + 10)", \
      "payload": {\(payload(shape, node: node))}, "timestamp": "\(timestamp(milliseconds))"}\n
      """
  }

  private mutating func payload(_ shape: Shape, node: Int) -> String {
    let role = Self.roles[pick(Self.roles.count)]
    if shape == .foreign {
      return
        #""comments": [\#(pick(90)), \#(pick(90)), {"file": "Sources/File\#(pick(500)).swift", "line": \#(pick(2000))}], "#
        + #""is_approved": \#(pick(3) > 0), "reviewer": "reviewer-\#(pick(12))", "role": "\#(role)", "#
        + #""summary": "Wants a test for the branch at line \#(pick(400)); \"merge\" is fine", "wp_id": "WP\#(node + 10)""#
    }
    let success = pick(10) > 0
    let input = 10_000 + pick(40_000_000)
    let error = success ? "null" : "\"exit status 1: the tests failed\""
    let cost = "\(1 + pick(60)).\(1 + pick(8999))1"
    let more =
      shape == .detailed
      ? (
        cache: #""cache_read_tokens": \#(pick(9_000_000)), "cache_write_tokens": \#(pick(90_000)), "#,
        session: #""session_id": "a-\#(pick(1 << 30))", "#
      )
      : (cache: "", session: "")
    return
      #""agent": "\#(Self.agents[pick(Self.agents.count)])", \#(more.cache)"cost_usd": \#(cost), "#
      + #""duration_ms": \#(60_000 + pick(17_880_000)), "error": \#(error), "exit_code": \#(success ? 0 : 1), "#
      + #""input_tokens": \#(input), "model": "\#(Self.models[pick(Self.models.count)])", "#
      + #""output_tokens": \#(1000 + pick(300_000)), "role": "\#(role)", \#(more.session)"success": \#(success), "#
      + #""wp_id": "WP\#(node + 10)""#
  }

  private mutating func pick(_ count: Int) -> Int { Int(random.next() >> 33) % count }

  /// A ULID of that moment.
  private mutating func identifier(_ milliseconds: Int) -> String {
    let bits = (random.next(), random.next())
    var bytes = [UInt8](repeating: 0, count: 26)
    for place in 0..<10 { bytes[9 - place] = Self.digits[(milliseconds >> (5 * place)) & 31] }
    for place in 0..<8 {
      bytes[10 + place] = Self.digits[Int(bits.0 >> (5 * UInt64(place)) & 31)]
      bytes[18 + place] = Self.digits[Int(bits.1 >> (5 * UInt64(place)) & 31)]
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// That moment, within a few days of the first one.
  private mutating func timestamp(_ milliseconds: Int) -> String {
    let seconds = (milliseconds - Self.epoch) / 1000
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let micros = String(1_000_000 + (milliseconds % 1000) * 1000 + pick(1000)).dropFirst()
    let time = "\(two(seconds / 3600 % 24)):\(two(seconds / 60 % 60)):\(two(seconds % 60)).\(micros)"
    return "2026-02-\(two(16 + seconds / 86_400 % 12))T\(time)+00:00"
  }
}
