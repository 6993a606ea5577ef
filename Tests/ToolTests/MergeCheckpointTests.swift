import Events
import Foundation
import TestSupport
import Testing

/// What a merge leaves for the next one: it saves time, and never changes what a merge does.
struct `The checkpoint of a merge` {
  private let notes = "refs/notes/kitty-telemetry"

  /// Two features with committed logs and settled notes; the work tree's log of a third one is in no commit, and the
  /// checkpoint of a merge that has looked at everything.
  private func prepared() throws -> TestRepository {
    let repository = try TestRepository()
    try repository.plan()
    for feature in ["g", "h"] { try repository.write("kitty-specs/\(feature)/spec.md", "Another feature.\n") }
    try repository.write(".git/info/exclude", repository.log("h") + "\n" + repository.clock("h") + "\n")
    try repository.commit("Plan g and h")
    for (number, wpID) in ["WP01", "WP02", "WP03"].enumerated() {
      try repository.workPackage(wpID)
      try repository.emitted("--feature", "g", "--wp-id", wpID)
      if number < 2 { try repository.git("merge", "--quiet", "--no-ff", "--no-edit", "f-\(wpID)") }
      // The third lane goes on.
      if number < 2 { try repository.abandon(wpID) }
    }
    try repository.merged()
    try repository.commit("Record the telemetry")
    // What the journal knows is no longer news once a commit has it; of h no commit does.
    try repository.merged()
    try repository.commit("Go on")
    let foreign = try (0..<6).map { number in
      let commit = try repository.commit("Foreign \(number)")
      let line = TestRepository.foreignLine(number, of: "h")
      try repository.git("notes", "--ref=kitty-telemetry", "add", "-m", line, commit)
      return line + "\n"
    }
    try repository.write(repository.log("h"), foreign.joined())
    try repository.lookAtEverything()
    return repository
  }

  /// What has happened since.
  enum Change: String, CaseIterable {
    case nothing, commits, lane, laneMerged, otherLane, amended, reset, otherBranch, conflictInLog
    case eventAgain, eventOnSettledCommit, emittedAndSwept
    case notesDeleted, notesRewound, noteRemoved, noteAppended, noteMoved, noteChanged, notesFetched, notesOvertaken
    case logLost, logLineLost, logLineChanged, logDuplicated, committedLineLost, committedLineChanged, committedCopy
    case folderRenamed, folderCopied, folderDropped, logCommitted, parentHasMore, shallow, mergeOpen
  }

