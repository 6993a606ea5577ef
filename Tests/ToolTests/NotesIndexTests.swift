import Events
import Foundation
import TestSupport
import Testing

/// The journal's index of the notes: what is in it saves time, and never changes what a command answers.
struct `The index of notes` {
  /// A feature with merged lanes, whose events are in the log of the last commit and in notes.
  private func prepared() throws -> TestRepository {
    let repository = try TestRepository()
    try repository.plan()
    for wpID in ["WP01", "WP02", "WP03"] {
      try repository.workPackage(wpID)
      try repository.git("merge", "--quiet", "--no-ff", "--no-edit", "f-\(wpID)")
      // An event that the log of another worktree knows too is looked at each time.
      try repository.abandon(wpID)
    }
    try repository.merged("--commit")
    // The first merge finds out which commits lead to HEAD, the second one relies on it.
    try repository.merged()
    return repository
  }

  /// Removes the blobs of the notes on `commits`, as if they were too many to be read.
  private func hideNotes(of commits: [String], in repository: TestRepository) throws {
    for commit in commits {
      let blob = try repository.git("notes", "--ref=kitty-telemetry", "list", commit)
      let path = "\(repository.path)/.git/objects/\(blob.prefix(2))/\(blob.dropFirst(2))"
      try FileManager.default.removeItem(atPath: path)
    }
  }

  private func annotated(in repository: TestRepository) throws -> [String] {
    try repository.git("notes", "--ref=kitty-telemetry", "list").split(separator: "\n").map {
      String($0.split(separator: " ")[1])
    }
  }

  @Test func `lets merge and verify do without the notes that say nothing new`() throws {
    let repository = try prepared()
    try hideNotes(of: annotated(in: repository), in: repository)
    let lane = try repository.startWork(on: "WP04")
    try repository.work(in: lane, "WP04.txt")
    let new = try repository.emittedID(in: lane)
    try repository.git("merge", "--quiet", "--no-ff", "--no-edit", "f-WP04")
    let report = try repository.merged()
    guard case .array(let features)? = report["features"] else { throw CancellationError() }
    #expect(features.first?.object?["events"] == .integer(7) && features.first?.object?["added"] == .integer(1))
    #expect(repository.loggedIDs().contains(new))
    let verified = try repository.startTool(["verify"]).wait()
    #expect(verified.status == 0, "\(verified.outputText) \(verified.errorText)")
  }

  @Test func `lets a range be asked for without the notes of other commits`() throws {
    let repository = try prepared()
    let lane = try repository.startWork(on: "WP04")
    let others = try annotated(in: repository)
    try repository.work(in: lane, "WP04.txt")
    let new = try repository.emittedID(in: lane)
    #expect(try repository.queriedIDs("main..f-WP04") == [new])
    try hideNotes(of: others, in: repository)
    #expect(try repository.queriedIDs("main..f-WP04") == [new])
    #expect(try repository.reported("cost", "-g", "commit").count == 3)
    let refused = try repository.report(["query", others[0]])
    #expect(refused.status == 1 && refused.errorText.contains("lacks its blob"))
  }

  /// What may stand in the place of the index.
  enum Replacement: CaseIterable {
    case nothing, noise, torn, older, foreign, folder
  }

  @Test(arguments: Replacement.allCases)
  func `changes no result, whatever became of it and whoever wrote notes`(replacement: Replacement) throws {
    let repository = try prepared()
    let path = "\(repository.path)/.git/kitty-telemetry/notes-index"
    let older = try Data(contentsOf: URL(filePath: path))
    #expect(!older.isEmpty)

    // Since then: more events, notes that git removed, copied and extended, and a branch that was thrown away.
    let commits = try annotated(in: repository)
    let text = try repository.notedLines(commits[0])
    try repository.git("notes", "--ref=kitty-telemetry", "remove", commits[0])
    let (foreign, alone) = (TestRepository.foreignLine(clock: 70), TestRepository.foreignLine(clock: 71))
    try repository.git("notes", "--ref=kitty-telemetry", "append", "-m", foreign, commits[1])
    let changed = try #require(text.last).replacing("\"implementer\"", with: "\"reviewer\"")
    try repository.git("notes", "--ref=kitty-telemetry", "append", "-m", changed, commits[2])
    let gone = try repository.git("commit-tree", "-p", "HEAD", "-m", "gone", "HEAD^{tree}")
    try repository.git("notes", "--ref=kitty-telemetry", "add", "-m", alone, gone)
    let lane = try repository.startWork(on: "WP04")
    try repository.work(in: lane, "WP04.txt")
    try repository.emittedID(in: lane)
    // The log loses a line, which only a note has then.
    try repository.write(repository.log(), repository.lines(repository.log()).dropFirst().map { $0 + "\n" }.joined())

    func answers() throws -> [String] {
      let verified = try repository.startTool(["verify", "--json"]).wait()
      let range = try repository.report(["query", "--jsonl", "main~3..f-WP04"])
      let costs = try repository.report(["cost", "-g", "commit", "--json"])
      let merged = try repository.startTool(["merge", "--json"]).wait()
      let log = repository.lines(repository.log())
      return [verified.outputText, range.outputText, costs.outputText, merged.outputText] + log
    }
    let start = repository.folder.path + "/start"
    try FileManager.default.copyItem(atPath: repository.path, toPath: start)
    try FileManager.default.removeItem(atPath: path)
    let expected = try answers()
    #expect(expected.contains(foreign) && expected.contains(alone))

    try FileManager.default.removeItem(atPath: repository.path)
    try FileManager.default.copyItem(atPath: start, toPath: repository.path)
    switch replacement {
    case .nothing: break
    case .noise: try Data("not an index at all".utf8).write(to: URL(filePath: path))
    case .torn: try older.prefix(older.count / 2).write(to: URL(filePath: path))
    case .older: try older.write(to: URL(filePath: path))
    case .foreign:
      let other = try prepared()
      let theirs = try Data(contentsOf: URL(filePath: "\(other.path)/.git/kitty-telemetry/notes-index"))
      try theirs.write(to: URL(filePath: path))
    case .folder:
      try FileManager.default.removeItem(atPath: path)
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
    #expect(try answers() == expected)
  }
}

extension TestRepository {
  /// The line of an event that another program wrote.
  fileprivate static func foreignLine(clock: Int) -> String {
    #"{"aggregate_id": "f", "causation_id": null, "event_id": "01KH00000000000000000000\#(clock)", "#
      + #""event_type": "ExecutionEvent", "lamport_clock": \#(clock), "node_id": "cli:WP09", "#
      + #""payload": {}, "timestamp": "2026-02-16T09:12:58+00:00"}"#
  }
}
