import Events
import Journal
import SystemPackage
import TestSupport
import Testing

struct JournalCompactionTests {
  private let files: Files
  private let journal: CommonJournal

  init() throws {
    files = try Files()
    journal = CommonJournal(commonDirectory: files.folder)
    _ = try journal.lock(within: .seconds(1))
  }

  private var ledger: FilePath { files.path("kitty-telemetry/journal.jsonl") }

  private func record(_ number: Int) -> JournalRecord {
    JournalRecord(
      event: bytes(line(number)), directory: "kitty-specs/f", worktree: "", branch: nil, head: nil, commit: nil)
  }

  @Test func `the commits of dropped records are remembered, each once`() throws {
    try journal.append([record(1), record(2), record(3)])
    #expect(try journal.recordedCommits().isEmpty)
    #expect(try journal.compact { $0.event == bytes(line(3)) ? nil : ["bb", "aa"] } == 2)
    #expect(try journal.recordedCommits() == ["aa", "bb"])
    #expect(try journal.compact { _ in ["aa", "cc"] } == 1)
    #expect(try files.text(of: files.path("kitty-telemetry/commits")) == "aa\nbb\ncc\n")
  }

  @Test func `an event whose record was dropped is still known, with its clock and a commit`() throws {
    try journal.append([record(1), record(2)])
    #expect(try journal.compact { $0.event == bytes(line(2)) ? nil : ["bb"] } == 1)
    let ids = try [1, 2].map { try #require(Event(line: bytes(line($0)))?.id) }
    let dropped = try journal.dropped(among: Set(ids))
    #expect(Set(dropped.keys) == [ids[0]])
    #expect(dropped[ids[0]]?.lamportClock == LamportValue(1) && dropped[ids[0]]?.commit == "bb")
  }

  @Test func `records that are not kept go, all others and what is no record stay byte for byte`() throws {
    try journal.append([record(1), record(2), record(3)])
    try files.append("no record\n{\"torn", to: ledger)
    let dropped = try journal.compact { $0.event == bytes(line(2)) ? [] : nil }
    #expect(dropped == 1)
    #expect(try journal.records().map(\.event) == [bytes(line(1)), bytes(line(3))])
    #expect(try files.text(of: ledger).hasSuffix("\nno record\n{\"torn\n"))
  }

  @Test func `where every record is kept nothing is written`() throws {
    #expect(try journal.compact { _ in [] } == 0)
    try journal.append([record(1)])
    let before = FileIdentity.of(ledger)
    #expect(try journal.compact { _ in nil } == 0)
    #expect(FileIdentity.of(ledger) == before)
  }

  @Test func `the commit up to which notes were joined is remembered for their reference`() throws {
    #expect(try journal.joinedNotes(of: "refs/notes/x") == nil)
    try journal.remember(joinedNotes: "1234", of: "refs/notes/x")
    #expect(try journal.joinedNotes(of: "refs/notes/x") == "1234")
    #expect(try journal.joinedNotes(of: "refs/notes/y") == nil)
    try files.write("torn", to: files.path("kitty-telemetry/notes-joined"))
    #expect(try journal.joinedNotes(of: "refs/notes/x") == nil)
  }
}
