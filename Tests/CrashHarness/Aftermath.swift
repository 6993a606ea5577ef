import Events
import Foundation
import TestSupport

/// What must hold after a fault: first as things were left, then after the next recorder, then after `repair`.
///
/// It knows what the program has said and what plain git, plain JSON and the program's own readers show.
struct Aftermath {
  let scene: Scene
  let fault: Fault
  let world: World
  /// The ids of the events that were recorded before.
  let earlier: [String]
  var outcome = Trial.Outcome()

  private var place: String { world.place(scene.worktree) }

  init(scene: Scene, fault: Fault, world: World, earlier: [String]) {
    self.scene = scene
    self.fault = fault
    self.world = world
    self.earlier = earlier
  }

  private mutating func complain(_ text: String) { outcome.violations.append(text) }

  /// Looks at everything after the command has ended with `result`, or had to be ended where it may hang.
  mutating func examine(_ result: ProcessResult, mayHang: Bool) throws {
    let answers = Answer.all(in: result.output)
    if result.status != 124 || !mayHang { judge(result, answers) }
    var recorded = answers.filter { !$0.stored.isEmpty }
    // What it says goes to a file, and none of it where no file can grow at all.
    let isHeard = fault != .sizeLimit(0)
    let hasRun = scene.promise == .agent && result.status == 0 && result.errors.isEmpty && isHeard
    try expectReadable(recorded)
    try expectSound("as it was left")
    if let next = try recordNext() { recorded.append(next) }
    try clearAway()
    try heal()
    let ids = earlier + recorded.compactMap(\.id)
    try expectKept(ids, atLeast: Set(ids).count + (hasRun ? 1 : 0))
    let clocks = recorded.map { "\($0.node) \($0.clock)" }
    // Without the lock, and without a journal, values may be given twice.
    let mayRepeat = scene.isLocked || recorded.contains { !$0.stored.contains("journal") }
    if Set(clocks).count < clocks.count, !mayRepeat, Set(recorded.compactMap(\.id)).count == recorded.count {
      complain("clock values were given twice: \(clocks)")
    }
    try expectSound("after repair")
  }

  /// Compares what the program said and how it ended with what it promises.
  private mutating func judge(_ result: ProcessResult, _ answers: [Answer]) {
    let said = result.errorText.split(separator: "\n")
    if result.status == 124 { return complain("it did not end within a minute") }
    // A command in between tells of a signal in its own way.
    guard !fault.isDeadly || ![SIGKILL, 128 + SIGKILL].contains(result.status) else { return }
    switch scene.promise {
    case .recording:
      if result.status != 0 { complain("status \(result.status): \(result.errorText)") }
      guard !fault.isSilencing else { return }
      if answers.isEmpty { complain("no answer: \(result.outputText)") }
      let hasTrouble = answers.contains { !$0.isSuccess }
      if hasTrouble != said.contains(where: { $0.hasPrefix("warning: ") }) {
        complain("answer and warning differ: \(result.outputText)\(result.errorText)")
      }
      if !said.allSatisfy({ $0.hasPrefix("warning: ") || $0.hasPrefix("note: ") }) { complain(result.errorText) }
    case .hook:
      if result.status != 0 { complain("status \(result.status): \(result.errorText)") }
    case .command:
      if result.status != 0, said.isEmpty, !fault.isSilencing { complain("status \(result.status) without a word") }
    case .agent: break
    }
    if result.errorText.contains("Fatal error") || result.status > 128 { complain("it crashed: \(result.errorText)") }
  }

  /// Checks that readers see whole lines only, and everything that was said to be in the log.
  private mutating func expectReadable(_ recorded: [Answer]) throws {
    let log = world.log(in: place)
    for line in log.broken where line != scene.fragment {
      // A last line that has no end yet is what every reader expects of a writer that was killed.
      if log.isTorn, line == log.broken.last { continue }
      // Git's markers around the sides of a conflict are there before any fault.
      if ["<<<<<<<", "=======", ">>>>>>>"].contains(where: line.hasPrefix) { continue }
      complain("half a line in the log: \(line.prefix(60))")
    }
    let shown = try world.run([world.tool, "query", "--jsonl"], in: place)
    let lines = Log(shown.output)
    if shown.status != 0 || !lines.broken.isEmpty || lines.isTorn {
      complain("query shows half a line: \(shown.errorText)\(lines.broken)")
    }
    for answer in recorded where answer.stored.contains("log") {
      if let id = answer.id, !lines.ids.contains(id) { complain("query does not show \(id)") }
    }
  }

  private mutating func expectSound(_ when: String) throws {
    let findings = try world.findings()
    if !findings.isEmpty { complain("git fsck \(when): \(findings)") }
  }

