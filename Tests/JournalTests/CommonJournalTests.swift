import Events
import Journal
import SystemPackage
import TestSupport
import Testing

struct CommonJournalTests {
  private let files: Files
  private let journal: CommonJournal

  init() throws {
    files = try Files()
    journal = CommonJournal(commonDirectory: files.folder)
  }

  private var ledger: FilePath { files.path("kitty-telemetry/journal.jsonl") }

  private func record(
    _ event: String, directory: String = "kitty-specs/043-x", worktree: String = "", branch: String? = "refs/heads/x",
    head: String? = nil, commit: String? = nil
  ) -> JournalRecord {
    JournalRecord(
      event: bytes(event), directory: directory, worktree: worktree, branch: branch, head: head, commit: commit)
  }

  /// Takes the lock, which makes the folder, and gives it back.
  private func prepare() throws { _ = try journal.lock(within: .seconds(1)) }

  private func id(_ number: Int) throws -> EventID { try #require(Event(line: bytes(line(number)))?.id) }

  /// The events of all records, as text.
  private func events() throws -> [String] {
    try journal.records().map { String(decoding: $0.event, as: UTF8.self) }
  }

  @Test func `a journal is made by its lock, and then exists`() throws {
    #expect(!journal.exists)
    #expect(try journal.records().isEmpty)
    let held = try journal.lock(within: .zero)
    #expect(journal.exists)
    #expect(failure { try journal.lock(within: .milliseconds(5)) }?.kind == "locked")
    _ = consume held
  }

  @Test(arguments: [
    "kitty-specs/043-x", "/srv/an absolute/path", "é/e\u{301}/😀", "quote\" back\\slash", "tab\tnew\nline\rend\u{0}",
    "\u{2028}\u{FEFF}\u{7F}", #", "line": {}"#, "",
  ])
  func `a record is read as it was written`(text: String) throws {
    try prepare()
    let written = record(line(1), directory: text, worktree: text, branch: text, head: text, commit: text)
    try journal.append([written])
    let read = try #require(try journal.records().first)
    #expect(bytes(read.directory) == bytes(text))
    for value in [read.worktree, read.branch, read.head, read.commit] { #expect(value.map(bytes) == bytes(text)) }
    #expect(read.event == written.event)
    #expect(read.line == written.line)
    #expect(!read.waits)
  }

  @Test(arguments: [
    #"{ "event_id":"x" , "a":1.50}"#, #"{"line": {"line": 1}, "waits": true}"#, #"{"é": "\u00E9\ud800"}"#, "{}",
    line(3, payload: #"{"a": 1E5}"#),
  ])
  func `the event in a record is kept to the byte`(event: String) throws {
    try prepare()
    try journal.append([record(event)])
    #expect(try events() == [event])
  }

  @Test func `an event that is nested to the limit is kept, too`() throws {
    try prepare()
    let brackets = (String(repeating: "[", count: 1022), String(repeating: "]", count: 1022))
    let deep = line(1, payload: #"{"a": \#(brackets.0)\#(brackets.1)}"#)
    #expect(EventSet(bytes(deep)).count == 1)
    try journal.append([record(deep)])
    #expect(try events() == [deep])
  }

  @Test func `what is not known stays unknown`() throws {
    try prepare()
    try journal.append([record(line(1), branch: nil)])
    let read = try #require(try journal.records().first)
    #expect(read.branch == nil)
    #expect(read.head == nil)
    #expect(read.commit == nil)
    #expect(read.waits)
    let before = #"{"branch": null, "commit": null, "directory": "kitty-specs/043-x", "head": null, "line": "#
    #expect(try files.text(of: ledger) == before + line(1) + #", "waits": true, "worktree": ""}"# + "\n")
  }

  @Test func `a torn record costs no other one`() throws {
    try prepare()
    try journal.append([record(line(1))])
    try files.append(String(decoding: record(line(2)).line.dropLast(20), as: UTF8.self), to: ledger)
    try journal.append([record(line(3)), record(line(4))])
    try files.append("[1]\n\u{0}\n{}\n{\"directory\": 5, \"line\": {}}\n{\"directory\": \"x\"}\n", to: ledger)
    try journal.append([record(line(5))])
    #expect(try events() == [line(1), line(3), line(4), line(5)])
  }

  @Test func `late records are read, and adopted under the lock`() throws {
    try prepare()
    try journal.append([record(line(1))])
    try journal.appendLate(record(line(2)), id: try id(2))
    try journal.appendLate(record(line(3), commit: "c0ffee"), id: try id(3))
    #expect(try events() == [line(1), line(2), line(3)])
    #expect(journal.heldCommits.isEmpty)

    try journal.adoptLateRecords()
    #expect(try events().sorted() == [line(1), line(2), line(3)])
    #expect(FileSystem.names(in: files.path("kitty-telemetry/late")).isEmpty)
    #expect(try files.text(of: ledger).split(separator: "\n").count == 3)
    #expect(journal.heldCommits == ["c0ffee"])
    #expect(try journal.heldLines(for: "c0ffee") == bytes(line(3) + "\n"))

    try journal.adoptLateRecords()
    #expect(try events().count == 3)
  }

  @Test func `a late record is stored without a lock and without a folder, once`() throws {
    try journal.appendLate(record(line(1)), id: try id(1))
    #expect(try events() == [line(1)])
    #expect(failure { try journal.appendLate(record(line(1)), id: try id(1)) }?.kind == "system(File exists)")
  }

  @Test func `a late record that is still being written is left alone`() throws {
    try journal.appendLate(record(line(1)), id: try id(1))
    let late = files.path("kitty-telemetry/late/\(try id(2)).jsonl")
    try files.write(String(decoding: record(line(2)).line, as: UTF8.self), to: late)
    try files.write("?\n", to: files.path("kitty-telemetry/late/broken.jsonl"))
    try files.write("x\n", to: files.path("kitty-telemetry/late/other"))
    try journal.adoptLateRecords()
    #expect(try files.text(of: ledger) == String(decoding: record(line(1)).line, as: UTF8.self) + "\n")
    let left = FileSystem.names(in: files.path("kitty-telemetry/late")).sorted()
    #expect(left == ["\(try id(2)).jsonl", "broken.jsonl", "other"])
    try files.append("\n", to: late)
    try journal.adoptLateRecords()
    #expect(try events() == [line(1), line(2)])
  }

  @Test func `lines are held for a commit until they are in its note`() throws {
    #expect(try journal.heldLines(for: "aa") == [])
    try journal.hold([bytes(line(1))], for: "bb")
    try journal.hold([bytes(line(2)), bytes(line(3))], for: "aa")
    try files.append("torn", to: files.path("kitty-telemetry/unnoted/aa"))
    try journal.hold([bytes(line(4))], for: "aa")
    #expect(journal.heldCommits == ["aa", "bb"])
    #expect(try journal.heldLines(for: "aa") == bytes("\(line(2))\n\(line(3))\ntorn\n\(line(4))\n"))
    try journal.release("aa")
    try journal.release("aa")
    #expect(journal.heldCommits == ["bb"])
    #expect(try journal.heldLines(for: "aa") == [])
  }

  @Test func `the clock of a feature is stored as it is`() throws {
    #expect(try journal.clock(of: "043-x").read().table.isEmpty)
    let table = ClockTable.read(bytes(#"{"*": 7, "a": 1000000000001, "b": 3}"#)).table
    try journal.store(table, clockOf: "043-x")
    #expect(try journal.clock(of: "043-x").read().table == table)
    #expect(try journal.clock(of: "044-y").read().table.isEmpty)
  }

  @Test(.timeLimit(.minutes(10)), arguments: ["mkdir", "mkfifo", "ln -s ../target"])
  func `a ledger that is no regular file is refused at once`(command: String) throws {
    try prepare()
    try files.write("", to: files.path("target"))
    try files.shell("cd kitty-telemetry && \(command) journal.jsonl")
    #expect(failure { try journal.append([record(line(1))]) } != nil)
    #expect(failure { try journal.records() } != nil)
    #expect(try files.text(of: files.path("target")) == "")
  }
}
