package import Events

// Orchestrators keep what each agent printed in `.kittify/logs`. There are two generations of such logs. The older one
// is named `<wp>-<phase>-<date>-<time>.log`, where the date and the time may be missing:
//
//   ======================================================================
//   Agent: claude-code
//   Role: implementation
//   Exit code: 0
//   Success: True
//   Duration: 12.34s
//   ======================================================================
//
//   --- ERRORS ---                  sections with two blanks before each line, where there is something to tell
//     …
//
//   --- STDOUT ---
//   …
//
//   --- STDERR ---
//   …
//
// The newer one is named `<feature>_<wp>_<phase>.log`, and says neither how long it took nor who ran but for the
// command:
//
//   === command: claude -p --output-format json ===
//   === exit_code: 0 ===
//   === stdout ===
//   …
//   === stderr ===
//   …
//
// The phases are `implementation`, `reimpl-<n>`, `review` and `review-<n>`.

/// What an orchestrator kept of one run of an agent.
package struct OrchestratorLog: Sendable {
  /// The feature's slug, where the name says it.
  package let feature: String?
  /// The work package.
  package let wpID: String
  /// What the agent was asked to be.
  package let role: Role
  /// The agent's name.
  package let agent: String
  /// What came of the run.
  package let result: InvocationResult
  /// The identity of the event that this log stands for: that of its name and its content.
  package let id: EventID

  /// Reads a log from its file's name and content; `nil` when it is none.
  package init?(name: String, content: [UInt8]) {
    guard let place = Place(name: name) else { return nil }
    guard let run = Run(older: content[...]) ?? Run(newer: content[...]) else { return nil }
    feature = place.feature
    wpID = place.wpID
    role = place.role
    agent = run.agent
    var result = InvocationResult(
      agent: run.output, output: Array(run.stdout), errors: Array(run.stderr), exitCode: run.exitCode,
      durationSeconds: run.seconds)
    if let success = run.success, !success { result.success = false }
    if !result.success, result.errors.isEmpty { result.errors = run.errors }
    result.model = result.model ?? run.model
    self.result = result
    id = EventID.derived(from: Array(name.utf8) + [0] + content)
  }

  /// What a log's name says.
  private struct Place {
    var feature: String?
    let wpID: String
    let role: Role

    init?(name: String) {
      guard name.hasSuffix(".log") else { return nil }
      let stem = name.dropLast(".log".count)
      let parts = stem.split(separator: "_", omittingEmptySubsequences: false)
      if parts.count >= 3, let role = Place.role(parts[parts.count - 1]) {
        feature = parts.dropLast(2).joined(separator: "_")
        wpID = String(parts[parts.count - 2])
        self.role = role
      } else {
        guard let end = stem.firstIndex(of: "-"), let role = Place.role(stem[stem.index(after: end)...])
        else { return nil }
        wpID = String(stem[..<end])
        self.role = role
      }
      guard wpID.hasPrefix("WP"), feature != "" else { return nil }
    }

    private static func role(_ phase: Substring) -> Role? {
      switch phase.split(separator: "-").first {
      case "implementation", "reimpl": .implementer
      case "review": .reviewer
      default: nil
      }
    }
  }

  /// What a log says of the run.
  private struct Run {
    var agent = "unknown"
    var output: AgentOutput?
    var model: String?
    var exitCode = 0
    var success: Bool?
    var seconds: Double?
    var errors: [String] = []
    var stdout: ArraySlice<UInt8>
    var stderr: ArraySlice<UInt8>

    // The marks are looked for among bytes: what the agent printed need not be text, and its last character may be half
    // of a line's end.
    init?(older content: ArraySlice<UInt8>) {
      guard let begin = content.firstRange(of: "--- STDOUT ---\n".utf8),
        let end = content.lastRange(of: "\n\n--- STDERR ---\n"), end.lowerBound >= begin.upperBound
      else { return nil }
      stdout = content[begin.upperBound..<end.lowerBound]
      stderr = content[end.upperBound...]
      var section: Substring?
      for line in String(decoding: content[..<begin.lowerBound], as: UTF8.self).split(whereSeparator: \.isNewline) {
        if line.hasPrefix("--- ") { section = line }
        if section == "--- ERRORS ---", line.hasPrefix("  ") { errors.append(String(line.trimmingBlanks)) }
        guard section == nil, let colon = line.firstRange(of: ": ") else { continue }
        let value = line[colon.upperBound...].trimmingBlanks
        if !value.isEmpty { read(line[..<colon.lowerBound], value) }
      }
      guard agent != "unknown" else { return nil }
    }

    private mutating func read(_ key: Substring, _ value: Substring) {
      switch key {
      case "Agent":
        agent = String(value)
        output = AgentOutput(agent: agent)
      case "Exit code": exitCode = Int(value) ?? 0
      case "Success": success = value == "True"
      case "Duration": seconds = Double(value.dropLast()).flatMap { $0.isFinite && $0 >= 0 ? $0 : nil }
      default: break
      }
    }

    init?(newer content: ArraySlice<UInt8>) {
      let opening = "=== command: ".utf8
      // Looked for behind the opening, whose last blank is not the first one of the mark.
      guard content.starts(with: opening),
        let exit = content.dropFirst(opening.count).firstRange(of: " ===\n=== exit_code: ".utf8),
        let begin = content[exit.upperBound...].firstRange(of: " ===\n=== stdout ===\n".utf8),
        let end = content.lastRange(of: "\n=== stderr ===\n"), end.lowerBound >= begin.upperBound,
        let code = Int(String(decoding: content[exit.upperBound..<begin.lowerBound], as: UTF8.self))
      else { return nil }
      let words = content.dropFirst(opening.count)[..<exit.lowerBound].split(separator: UInt8(ascii: " "))
      guard let command = AgentCommand(words.map { String(decoding: $0, as: UTF8.self) }) else { return nil }
      agent = command.name
      output = command.output
      model = command.model
      exitCode = code
      stdout = content[begin.upperBound..<end.lowerBound]
      stderr = content[end.upperBound...]
    }
  }
}

extension ArraySlice<UInt8> {
  /// The last range that holds `text`.
  fileprivate func lastRange(of text: String) -> Range<Int>? {
    let mark = Array(text.utf8)
    var start = endIndex - mark.count
    while start >= startIndex {
      let end = start + mark.count
      if self[start] == mark[0], self[start..<end].elementsEqual(mark) { return start..<end }
      start -= 1
    }
    return nil
  }
}
