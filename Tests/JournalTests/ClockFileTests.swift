import Events
import Journal
import SystemPackage
import TestSupport
import Testing

struct ClockFileTests {
  private let files: Files
  private let clock: ClockFile

  init() throws {
    files = try Files()
    clock = ClockFile(in: files.folder)
  }

  private func state(_ content: ClockFile.Content) -> String {
    switch content {
    case .absent: "absent"
    case .whole(let table): "whole " + String(decoding: table.bytes, as: UTF8.self)
    case .broken(let table): "broken " + String(decoding: table.bytes, as: UTF8.self)
    }
  }

  @Test func `a clock that is not there is absent`() throws {
    #expect(state(try clock.read()) == "absent")
    #expect(try clock.read().table.isEmpty)
    #expect(state(try ClockFile(files.path("no/clock")).read()) == "absent")
  }

  @Test(arguments: [
    ("{}", "whole {}"), (#"{"b": 2, "a": 1}"#, #"whole {"a": 1, "b": 2}"#), ("", "broken {}"), ("[]", "broken {}"),
    (#"{"a": 1"#, "broken {}"), ("=======\n{\"a\": 1}\n{\"a\": 2}\n", #"broken {"a": 2}"#),
  ])
  func `a clock is whole or broken`(text: String, expected: String) throws {
    try files.write(text, to: clock.path)
    #expect(state(try clock.read()) == expected)
  }

  @Test func `a clock is written as one object without a line end`() throws {
    let table = ClockTable.read(bytes(#"{"b": 2, "a": 1}"#)).table
    try clock.write(table)
    #expect(try files.text(of: files.path(".telemetry-clock.json")) == #"{"a": 1, "b": 2}"#)
    #expect(try clock.read().table == table)
    try clock.write(ClockTable())
    #expect(try files.text(of: clock.path) == "{}")
    #expect(FileSystem.names(in: files.folder) == [".telemetry-clock.json"])
  }

  @Test(.timeLimit(.minutes(10)), arguments: ["mkdir", "mkfifo", "ln -s target"])
  func `what is no regular file is refused at once`(command: String) throws {
    try files.write("{}", to: files.path("target"))
    try files.shell("\(command) \(ClockFile.name)")
    #expect(failure { try clock.read() } != nil)
    #expect(failure { try clock.write(ClockTable()) }?.kind == "notRegular")
    #expect(try files.text(of: files.path("target")) == "{}")
  }
}
