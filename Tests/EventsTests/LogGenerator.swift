import Events
import TestSupport

/// Logs as the world leaves them: few ids, nodes and values, so that lines meet, in every spelling that is known to be
/// awkward, and between them all that is no event.
struct LogGenerator {
  private var random: SeededGenerator

  /// Creates a generator; equal seeds give equal logs.
  init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  /// A log as its lines, each with its end.
  mutating func log(lines: ClosedRange<Int> = 0...6) -> [[UInt8]] {
    let count = Int.random(in: lines, using: &random)
    return (0..<count).map { _ in line() + end() }
  }

  private mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[Int.random(in: 0..<elements.count, using: &random)]
  }

  private mutating func chance(_ one: Int) -> Bool { Int.random(in: 0..<one, using: &random) == 0 }

  /// Mostly a line feed; nothing glues the next line on.
  private mutating func end() -> [UInt8] {
    pick(["\n", "\n", "\n", "\n", "\n", "\r\n", "\r", "\n\n", " \n", "\u{A0}\n", "\u{2028}\r\n", "\u{FEFF}\n", ""])
      .utf8 + []
  }

  private mutating func line() -> [UInt8] {
    switch Int.random(in: 0..<20, using: &random) {
    case 0..<6: event()
    case 6..<10: CanonicalLine.spelling(of: event())
    case 10: fragment(of: event())
    case 11, 12: fragment(of: CanonicalLine.spelling(of: event()))
    case 13, 14: LineScanner.conflictRecord(of: chance(2) ? event() : CanonicalLine.spelling(of: event()))
    case 15: oddConflict(of: event())
    case 16: damaged(event())
    case 17: Array(pick(LogGenerator.notEvents).utf8)
    case 18: Array(pick(LogGenerator.markers).utf8)
    default: Array(pick(["\u{FEFF}", " ", "\u{3000}\t", "\u{1C}", "\u{FEFF}\u{FEFF} "]).utf8) + event()
    }
  }

  /// An event, or what would be one but for a single member.
  private mutating func event() -> [UInt8] {
    var members = [
      ("aggregate_id", "\"043-x\""), ("event_id", "\"\(pick(LogGenerator.ids))\""),
      ("event_type", pick(["\"ExecutionEvent\"", "\"ExecutionEvent\"", "\"WPStatusChanged\""])),
      ("lamport_clock", chance(3) ? pick(LogGenerator.clocks) : pick(["1", "2"])),
      ("node_id", "\"\(chance(3) ? pick(LogGenerator.nodes) : "cli:WP01")\""),
      ("timestamp", chance(3) ? pick(LogGenerator.timestamps) : "\"2026-02-16T09:12:58+00:00\""),
    ]
    if !chance(10) { members.append(("payload", pick(LogGenerator.payloads))) }
    if chance(2) { members.append(("causation_id", chance(4) ? "\"\(pick(LogGenerator.ids))\"" : "null")) }
    if chance(6) { members.append(pick(LogGenerator.extras)) }
    if chance(100) { members.append(("usage", nested(pick([1022, 1023, 1024, 1100])))) }
    if chance(20) { members.remove(at: Int.random(in: 0..<members.count, using: &random)) }
    if chance(3) { members.shuffle(using: &random) } else { members.sort { $0.0 < $1.0 } }
    if chance(12) { members.insert((pick(members).0, pick(["1", "\"x\"", "null", "{}"])), at: 0) }
    let (comma, colon) = chance(4) ? pick([(",", ":"), (" ,\t", " : "), (",  ", ":")]) : (", ", ": ")
    let text = members.map { "\"\($0.0)\"\(colon)\($0.1)" }.joined(separator: comma)
    return Array((chance(10) ? "{ \(text) }" : "{\(text)}").utf8)
  }

  private func nested(_ depth: Int) -> String {
    String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
  }

  private mutating func fragment(of line: [UInt8]) -> [UInt8] {
    Array(line.prefix(Int.random(in: 1..<max(2, line.count), using: &random)))
  }

  /// What looks like a conflict record and is none, or one around something else than an event.
  private mutating func oddConflict(of line: [UInt8]) -> [UInt8] {
    let record = LineScanner.conflictRecord(of: line)
    switch Int.random(in: 0..<6, using: &random) {
    case 0: return LineScanner.conflictRecord(of: record)
    case 1: return LineScanner.conflictRecord(of: Array(" ".utf8) + line)
    case 2: return Array(#"{"conflict":"#.utf8) + line + Array("}".utf8)
    case 3: return Array(#"{"conflict": "#.utf8) + line + Array(#", "x": 1}"#.utf8)
    case 4: return fragment(of: record)
    default: return LineScanner.conflictRecord(of: Array(pick(LogGenerator.notEvents).utf8))
    }
  }

  private mutating func damaged(_ line: [UInt8]) -> [UInt8] {
    var line = line
    let position = Int.random(in: 0..<line.count, using: &random)
    line.insert(pick([0xFF, 0xC3, 0x80, 0x00, 0xED, 0x0D, UInt8(ascii: "\""), UInt8(ascii: "\\")]), at: position)
    return line
  }
}

// The values that lines are made of.
extension LogGenerator {
  /// A few ids in many spellings, and what is none.
  private static let ids = [
    "01KHJVJWDM0HGAGYGXJYKD1JQG", "01khjvjwdm0hgagygxjykd1jqg", "01KhJvJwDm0HgAgYgXjYkD1jQg",
    "01KHJVJWDM0HGAGYGXJYKD1JQH", "ABCDEF0123456789ABCDEF0123", #"\u003001KHJVJWDM0HGAGYGXJYKD1JQG"#,
    #"\u00301KHJVJWDM0HGAGYGXJYKD1JQG"#, "0191f3c0-7a2b-7c3d-8e4f-0123456789ab",
    "0191F3C0-7A2B-7C3D-8E4F-0123456789AB", "0191f3c07a2b7c3d8e4f0123456789ab", "0191F3C07A2B7C3D8E4F0123456789AB",
    "01KHJVJWDM0HGAGYGXJYKD1JQI",
  ]
  private static let clocks = [
    "0", "1", "1.0", "1.00", "1e0", "true", "\"1\"", "\" 1 \"", "\"1_0\"", "7", "7.0", "-0", "-0.0", "-1", "1.5",
    "null", "9007199254740992", "9007199254740993", "9007199254740993.0", "9223372036854775807",
    "18446744073709551615", "18446744073709551616", "99999999999999999999", "1000000000000000000000000000000", "1e30",
    "1e400", "\"100000000000000000000\"",
  ]
  private static let nodes = [
    "cli:WP01", "cli:WP02", "CLI:WP01", "*", "é", "e\u{301}", #"\u00e9"#, #"e\u0301"#, "😀", #"\ud83d\ude00"#,
    "\u{FFFD}", #"\ud800"#, "", #"cli:\u0057P01"#, "\u{7F}",
  ]
  private static let timestamps = [
    #""2026-02-16T09:12:58Z""#, #""2026-02-16 09:12:58.000000+00:00""#, #""2026-02-16""#, "1771233178",
    "1771233178000", "1771233178.0", #""1771233178""#, #""2026-02-30T00:00:00+00:00""#, #""yesterday""#, "null",
    "1e400",
  ]
  private static let payloads = [
    "{}", "{}", #"{"a": 1}"#, #"{"a": 1.0}"#, #"{"a": 1e0}"#, #"{"a": 10e-1}"#, #"{"a":1}"#, #"{"a": 2, "a": 1}"#,
    #"{"a": 1, "b": 2}"#, #"{"b": 2, "a": 1}"#, #"{"a": 9007199254740993}"#, #"{"a": 9007199254740993.0}"#,
    #"{"a": 9007199254740992.0}"#, #"{"a": 1000000000000000000000000000000}"#, #"{"a": 1e30}"#, #"{"a": 1e400}"#,
    #"{"a": Infinity}"#, #"{"a": -1e400}"#, #"{"a": NaN}"#, #"{"a": 1e-400}"#, #"{"a": 0.0}"#, #"{"a": -0.0}"#,
    #"{"a": -0}"#, #"{"a": 0}"#, #"{"a": "\ud800"}"#, #"{"a": "\udc00\ud800"}"#, #"{"a": "\ud83d\ude00"}"#,
    #"{"a": "\uD83D\uDE00"}"#, #"{"a": "😀"}"#, #"{"a": "é"}"#, "{\"a\": \"e\u{301}\"}", #"{"a": "\u00E9"}"#,
    #"{"é": 1, "e\u0301": 2}"#, #"{"a": "\/"}"#, #"{"a": "/"}"#, #"{"\u0061": 1}"#, "{\"a\": \"\u{7F}\u{2028}\"}",
    #"{"a": [1, {"b": [[]]}]}"#, #"{"a": true}"#, #"{"a": null}"#, "null", "[]", #"{"a": 01}"#, #"{"a": 1,}"#,
  ]
  private static let extras = [
    ("conflict", "{}"), ("conflict", "null"), ("note", #""x""#), ("Event_id", "1"), ("é", "1"), ("", "[]"),
    ("event_i\\u0064", #""01KHJVJWDM0HGAGYGXJYKD1JQH""#),
  ]
  private static let notEvents = [
    "[1]", "5", "null", "{}", "{", "}", #"{"a": 1}"#, #"{"conflict": {}}"#, #"{"conflict": "#, "\u{0}", "hello", "é",
    "[" + String(repeating: "[", count: 1100), #""01KHJVJWDM0HGAGYGXJYKD1JQG""#, "\u{200B}", #"{"aggregate_id""#,
  ]
  private static let markers = [
    "<<<<<<< HEAD", "=======", ">>>>>>> lane-b", "||||||| 1234567", "<<<<<<<", "======", "========", "<<<<<<<HEAD",
    "=======\t", "<<<<<<> x", "> x",
  ]
}
