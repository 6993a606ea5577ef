import Events
import Foundation
import Journal
import SystemPackage
import TestSupport
import Testing

struct LogReplacingTests {
  private let files: Files
  private let log: LogFile

  init() throws {
    files = try Files()
    log = LogFile(in: files.folder)
  }

  /// The set of what was read of the log.
  private func events(_ snapshot: LogFile.Snapshot) -> EventSet { EventSet([snapshot.storage]) }

  @Test func `a log is rewritten in canonical order`() throws {
    try files.write("?\n\(line(2))\n\(line(1))\n\(line(2))", to: log.path)
    let snapshot = try #require(try log.read())
    try log.replace(snapshot, by: events(snapshot))
    #expect(try files.text(of: log.path) == "\(line(1))\n\(line(2))\n?\n")
    #expect(FileSystem.names(in: files.folder) == [LogFile.name])
  }

  @Test func `a large log is rewritten to the byte`() throws {
    let filler = String(repeating: "x", count: 100_000)
    let lines = (10..<20).map { line($0, payload: #"{"a": "\#(filler)"}"#) }
    try files.write(lines.reversed().joined(separator: "\n"), to: log.path)
    let snapshot = try #require(try log.read())
    try log.replace(snapshot, by: events(snapshot))
    let written = try files.text(of: log.path)
    #expect(written == lines.joined(separator: "\n") + "\n")
  }

  @Test func `a log that is not there is made, unless it is there by now`() throws {
    let made = EventSet(bytes(line(1)))
    try log.replace(nil, by: made)
    #expect(try files.text(of: log.path) == line(1) + "\n")
    #expect(failure { try log.replace(nil, by: made) }?.kind == "changedMeanwhile")
  }

  @Test func `a log keeps its permissions`() throws {
    try files.write(line(1), to: log.path)
    try files.shell("chmod 0604 \(LogFile.name)")
    let snapshot = try #require(try log.read())
    try log.replace(snapshot, by: events(snapshot))
    #expect(try files.shell("ls -l \(LogFile.name)").outputText.hasPrefix("-rw----r--"))
  }

  @Test(arguments: ["echo x >>", "rm", "cp -p \(LogFile.name) y; mv y", "mkdir d; mv d/../\(LogFile.name) d; mkdir"])
  func `a log that changed meanwhile is left alone`(change: String) throws {
    try files.write(line(1) + "\n", to: log.path)
    let snapshot = try #require(try log.read())
    try files.shell("\(change) \(LogFile.name)")
    let before = try files.shell("ls -R; cat \(LogFile.name)").outputText
    let error = try #require(failure { try log.replace(snapshot, by: EventSet(bytes(line(2)))) })
    #expect(["changedMeanwhile", "notRegular"].contains(error.kind))
    #expect(try files.shell("ls -R; cat \(LogFile.name)").outputText == before)
  }

  /// Whoever opened the log before it was replaced goes on writing to the old file.
  ///
  /// A line that comes when the replacing has ended is in a file that nobody reads, so there are some attempts.
  @Test func `what others append to the old file is taken over`() throws {
    var taken = 0
    for _ in 0..<200 where taken == 0 {
      try files.write(line(1) + "\n", to: log.path)
      let snapshot = try #require(try log.read())
      let old = try FileHandle(forWritingTo: URL(filePath: log.path.string))
      try old.seekToEnd()
      let path = log.path
      let identity = FileIdentity.of(path)
      let done = DispatchSemaphore(value: 0)
      Thread {
        while FileIdentity.of(path) == identity {}
        // A failed write would show as a line that never arrives.
        try? old.write(contentsOf: Data("late\n".utf8))
        done.signal()
      }.start()
      try log.replace(snapshot, by: EventSet(bytes("\(line(1))\n\(line(2))")))
      done.wait()
      let text = try files.text(of: log.path)
      let replaced = "\(line(1))\n\(line(2))\n"
      #expect(text == replaced || text == replaced + "late\n")
      if text != replaced { taken += 1 }
    }
    #expect(taken == 1)
  }

  @Test func `a file is replaced in one step whatever stood there`() throws {
    let path = files.path("file")
    try DurableWrite.replace(path, with: bytes("one"))
    try DurableWrite.replace(path, with: bytes("two"))
    #expect(try files.text(of: path) == "two")
    try files.shell("mkdir folder; ln -s file link")
    #expect(failure { try DurableWrite.replace(files.path("folder"), with: []) }?.kind == "notRegular")
    #expect(failure { try DurableWrite.replace(files.path("link"), with: []) }?.kind == "notRegular")
    #expect(failure { try DurableWrite.replace(files.path("no/file"), with: []) } != nil)
    #expect(FileSystem.names(in: files.folder).sorted() == ["file", "folder", "link"])
  }

  @Test func `a change while the new content is written is seen`() throws {
    let path = files.path("file")
    try files.write("one", to: path)
    let error = failure {
      try DurableWrite.replace(path, expecting: FileIdentity.of(path), .atomic) { emit throws(JournalError) in
        try emit(bytes("two"))
        try DurableWrite.replace(path, with: bytes("other"))
      }
    }
    #expect(error?.kind == "changedMeanwhile")
    #expect(try files.text(of: path) == "other")
    #expect(FileSystem.names(in: files.folder) == ["file"])
  }

  @Test func `a failure while the new content is written leaves the old one`() throws {
    let path = files.path("file")
    try files.write("one", to: path)
    let error = failure {
      try DurableWrite.replace(path, expecting: FileIdentity.of(path), .synchronised) { emit throws(JournalError) in
        try emit(bytes("two"))
        throw JournalError(.incomplete, "go on")
      }
    }
    #expect(error?.kind == "incomplete")
    #expect(try files.text(of: path) == "one")
    #expect(FileSystem.names(in: files.folder) == ["file"])
  }
}
