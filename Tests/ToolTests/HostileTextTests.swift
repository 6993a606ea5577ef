import Events
import Foundation
import TestSupport
import Testing

/// What strangers may write into logs, notes, clocks and inputs: it is read in bounded time, kept, and acted upon by
/// nobody.
struct `Texts of a stranger` {
  private static let ids = (1...9).map { "01KHJVJWDM0HGAGYGXJYKD1J0\($0)" }

  /// The line of an event.
  private func line(
    _ id: String, clock: String = "1", node: String = "\"cli:WP01\"", payload: String = #"{"agent": "a"}"#,
    others: String = ""
  ) -> String {
    #"{"aggregate_id": "f", "causation_id": null, "event_id": "\#(id)", "event_type": "ExecutionEvent", "#
      + #""lamport_clock": \#(clock), "node_id": \#(node), "payload": \#(payload), "#
      + #""timestamp": "2026-02-16T09:12:58+00:00"\#(others)}"#
  }

  /// A repository with one commit whose feature `f` has these lines in its log, and others in a note.
  private func repository(log: [String], note: [String] = []) throws -> TestRepository {
    let repository = try TestRepository()
    try repository.commit("one")
    try repository.write(repository.log(), log.map { $0 + "\n" }.joined())
    if !note.isEmpty {
      try repository.write("../note", note.joined(separator: "\n"))
      try repository.git("notes", "--ref=kitty-telemetry", "append", "-F", "../note")
    }
    return repository
  }

