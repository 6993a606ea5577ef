import Foundation
import TestSupport
import Testing

/// Repositories of any size, as agents would have made them in months.
extension TestRepository {
  /// Makes `commits` commits in lanes of `lane` commits each, every one with `eventsOfCommit` events in its note and in
  /// the journal; each lane is merged, and the log is committed after that, but for the last one.
  ///
  /// Returns how many events there are.
  func grow(commits: Int, lane: Int, eventsOfCommit: Int) throws -> Int {
    var stream = Data()
    func commit(_ reference: String, mark: Int, after parents: [Int], files: [(path: String, content: Data)] = []) {
      stream.append(
        text:
          "commit \(reference)\nmark :\(mark)\ncommitter Test Person <test@example.com> \(1_700_000_000 + mark) +0000\n"
      )
      stream.append(text: "data 0\n")
      for (number, parent) in parents.enumerated() {
        stream.append(text: "\(number == 0 ? "from" : "merge") :\(parent)\n")
      }
      for file in files {
        stream.append(text: "M 100644 inline \(file.path)\ndata \(file.content.count)\n")
        stream.append(file.content)
        stream.append(text: "\n")
      }
    }
    commit("refs/heads/main", mark: 1, after: [], files: [("kitty-specs/f/spec.md", Data("A feature.\n".utf8))])
    var (main, tip, mark) = (1, 1, 1)
    var carriers: [(mark: Int, lines: [String])] = []
    var log = Data()
    for number in 0..<commits {
      mark += 1
      commit("refs/heads/lane-\(number / lane)", mark: mark, after: [number % lane == 0 ? main : tip])
      tip = mark
      let lines = (0..<eventsOfCommit).map { event(number * eventsOfCommit + $0) }
      carriers.append((mark, lines))
      log.append(text: lines.map { $0 + "\n" }.joined())
      guard number % lane == lane - 1 || number == commits - 1 else { continue }
      commit("refs/heads/main", mark: mark + 1, after: [main, tip])
      mark += 1
      if number < commits - 1 {
        commit("refs/heads/main", mark: mark + 1, after: [mark], files: [(self.log(), log)])
        mark += 1
      }
      main = mark
    }
    try importing(stream, "--export-marks=\(folder.path)/marks")
    try note(carriers)
    try git("reset", "--quiet", "--hard")
    return commits * eventsOfCommit
  }

  private func event(_ number: Int) -> String {
    let digits = String(number)
    return
      #"{"aggregate_id": "f", "causation_id": null, "event_id": "01KH\#(String(repeating: "0", count: 22 - digits.count))\#(digits)", "#
      + #""event_type": "ExecutionEvent", "lamport_clock": \#(number + 1), "node_id": "cli:WP\#(10 + number % 20)", "#
      + #""payload": {"agent": "claude", "cost_usd": 0.25, "input_tokens": \#(number), "role": "implementer", "#
      + #""wp_id": "WP\#(10 + number % 20)"}, "timestamp": "2026-02-16T09:12:58+00:00"}"#
  }

  /// Writes the notes and the journal's records of events, by the marks of their commits.
  private func note(_ carriers: [(mark: Int, lines: [String])]) throws {
    var names: [String: String] = [:]
    for line in lines("\(folder.path)/marks") {
      let words = line.split(separator: " ")
      names[String(words[0])] = String(words[1])
    }
    var stream = Data()
    stream.append(
      text: "commit refs/notes/kitty-telemetry\ncommitter Test Person <test@example.com> 1700000000 +0000\n")
    stream.append(text: "data 0\n")
    var journal = Data()
    for (mark, lines) in carriers {
      let name = try #require(names[":\(mark)"])
      let body = lines.map { $0 + "\n" }.joined()
      stream.append(text: "N inline \(name)\ndata \(body.utf8.count)\n\(body)\n")
      let records = lines.map { line in
        #"{"branch": "refs/heads/main", "commit": "\#(name)", "directory": "kitty-specs/f", "head": "\#(name)", "#
          + #""line": \#(line), "waits": false, "worktree": ""}"# + "\n"
      }
      journal.append(text: records.joined())
    }
    try importing(stream)
    let folder = URL(fileURLWithPath: path + "/.git/kitty-telemetry")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try journal.write(to: folder.appendingPathComponent("journal.jsonl"))
  }

  private func importing(_ stream: Data, _ arguments: String...) throws {
    try git(["fast-import", "--quiet"] + arguments, input: [UInt8](stream))
  }

  /// Runs the program, which must print `expected`, and returns the processor time that it took: the time of day would
  /// depend on what else the machine does.
  func time(_ arguments: String..., printing expected: String, sourceLocation: SourceLocation = #_sourceLocation) throws
    -> Duration
  {
    let result = try startTool(arguments, prefix: ["sh", "-c", #""$@"; times"#, "sh"]).wait()
    #expect(
      result.outputText.contains(expected), "\(result.outputText) \(result.errorText)", sourceLocation: sourceLocation)
    // The last line is the children's: `0m1.250000s 0m0.010000s`.
    let times = try #require(result.outputText.split(separator: "\n").last, sourceLocation: sourceLocation)
    let seconds = times.split(separator: " ").map { time in
      let parts = time.dropLast().split(separator: "m").compactMap { Double($0) }
      return parts.count == 2 ? parts[0] * 60 + parts[1] : 0
    }
    return .seconds(seconds.reduce(0, +))
  }
}

extension Data {
  fileprivate mutating func append(text: String) { append(contentsOf: text.utf8) }
}