  /// Records an event: it goes through in time, and only its note may have to wait for a lock.
  private mutating func recordNext() throws -> Answer? {
    let words = [world.tool, "emit", "--json", "--role", "implementer", "--agent", "next", "--feature", Scene.feature]
    let start = ContinuousClock.now
    let result = try world.run(words, in: place)
    outcome.delay = ContinuousClock.now - start
    if outcome.delay > Trial.bound { complain("the next emit took \(outcome.delay)") }
    guard let answer = Answer.all(in: result.output).first, result.status == 0 else {
      complain("the next emit: status \(result.status) \(result.errorText)")
      return nil
    }
    let isHeldBack = answer.stored == ["journal", "log"] && result.errorText.contains("kitty-telemetry.lock")
    if !answer.isSuccess, !isHeldBack { complain("the next emit: \(result.errorText)") }
    return answer
  }

  /// Does what time and people do: what was left behind gets old, and locks of git's own are deleted by hand, as git
  /// tells whoever meets them.
  private mutating func clearAway() throws {
    let hourAgo = Date(timeIntervalSinceNow: -3600)
    let git = world.repository + "/.git"
    for name in try FileManager.default.subpathsOfDirectory(atPath: world.repository) {
      let path = "\(world.repository)/\(name)"
      if name.hasSuffix("refs/notes/kitty-telemetry.lock") || Aftermath.isLitter(name) {
        try FileManager.default.setAttributes([.modificationDate: hourAgo], ofItemAtPath: path)
      } else if name.hasSuffix(".lock"), path.hasPrefix(git + "/") {
        outcome.locks.append(String(name.dropFirst(".git/".count)))
        try FileManager.default.removeItem(atPath: path)
      }
    }
  }

  /// Whether a file is a temporary one of the program's.
  private static func isLitter(_ name: String) -> Bool {
    let words = name.split(separator: "/").last?.split(separator: ".", omittingEmptySubsequences: false) ?? []
    return words.count > 3 && words[0].isEmpty && words.suffix(2).allSatisfy { UInt32($0) != nil }
  }

  /// Repairs, after which nothing may be left to mend and nothing lie about.
  private mutating func heal() throws {
    try repair()
    // The commit that events have waited for takes them in.
    guard !waiting.isEmpty else { return }
    try world.git("commit", "--quiet", "--allow-empty", "-m", "Go on", in: place)
    try repair()
    if !waiting.isEmpty { complain("events wait although the commit is there") }
  }

  private mutating func repair() throws {
    let repaired = try world.run([world.tool, "repair"], in: place)
    let said = repaired.errorText.split(separator: "\n")
    if repaired.status != 0 || !said.allSatisfy({ $0.hasPrefix("note: ") }) {
      complain("repair: status \(repaired.status) \(repaired.errorText)")
    }
    let verified = try world.run([world.tool, "verify"], in: place)
    if verified.status != 0 { complain("verify after repair: \(verified.outputText)\(verified.errorText)") }
    for name in try FileManager.default.subpathsOfDirectory(atPath: world.repository)
    where Aftermath.isLitter(name) || name.hasSuffix(".lock") {
      complain("left after repair: \(name)")
    }
  }

  /// Counts the events that were acknowledged and are gone, and checks that each is in its log and its note.
  private mutating func expectKept(_ ids: [String], atLeast count: Int) throws {
    let log = world.log(in: place)
    let logged = Set(log.ids)
    let noted = Set(try world.notedIDs())
    let journal = Set(try journaledIDs())
    outcome.acknowledged = Set(ids).count
    for id in Set(ids) {
      if !logged.contains(id), !noted.contains(id), !journal.contains(id) { outcome.lost += 1 }
      if !logged.contains(id) { complain("not in the log after repair: \(id)") }
      if !noted.contains(id) { complain("in no note after repair: \(id)") }
    }
    if logged.count < log.ids.count { complain("the log repeats events") }
    if logged.count < count {
      outcome.lost += count - logged.count
      complain("\(logged.count) events in the log, not \(count)")
    }
  }

  /// The events that the journal says wait for a commit: of several records the last one counts.
  private var waiting: Set<String> {
    var waits: [String: Bool] = [:]
    for record in records() {
      if let id = Aftermath.id(of: record) { waits[id] = record["waits"] == .bool(true) }
    }
    return Set(waits.filter(\.value).keys)
  }

  private func journaledIDs() throws -> [String] { records().compactMap(Aftermath.id) }

  private func records() -> [JSONObject] {
    let bytes = FileManager.default.contents(atPath: world.repository + "/.git/kitty-telemetry/journal.jsonl") ?? Data()
    return [UInt8](bytes).split(separator: 0x0A).compactMap { JSONValue(Array($0))?.object }
  }

  private static func id(of record: JSONObject) -> String? {
    record["line"].flatMap { Event(line: $0.canonicalText)?.id.description }
  }
}
