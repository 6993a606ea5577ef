import Events
import Foundation
import Journal
import SystemPackage
import TestSupport
import Testing

/// What hooks leave for each other.
struct HookStateTests {
  private func record(_ number: Int, worktree: String, waits: Bool) throws -> JournalRecord {
    let id = try #require(EventID("01HZZZZZZZZZZZZZZZZZZZZZ" + (number < 10 ? "0" : "") + "\(number)"))
    let event = Event(
      id: id, aggregateID: "f", lamportClock: LamportValue(1), nodeID: "cli:WP01", payload: JSONObject([]),
      timestamp: .epoch)
    return JournalRecord(
      event: event.line, directory: "kitty-specs/f", worktree: worktree, branch: nil, head: nil,
      commit: waits ? nil : "c")
  }

  @Test func `records that wait are kept apart until they wait no longer`() throws {
    let folder = try ScratchDirectory()
    let journal = CommonJournal(commonDirectory: FilePath(folder.path))
    _ = try journal.lockPath()
    #expect(try !journal.isUnsettled(inWorktree: ""))
    try journal.append([record(1, worktree: "", waits: true), record(2, worktree: "", waits: false)])
    try journal.append([record(3, worktree: "lane", waits: true)])
    #expect(try journal.waitingRecords().map(\.worktree) == ["", "lane"])
    #expect(try journal.isUnsettled(inWorktree: "") && journal.isUnsettled(inWorktree: "lane"))
    #expect(try !journal.isUnsettled(inWorktree: "other"))
    try journal.keepWaiting { $0.worktree == "lane" }
    #expect(try !journal.isUnsettled(inWorktree: ""))
    try journal.keepWaiting { _ in false }
    #expect(try journal.waitingRecords().isEmpty)
    #expect(try journal.records().count == 3, "the ledger keeps everything")
  }

  @Test func `an event that cannot be recorded does not wait`() throws {
    let folder = try ScratchDirectory()
    let journal = CommonJournal(commonDirectory: FilePath(folder.path))
    _ = try journal.lockPath()
    try FileManager.default.createDirectory(
      atPath: "\(folder.path)/kitty-telemetry/journal.jsonl", withIntermediateDirectories: false)
    #expect(throws: JournalError.self) { try journal.append([try record(1, worktree: "", waits: true)]) }
    #expect(try journal.waitingRecords().isEmpty)
  }

  @Test func `the records of one worktree are told by how they end`() throws {
    let folder = try ScratchDirectory()
    let journal = CommonJournal(commonDirectory: FilePath(folder.path))
    #expect(try journal.records(ofWorktree: "").isEmpty)
    _ = try journal.lockPath()
    let names = ["", "a", "b\"a", "é", "a"]
    for (number, name) in names.enumerated() { try journal.append([record(number, worktree: name, waits: false)]) }
    for name in Set(names) {
      #expect(try journal.records(ofWorktree: name).map(\.worktree) == names.filter { $0 == name })
    }
    #expect(try journal.records(ofWorktree: "none").isEmpty)
  }

  @Test func `a squash is taken once, and one that is torn is none`() throws {
    let folder = try ScratchDirectory()
    let journal = CommonJournal(commonDirectory: FilePath(folder.path))
    #expect(try journal.takeSquash(inWorktree: "") == nil)
    try journal.remember(CommonJournal.Squash(on: "h", steps: 3, of: ["x", "y"]), inWorktree: "")
    #expect(journal.hasSquash(inWorktree: "") && !journal.hasSquash(inWorktree: "lane"))
    let squash = try #require(try journal.takeSquash(inWorktree: ""))
    #expect((squash.head, squash.steps) == ("h", 3) && squash.commits == ["x", "y"])
    #expect(try journal.takeSquash(inWorktree: "") == nil)
    try Data("h".utf8).write(to: URL(filePath: "\(folder.path)/kitty-telemetry/squashes/in-"))
    #expect(try journal.takeSquash(inWorktree: "") == nil && !journal.hasSquash(inWorktree: ""))
  }

  @Test func `heirs are kept until they are released`() throws {
    let folder = try ScratchDirectory()
    let journal = CommonJournal(commonDirectory: FilePath(folder.path))
    try journal.inherit("new", from: ["old", "older"])
    try journal.inherit("new", from: ["oldest"])
    #expect(journal.heirs == ["new"])
    #expect(try journal.ancestors(of: "new") == ["old", "older", "oldest"] && journal.ancestors(of: "none").isEmpty)
    #expect(try journal.isUnsettled(inWorktree: "any"))
    try journal.releaseHeir("new")
    #expect(journal.heirs.isEmpty)
  }

  @Test func `git's lock is there while it is held`() throws {
    let folder = try ScratchDirectory()
    let path = FilePath("\(folder.path)/config")
    do {
      let lock = try GitFileLock(path)
      let error = #expect(throws: JournalError.self) { _ = try GitFileLock(path) }
      let isThere = if case .system(.fileExists)? = error?.code { true } else { false }
      #expect(isThere)
      _ = consume lock
    }
    _ = try GitFileLock(path)
    #expect(!FileSystem.exists(FilePath("\(folder.path)/config.lock")))
  }
}