  /// Runs the program, which must come to an end by itself and show nothing that a terminal acts on.
  @discardableResult
  private func run(
    _ repository: TestRepository, _ arguments: String..., input: String = "",
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> ProcessResult {
    try run(repository, arguments, input: input, sourceLocation: sourceLocation)
  }

  @discardableResult
  private func run(
    _ repository: TestRepository, _ arguments: [String], input: String = "",
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> ProcessResult {
    let result = try repository.startTool(
      arguments, prefix: ["timeout", "-s", "KILL", "60"], input: Array(input.utf8)
    ).wait()
    #expect(result.status <= 64, "\(arguments): \(result.errorText)", sourceLocation: sourceLocation)
    for scalar in (result.outputText + result.errorText).unicodeScalars where scalar != "\n" {
      let acts = scalar.properties.generalCategory == .control || scalar.properties.generalCategory == .format
      #expect(!acts, "\(arguments): \(result.outputText)", sourceLocation: sourceLocation)
    }
    return result
  }

  /// Lists and objects in each other, so many that whoever goes into them by recursion is out of stack.
  private static let deep = [("[", "]"), (#"{"a":"#, "}")].map { opening, ending in
    String(repeating: opening, count: 100_000) + "1" + String(repeating: ending, count: 100_000)
  }

  @Test(.timeLimit(.minutes(10)), arguments: deep)
  func `that are nested 100,000 deep are no JSON anywhere, and cost no event`(deep: String) throws {
    let own = Self.ids
    let repository = try repository(
      log: [line(own[0]), line(own[1], payload: #"{"agent": \#(deep)}"#)],
      note: [line(own[2]), line(own[3], others: ", \"x\": \(deep)")])
    try repository.write(repository.clock(), #"{"cli:WP01": \#(deep)}"#)
    #expect(try repository.queriedIDs() == [own[0]])
    #expect(try run(repository, "cost", "--json").document == nil)
    #expect(
      try run(repository, "merge").outputText.contains("2 events (1 added, 0 duplicates, 1 unreadable line kept)"))
    #expect(try run(repository, "repair").status == 0)
    let verified = try run(repository, "verify")
    #expect(verified.status == 0 && verified.outputText.contains("1 lines of notes are no events; they are kept"))
    #expect(repository.lines(repository.log()).contains { $0.contains(own[1]) && $0.contains(deep) })
    #expect(try repository.notedLines().contains { $0.contains(own[3]) && $0.contains(deep) })
    // What is to be recorded is refused, or recorded without it.
    let refused = try run(
      repository, "emit", "--feature", "f", "--events", "-", input: #"{"role": "r", "x": \#(deep)}"#)
    #expect(refused.errorText.contains("cannot record line 1: it is no JSON object"))
    try repository.write("in/x/WP01-review.log", #"{"type": "result", "usage": \#(deep)}"#)
    #expect(try run(repository, "import", "in/x/WP01-review.log", "--feature", "f").errorText.contains("cannot import"))
    for (number, agent) in ["claude", "codex", "copilot", "cursor", "gemini", "opencode", "qwen"].enumerated() {
      let printed = #"{"type": "result", "model": "m", "usage": \#(deep)}"#
      let emitted = try run(
        repository, "emit", "--role", "reviewer", "--feature", "f", "--from", agent, "--json", input: printed)
      #expect(emitted.document?["lamport_clock"] == .integer(number + 2), "\(agent): \(emitted.errorText)")
    }
    #expect(try repository.queriedIDs().count == 9)
    try repository.write(".kittify/prices.json", #"{"m": \#(deep)}"#)
    #expect(try run(repository, "cost").errorText.contains("prices.json: it is no JSON"))
    try repository.write("kitty-specs/f/lanes.json", #"{"lanes": \#(deep)}"#)
    #expect(try run(repository, "emit", "--role", "reviewer", "--feature", "f").status == 0)
  }

  @Test func `with ids that are equal once they are normalised are one event`() throws {
    let (ulid, uuid) = ("01KHJVJWDM0HGAGYGXJYKD1J01", "0190f5c0-7a3b-7cde-8f01-23456789abcd")
    let bare = uuid.replacing("-", with: "")
    let repository = try repository(
      log: [line(ulid.lowercased()), line(ulid), line(uuid.uppercased()), line(bare)],
      note: [line(bare.uppercased()), line(ulid.lowercased())])
    #expect(try Set(repository.queriedIDs()) == [ulid, uuid])
    #expect(try run(repository, "cost", "--json").outputText.contains(#""event_count": 2,"#))
    for id in [ulid.lowercased(), bare.uppercased()] {
      let again = try repository.emitted("--feature", "f", "--event-id", id)
      #expect(again["duplicate"] == .bool(true), "\(id)")
    }
    #expect(try run(repository, "merge").status == 0)
    // Of several spellings the normalised one stays, or else the one of the smaller bytes.
    let joined = [line(uuid.uppercased()), line(ulid)]
    #expect(repository.lines(repository.log()) == joined)
    #expect(try repository.notedLines() == joined)
    // Another value under a third spelling is told, and both stay.
    let another = line(bare, payload: #"{"agent": "b"}"#)
    try repository.write(
      repository.log(), (repository.lines(repository.log()) + [another, ""]).joined(separator: "\n"))
    #expect(try run(repository, "merge").status == 1)
    let kept = repository.lines(repository.log())
    #expect(kept.count == 3 && kept.last?.hasPrefix(#"{"conflict": "#) == true)
    #expect(try Set(repository.queriedIDs()) == [ulid, uuid])
  }

  @Test(arguments: [
    ("9223372036854775807", true), ("18446744073709551616", true), ("1e3", true), ("-1", false), ("1e400", false),
    ("1.5", false), ("NaN", false), ("\"9223372036854775808\"", true), ("null", false),
  ])
  func `with a clock at the edge neither stop nor turn back the counting`(value: String, isClock: Bool) throws {
    let ids = Self.ids
    let repository = try repository(
      log: [line(ids[0], clock: "7"), line(ids[1], clock: value)], note: [line(ids[2], clock: value)])
    try repository.write(repository.clock(), #"{"cli:WP01": \#(value), "x": 5}"#)
    let readable = isClock ? [ids[0], ids[1]] : [ids[0]]
    #expect(try repository.queriedIDs() == readable)
    var last = 7
    for round in 0..<3 {
      // What is no number of a clock may be told, and keeps nobody from being recorded.
      let emitted = try run(repository, "emit", "--feature", "f", "--wp-id", "WP01", "--role", "reviewer", "--json")
      let number = emitted.document?["lamport_clock"].flatMap { Int(text($0.canonicalText)) }
      let clock = try #require(number, "\(emitted.outputText)\(emitted.errorText)")
      #expect(clock > last && clock < 2000, "round \(round)")
      last = clock
      if round == 1 { #expect(try run(repository, "merge").status == 0) }
    }
    let events = try repository.queriedIDs()
    #expect(events.count == 3 + readable.count + (isClock ? 1 : 0))
    // What is so large that it cannot be meant sorts last, and stays what it is.
    if isClock, value != "1e3" { #expect(events.suffix(2) == [ids[1], ids[2]]) }
    #expect(repository.lines(repository.log()).contains(line(ids[1], clock: value)))
    #expect(try repository.notedLines().contains(line(ids[2], clock: value)))
    _ = try run(repository, "repair")
    #expect(try run(repository, "verify").status == 0)
  }

  @Test(arguments: [
    "-n", "--json", "/", "/etc/passwd", "a/../../b", "a\nb", "\r", "=cmd|' /C calc'!A0", "@SUM(1)", "+1", "\t=1",
    "%s%n",
    "\u{1B}]0;x\u{7}", "a,b\"c",
  ])
  func `that are names of agents, models, nodes and work packages are names`(name: String) throws {
    let repository = try TestRepository()
    try repository.commit("one")
    let names = ["--agent", name, "--model", name, "--node-id", name, "--wp-id", name, "--error", name]
    #expect(try run(repository, ["emit", "--role", "reviewer", "--feature", "f"] + names).status == 0)
    #expect(try run(repository, "run", "--feature", "f", "--agent", name, "--", "true").status == 0)
    let events = events(repository.lines(repository.log()))
    #expect(events.map { $0.payload["agent"]?.text } == [name, name])
    #expect(events.first?.nodeID.description == "\(name):\(name)")
    for command in ["query", "cost", "merge", "verify"] { #expect(try run(repository, command).status == 0) }
    let table = try run(repository, "query", "--csv").outputText
    for cell in cells(table) {
      #expect(cell.first.map { !"=+@\t\r".contains($0) } ?? true, "\(cell)")
      #expect(!cell.hasPrefix("-") || Double(cell) != nil, "\(cell)")
    }
    #expect(try repository.git("status", "--porcelain") == "?? kitty-specs/")
    #expect(try FileManager.default.contentsOfDirectory(atPath: repository.path + "/kitty-specs") == ["f"])
  }

  /// The cells of comma-separated values, quotes taken off.
  private func cells(_ table: String) -> [String] {
    var cells = [""]
    var isQuoted = false
    for character in table {
      switch character {
      case "\"": isQuoted.toggle()
      case ",", "\n": if isQuoted { cells[cells.count - 1].append(character) } else { cells.append("") }
      default: cells[cells.count - 1].append(character)
      }
    }
    return cells
  }

  @Test func `are shown in no table as a terminal would act on them`() throws {
    let hostile = #""\u001b]0;x\u0007\u009b31m\u202e\r\u007f""#
    let members = ["agent", "model", "role", "wp_id", "error", "cost_source"].map { "\"\($0)\": \(hostile)" }
    let payload = "{\(members.joined(separator: ", ")), \"success\": false, \"input_tokens\": 5, \"cost_usd\": 1.5}"
    let event = line(Self.ids[0], node: hostile, payload: payload, others: ", \"x\": \(hostile)")
    // The same in the fields that choose what is shown.
    let other = line(Self.ids[1], clock: "2", node: hostile, payload: payload)
      .replacing(#""ExecutionEvent""#, with: hostile).replacing(
        #""aggregate_id": "f""#, with: "\"aggregate_id\": \(hostile)")
    let repository = try repository(log: [event, other, "\u{1B}[31m no event"], note: [event, other, "\u{1B}[31m"])
    let folder = "kitty-specs/g\u{1B}[31m\u{202E}"
    try repository.write("\(folder)/execution.events.jsonl", line(Self.ids[2], node: hostile) + "\n")
    try repository.write(repository.clock(), "{\(hostile): 3}")
    try repository.git("config", "remote.a\u{1B}[31m.url", "/x\u{1B}[31m")
    try repository.git("config", "remote.a\u{1B}[31m.fetch", "+refs/notes/*:refs/notes/*")
    for arguments in [
      [], ["--csv"], ["--json"], ["HEAD"], ["--ref", "HEAD"], ["-f", "\u{1B}"], ["--agent", "\u{1B}"],
    ] {
      try run(repository, ["query"] + arguments)
    }
    for key in ["agent", "model", "feature", "role", "wp", "day", "commit", "wp,agent"] {
      let summed = try run(repository, "cost", "--group-by", key)
      #expect(summed.outputText.contains("Total"), "\(key)")
    }
    try run(repository, "cost", "--failed")
    for command in ["doctor", "setup", "doctor", "merge", "verify", "repair", "verify"] { try run(repository, command) }
    for command in ["merge", "verify", "doctor"] { try run(repository, command, "--json") }
    #expect(try repository.queriedIDs() == [0, 2, 1].map { Self.ids[$0] })
  }
}