  private func apply(_ change: Change, to repository: TestRepository) throws {
    let annotated = try repository.git("notes", "--ref=kitty-telemetry", "list").split(separator: "\n")
      .map { String($0.split(separator: " ")[1]) }
    let (log, other) = (repository.lines(repository.log("f")), repository.lines(repository.log("h")))
    let noted = try #require(annotated.first { try !repository.notedLines($0).allSatisfy { !log.contains($0) } })
    switch change {
    case .nothing: break
    case .commits: for number in 0..<3 { try repository.commit("Commit \(number)") }
    case .lane: try repository.workPackage("WP04")
    case .laneMerged:
      try repository.workPackage("WP04")
      try repository.git("merge", "--quiet", "--no-ff", "--no-edit", "f-WP04")
    case .otherLane:
      try repository.git("merge", "--quiet", "--no-ff", "--no-edit", "f-WP03")
    case .amended: try repository.git("commit", "--quiet", "--amend", "--allow-empty", "-m", "Amended")
    case .reset: try repository.git("reset", "--quiet", "--hard", "HEAD~7")
    case .otherBranch: try repository.git("checkout", "--quiet", "-b", "other", "HEAD~9")
    case .conflictInLog:
      try repository.git("checkout", "--quiet", "-b", "other")
      for branch in ["other", "main"] {
        try repository.git("checkout", "--quiet", branch)
        let line = TestRepository.foreignLine(branch == "main" ? 40 : 41, of: "g")
        try repository.write(
          repository.log("g"), (repository.lines(repository.log("g")) + [line, ""]).joined(separator: "\n"))
        try repository.commit("On \(branch)")
      }
      try repository.attempt(["merge", "other"])
    case .eventAgain:
      try repository.emitted("--feature", "f", "--event-id", try #require(events(log).first).id.description)
    case .eventOnSettledCommit: try repository.emitted("--feature", "f", "--commit", noted)
    case .emittedAndSwept:
      for feature in ["f", "g", "h"] { try repository.emitted("--feature", feature) }
      try repository.git("checkout", "--quiet", "--", "kitty-specs/f")
    case .notesDeleted: try repository.git("update-ref", "-d", notes)
    case .notesRewound: try repository.git("update-ref", notes, "\(notes)~4")
    case .noteRemoved: try repository.git("notes", "--ref=kitty-telemetry", "remove", noted)
    case .noteAppended:
      try repository.git(
        "notes", "--ref=kitty-telemetry", "append", "-m", TestRepository.foreignLine(50, of: "f"), noted)
    case .noteMoved:
      try repository.git("notes", "--ref=kitty-telemetry", "copy", noted, try repository.commit("Takes a note"))
    case .noteChanged:
      let changed = try repository.notedLines(noted).map { $0.replacing("implementer", with: "reviewer") }
      try repository.git("notes", "--ref=kitty-telemetry", "add", "-f", "-m", changed.joined(separator: "\n"), noted)
    case .notesFetched:
      let text = [log[0].replacing("implementer", with: "reviewer"), TestRepository.foreignLine(51, of: "g")]
      try repository.git(
        "notes", "--ref=remotes/origin/kitty-telemetry", "add", "-m", text.joined(separator: "\n"), noted)
    case .notesOvertaken:
      // Another program puts a commit in place of the tip that does not know the last ones.
      let tree = try repository.git("rev-parse", "\(notes)~3^{tree}")
      let commit = try repository.git("commit-tree", "-p", "\(notes)~3", "-m", "Notes added by 'git notes add'", tree)
      try repository.git("update-ref", notes, commit)
    case .logLost: try FileManager.default.removeItem(atPath: "\(repository.path)/\(repository.log("h"))")
    case .logLineLost: try repository.write(repository.log("h"), other.dropFirst().map { $0 + "\n" }.joined())
    case .logLineChanged:
      let changed = other.map { $0.replacing("02-16T", with: "02-17T") + "\n" }
      try repository.write(repository.log("h"), changed.joined())
    case .logDuplicated: try repository.write(repository.log("g"), (other + [""]).joined(separator: "\n"))
    case .committedLineLost, .committedLineChanged, .committedCopy:
      var (path, changed) = (repository.log("f"), log)
      if change == .committedLineLost { changed.removeFirst() }
      if change == .committedLineChanged { changed[0].replace("implementer", with: "reviewer") }
      if change == .committedCopy { path = repository.log("g") }
      try repository.write(path, changed.map { $0 + "\n" }.joined())
      try repository.git("add", "--force", path)
      try repository.commit("Change a log")
    case .folderRenamed:
      try repository.git("mv", "kitty-specs/f", "kitty-specs/k")
      try repository.commit("Rename f")
      try repository.emitted("--feature", "g")
    case .folderCopied:
      // Events that two logs have, and one of which has lost them when the next merge comes.
      for folder in ["c", "m"] { try repository.write(repository.log(folder), log.map { $0 + "\n" }.joined()) }
      try repository.git("add", "--force", "kitty-specs")
      try repository.commit("Copy f")
      try repository.lookAtEverything()
      try repository.write(repository.log("m"), log.dropFirst().map { $0 + "\n" }.joined())
      try repository.git("add", "--force", "kitty-specs")
      try repository.commit("Lose a line")
    case .folderDropped:
      try repository.git("rm", "-r", "--quiet", "kitty-specs/f")
      try repository.commit("Drop f")
    case .logCommitted:
      try repository.git("add", "--force", "kitty-specs/h")
      try repository.commit("Commit what was hidden")
    case .parentHasMore:
      try repository.write(
        repository.log("g"), (log + [TestRepository.foreignLine(60, of: "g"), ""]).joined(separator: "\n"))
      try repository.commit("More")
      try repository.git("revert", "--no-edit", "HEAD")
    case .shallow: try repository.write(".git/shallow", try repository.git("rev-parse", "HEAD~3") + "\n")
    case .mergeOpen: try repository.git("merge", "--quiet", "--no-ff", "--no-commit", "f-WP03")
    }
  }

  /// Everything that a merge writes, and what it says.
  private func outcome(of arguments: [String], in repository: TestRepository) throws -> [String: Data] {
    let result = try repository.startTool(["merge", "--json"] + arguments).wait()
    var outcome = try listing("\(repository.path)/kitty-specs")
    outcome["tree of notes"] = Data(try repository.attempt(["rev-parse", "-q", "--verify", "\(notes)^{tree}"]).output)
    outcome["output"] = Data(result.output)
    outcome["errors"] = Data("\(result.status) \(result.errorText)".utf8)
    return outcome
  }

  @Test(arguments: Change.allCases)
  func `changes nothing that a merge writes or says, whatever has happened since`(change: Change) throws {
    let repository = try prepared()
    try apply(change, to: repository)
    let start = repository.folder.path + "/start"
    try FileManager.default.copyItem(atPath: repository.path, toPath: start)
    func outcomes(keepingCheckpoints isKept: Bool) throws -> [String: Data] {
      var outcomes: [String: Data] = [:]
      // Each merge goes on from what the one before has left.
      for (step, arguments) in [["--check"], ["--feature", "f"], ["--feature", "h"], [], []].enumerated() {
        if !isKept { try repository.forgetCheckpoint() }
        for (name, data) in try outcome(of: arguments, in: repository) { outcomes["\(step) \(name)"] = data }
      }
      return outcomes
    }
    let found = try outcomes(keepingCheckpoints: true)
    try FileManager.default.removeItem(atPath: repository.path)
    try FileManager.default.moveItem(atPath: start, toPath: repository.path)
    let expected = try outcomes(keepingCheckpoints: false)
    for (name, data) in expected where found[name] != data {
      let other = found[name].map { String(decoding: $0, as: UTF8.self) } ?? "nothing"
      Issue.record("\(name): \(other)\ninstead of \(String(decoding: data, as: UTF8.self))")
    }
    #expect(found.count == expected.count)
  }

  @Test func `lets a merge do without settled notes, their index, and the logs of other features`() throws {
    let repository = try prepared()
    let before = try #require(repository.checkpointFile)
    try repository.commit("What is new has a note of its own")
    try repository.emitted("--feature", "h")
    let listed = try repository.git("notes", "--ref=kitty-telemetry", "list").split(separator: "\n")
    let settled = try listed.map { $0.split(separator: " ").map(String.init) }.filter { words in
      try repository.notedLines(words[1]).contains { $0.contains("\"foreign\"") }
    }
    #expect(settled.count == 6)
    let log = try repository.git("rev-parse", "HEAD:\(repository.log("f"))")
    for blob in settled.map({ $0[0] }) + [log] {
      try FileManager.default.removeItem(
        atPath: "\(repository.path)/.git/objects/\(blob.prefix(2))/\(blob.dropFirst(2))")
    }
    try FileManager.default.removeItem(atPath: "\(repository.path)/.git/kitty-telemetry/notes-index")
    let report = try repository.merged("--feature", "h")
    guard case .array(let features)? = report["features"] else { throw CancellationError() }
    #expect(features.first?.object?["events"] == .integer(7))
    #expect(repository.checkpointFile == before)
  }

  @Test func `is made anew when a fair share of the notes may have become settled`() throws {
    let repository = try prepared()
    let before = try #require(repository.checkpointFile)
    for number in 20...30 {
      let line = TestRepository.foreignLine(number, of: "h")
      try repository.git("notes", "--ref=kitty-telemetry", "add", "-m", line, try repository.commit("\(number)"))
      try repository.merged("--feature", "h")
      if number == 20 { #expect(repository.checkpointFile == before) }
    }
    #expect(repository.checkpointFile != before)
  }

  /// What may stand in the place of a checkpoint.
  enum Replacement: CaseIterable {
    case noise, empty, torn, flipped, foreign, folder
  }

  @Test(arguments: Replacement.allCases)
  func `that is damaged, or another repository's, is ignored and replaced`(replacement: Replacement) throws {
    let repository = try prepared()
    try repository.emitted("--feature", "h")
    let url = URL(filePath: repository.checkpointPath)
    var bytes = try Data(contentsOf: url)
    switch replacement {
    case .noise: try Data("not a checkpoint".utf8).write(to: url)
    case .empty: try Data().write(to: url)
    case .torn: try bytes.prefix(bytes.count / 16 * 8).write(to: url)
    case .flipped:
      bytes[bytes.count / 2] ^= 1
      try bytes.write(to: url)
    case .foreign:
      let other = try prepared()
      try other.commit("Another history")
      try other.lookAtEverything()
      try Data(contentsOf: URL(filePath: other.checkpointPath)).write(to: url)
    case .folder:
      try FileManager.default.removeItem(at: url)
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }
    let before = repository.checkpointFile
    try repository.merged("--feature", "h")
    #expect(repository.lines(repository.log("h")).count == 7)
    #expect(replacement == .folder || repository.checkpointFile != before)
  }

  @Test func `is kept for each worktree, and goes with it`() throws {
    let repository = try prepared()
    let folder = "\(repository.path)/.git/kitty-telemetry/settled"
    let lane = "\(repository.path)/.worktrees/f-WP03"
    try repository.merged(in: lane)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["in-", "in-f-WP03"])
    try repository.abandon("WP03")
    try repository.lookAtEverything()
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["in-"])
  }
}

