import Events
import Foundation
import TestSupport
import Testing

/// `merge` where git left a conflict, or events disagree.
struct `Merge of conflicts` {
  /// The logs that real projects committed, by feature.
  private func realLogs(file: String = #filePath) throws -> [String: [String]] {
    let folder = URL(filePath: file).deletingLastPathComponent().appending(path: "Fixtures/real")
    var logs: [String: [String]] = [:]
    for log in try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil) {
      let lines = try String(contentsOf: log, encoding: .utf8).split(separator: "\n").map(String.init)
      logs[log.deletingPathExtension().lastPathComponent] = lines
    }
    return logs
  }

  /// A log of lines with UUIDs among the ids and with equal clocks, in no order.
  private func generatedLog(_ count: Int, using generator: inout SeededGenerator) -> [String] {
    (0..<count).map { number in
      var id = EventID.ulid(milliseconds: UInt64(number), using: &generator)
      if number % 3 == 0, let uuid = EventID(UUID().uuidString) { id = uuid }
      let invocation = Invocation(wpID: "WP01", agent: "claude", role: .implementer, inputTokens: number)
      let event = Event(
        id: id, aggregateID: "050-x", lamportClock: LamportValue(UInt64.random(in: 1...800, using: &generator)),
        nodeID: JSONString("cli:WP\(Int.random(in: 1...16, using: &generator))"), payload: invocation.payload,
        timestamp: .epoch)
      return text(event.line)
    }
  }

  /// Both branches of a repository, each with two thirds of every log.
  private func diverge(_ logs: [String: [String]], seed: UInt64) throws -> TestRepository {
    let repository = try TestRepository()
    try repository.commit("Begin")
    var generator = SeededGenerator(seed: seed)
    for (branch, part) in [("one", { $0 * 2 / 3 + 1 }), ("two", { $0 / 3 })] as [(String, (Int) -> Int)] {
      try repository.git("checkout", "-q", "-b", branch, "main")
      for (feature, lines) in logs.sorted(by: { $0.key < $1.key }) {
        let cut = part(lines.count)
        let half = (branch == "one" ? lines[..<min(cut, lines.count)] : lines[cut...]).shuffled(using: &generator)
        try repository.write(repository.log(feature), half.map { $0 + "\n" }.joined())
      }
      try repository.commit("Events of \(branch)")
    }
    return repository
  }

  @Test(.timeLimit(.minutes(5)))
  func `real and generated logs merge to their union, the same bytes both ways and with markers or without`() throws {
    let seed: UInt64 = 2026
    var generator = SeededGenerator(seed: seed)
    var logs = try realLogs()
    #expect(logs.count == 3)
    logs["050-x"] = generatedLog(10_000, using: &generator)
    var results: [[String: [UInt8]]] = []
    for (ours, theirs, union) in [("one", "two", false), ("two", "one", true)] {
      let repository = try diverge(logs, seed: seed)
      if union { try repository.write(".git/info/attributes", "*.jsonl merge=union\n") }
      try repository.git("checkout", "-q", ours)
      let merge = try repository.attempt(["merge", "--no-edit", "-q", theirs])
      #expect(merge.status == (union ? 0 : 1))
      try repository.merged()
      #expect(try repository.git("diff", "--name-only", "--diff-filter=U").isEmpty)
      var result: [String: [UInt8]] = [:]
      for (feature, lines) in logs {
        let log = try repository.read(repository.log(feature))
        let expected = events(lines).sorted {
          ($0.lamportClock, $0.nodeID, $0.id) < ($1.lamportClock, $1.nodeID, $1.id)
        }
        #expect(text(log) == expected.map { text($0.line) + "\n" }.joined(), "\(feature), seed \(seed)")
        var clocks = ClockTable()
        for event in expected {
          clocks.raise(event.nodeID, to: event.lamportClock)
          clocks.raise(ClockTable.witness, to: event.lamportClock)
        }
        let clock = try repository.read(repository.clock(feature))
        #expect(text(clock) == text(clocks.bytes), "\(feature), seed \(seed)")
        result[feature] = log
        result["\(feature) clock"] = clock
      }
      results.append(result)
    }
    #expect(results[0] == results[1], "seed \(seed)")
  }

  /// A merge that stopped at log and clock, with something else staged.
  private func conflicted() throws -> TestRepository {
    let repository = try TestRepository()
    try repository.commit("Begin")
    for branch in ["one", "two"] {
      try repository.git("checkout", "-q", "-b", branch, "main")
      try repository.emitted("--feature", "f", "--wp-id", "WP-\(branch)")
      try repository.commit("Events of \(branch)")
    }
    #expect(try repository.attempt(["merge", "--no-edit", "-q", "one"]).status == 1)
    return repository
  }

  @Test func `a conflict in log and clock is resolved and staged, and the rest of the index stays`() throws {
    let repository = try conflicted()
    try repository.write("staged.txt", "staged\n")
    try repository.git("add", "staged.txt")
    try repository.write("staged.txt", "changed since\n")
    let document = try repository.merged()
    guard case .array(let sources)? = document["sources"] else { return }
    #expect(sources.contains { $0.text?.hasPrefix("MERGE_HEAD") ?? false })
    let status = try repository.git("status", "--porcelain").split(separator: "\n").map(String.init)
    #expect(status == ["M  \(repository.clock())", "M  \(repository.log())", "AM staged.txt"])
    #expect(repository.loggedIDs().count == 2)
    #expect(text(try repository.read(repository.clock())) == #"{"*": 1, "cli:WP-one": 1, "cli:WP-two": 1}"#)
    try repository.git("commit", "-q", "--no-edit")
    try repository.merged()
    #expect(try repository.notedIDs().count == 2)
    try repository.expectSettled()
  }

  @Test func `markers that were committed cost no event`() throws {
    let repository = try conflicted()
    try repository.commit("Merge, markers and all")
    #expect(repository.lines(repository.log()).contains { $0.hasPrefix("<<<<<<<") })
    try repository.merged()
    #expect(repository.loggedIDs().count == 2)
    try repository.expectSettled()
  }

  @Test(arguments: ["ours", "theirs"])
  func `a side that git threw away is taken from the parent`(side: String) throws {
    let repository = try conflicted()
    try repository.git("merge", "--abort")
    try repository.git("merge", "-q", "--no-edit", "-X", side, "one")
    #expect(repository.loggedIDs().count == 1)
    try repository.merged()
    #expect(repository.loggedIDs().count == 2)
    try repository.expectSettled()
  }

  @Test func `two contents under one id are both kept, and reported once`() throws {
    let repository = try TestRepository()
    try repository.commit("Begin")
    let id = "01KHJVJWDM0HGAGYGXJYKD1JQG"
    for (branch, agent) in [("one", "claude"), ("two", "codex")] {
      try repository.git("checkout", "-q", "-b", branch, "main")
      // Recorded as another program would: one id, and neither journal nor note knows of it.
      let event = Event(
        id: try #require(EventID(id)), aggregateID: "f", lamportClock: LamportValue(1), nodeID: "cli:WP01",
        payload: Invocation(wpID: "WP01", agent: agent, role: .planner).payload, timestamp: .epoch)
      try repository.write(repository.log(), text(event.line) + "\n")
      try repository.commit("Events of \(branch)")
    }
    try repository.git("merge", "-q", "--no-edit", "-X", "ours", "one")
    let first = try repository.tool("merge", "--json")
    #expect(first.status == 1)
    let lines = repository.lines(repository.log())
    #expect(lines.count == 2)
    #expect(lines.first?.contains("codex") == true, "the greater bytes win")
    #expect(lines.last?.hasPrefix(#"{"conflict": {"#) == true && lines.last?.contains("claude") == true)
    try repository.expectSettled()
  }

  @Test func `what could not be read is kept, behind the events`() throws {
    let repository = try TestRepository()
    try repository.commit("Begin")
    try repository.emitted("--feature", "f")
    let log = text(try repository.read(repository.log()))
    try repository.write(repository.log(), "[1]\n" + log + "not json\n\n\u{feff}" + log.replacing("\n", with: "\r\n"))
    let result = try repository.tool("merge")
    #expect(result.status == 0 && result.outputText.contains("2 unreadable lines kept"))
    #expect(result.outputText.contains("1 duplicate,"))
    #expect(text(try repository.read(repository.log())) == log + "[1]\nnot json\n")
    try repository.expectSettled()
  }
}
