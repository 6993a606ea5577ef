import Events
import Foundation
import Journal
import SystemPackage
import TestSupport
import Testing

struct LogFileTests {
  private let files: Files
  private let log: LogFile

  init() throws {
    files = try Files()
    log = LogFile(in: files.folder)
  }

  @Test func `a log that is not there is created`() throws {
    try log.append([bytes("one"), bytes("two")])
    try log.append([bytes("three")])
    #expect(try files.text(of: log.path) == "one\ntwo\nthree\n")
    #expect(log.path.lastComponent?.string == "execution.events.jsonl")
  }

  @Test(arguments: ["torn", "{\"aggregate", "one\ntorn", "one\r", "\u{0}"])
  func `a torn last line is closed and nothing is glued to it`(before: String) throws {
    try files.write(before, to: log.path)
    try log.append([bytes("next")])
    #expect(try files.text(of: log.path) == before + "\nnext\n")
  }

  @Test func `an empty log needs no closing`() throws {
    try files.write("", to: log.path)
    try log.append([bytes("one")])
    #expect(try files.text(of: log.path) == "one\n")
  }

  @Test func `a log that was removed or replaced is found again`() throws {
    try log.append([bytes("one")])
    try FileSystem.remove(log.path)
    try log.append([bytes("two")])
    #expect(try files.text(of: log.path) == "two\n")
    try files.write("other\n", to: files.path("new"))
    try files.shell("mv new \(LogFile.name)")
    try log.append([bytes("three")])
    #expect(try files.text(of: log.path) == "other\nthree\n")
  }

  @Test(.timeLimit(.minutes(10)), arguments: ["mkdir", "mkfifo", "ln -s target"])
  func `what is no regular file is refused at once`(command: String) throws {
    try files.write("target\n", to: files.path("target"))
    try files.shell("\(command) \(LogFile.name)")
    for attempt in [
      failure { try log.append([bytes("x")]) }, failure { try log.read() }, failure { try log.tail(bytes: 10) },
      failure { try log.replace(nil, by: EventSet()) },
    ] {
      let message = try #require(attempt).description
      #expect(message.hasPrefix("cannot "))
      #expect(message.contains(log.path.string))
    }
    #expect(try files.text(of: files.path("target")) == "target\n")
    #expect(FileSystem.names(in: files.folder).sorted() == [LogFile.name, "target"])
  }

  @Test func `a folder that is not there is an error, and no log is made of it`() throws {
    let missing = LogFile(in: files.path("missing"))
    #expect(failure { try missing.append([bytes("x")]) }?.kind == "system(No such file or directory)")
    #expect(try missing.read() == nil)
    #expect(try missing.tail(bytes: 10) == nil)
    let below = LogFile(in: files.path("file"))
    try files.write("", to: files.path("file"))
    #expect(try below.read() == nil)
  }

  @Test func `the tail is made of whole lines`() throws {
    #expect(try log.tail(bytes: 100) == nil)
    try files.write("first\nsecond\nthird\n", to: log.path)
    #expect(try log.tail(bytes: 100) == bytes("first\nsecond\nthird\n"))
    #expect(try log.tail(bytes: 19) == bytes("first\nsecond\nthird\n"))
    #expect(try log.tail(bytes: 18) == bytes("second\nthird\n"))
    #expect(try log.tail(bytes: 7) == bytes("third\n"))
    #expect(try log.tail(bytes: 6) == [])
  }

  @Test func `writers that know nothing of each other lose nothing`() throws {
    let foreign = try files.start(
      "i=0; while [ $i -lt 300 ]; do echo foreign $i >>\(LogFile.name); i=$((i+1)); done")
    for number in 0..<300 { try log.append([bytes("ours \(number)"), bytes("twin \(number)")]) }
    #expect(try foreign.wait().status == 0)
    let lines = try files.text(of: log.path).split(separator: "\n").map(String.init)
    #expect(lines.filter { $0.hasPrefix("ours") } == (0..<300).map { "ours \($0)" })
    #expect(lines.filter { $0.hasPrefix("twin") } == (0..<300).map { "twin \($0)" })
    #expect(lines.filter { $0.hasPrefix("foreign") } == (0..<300).map { "foreign \($0)" })
    #expect(lines.count == 900)
  }
}