extension TestRepository {
  fileprivate var checkpointPath: String { "\(path)/.git/kitty-telemetry/settled/in-" }

  /// Which file the checkpoint is in; another one when it has been replaced.
  fileprivate var checkpointFile: [AnyHashable]? {
    // Without a checkpoint there is no file. The number alone would not do: that of a file which is gone is given again.
    let attributes = try? FileManager.default.attributesOfItem(atPath: checkpointPath)
    guard let number = attributes?[.systemFileNumber] as? Int, let date = attributes?[.modificationDate] as? Date
    else { return nil }
    return [number, date]
  }

  /// Removes what merges have left for those after them.
  fileprivate func forgetCheckpoint() throws {
    let folder = "\(path)/.git/kitty-telemetry/settled"
    if FileManager.default.fileExists(atPath: folder) { try FileManager.default.removeItem(atPath: folder) }
  }

  /// Merges without a checkpoint, which makes one.
  fileprivate func lookAtEverything() throws {
    try forgetCheckpoint()
    try merged()
  }

  /// The line of an event that another program wrote.
  fileprivate static func foreignLine(_ number: Int, of feature: String) -> String {
    #"{"aggregate_id": "\#(feature)", "causation_id": null, "event_id": "01KH00000000000000000000\#(10 + number)", "#
      + #""event_type": "ExecutionEvent", "lamport_clock": \#(10 + number), "node_id": "foreign", "payload": {}, "#
      + #""timestamp": "2026-02-16T09:12:58+00:00"}"#
  }
}
