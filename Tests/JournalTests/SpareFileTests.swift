import Foundation
import Journal
import SystemPackage
import TestSupport
import Testing

/// Small files that are replaced again and again, from a workshop.
struct `A file that is replaced from a workshop` {
  private let files: Files
  private let workshop: FilePath
  private let path: FilePath
  private let spare: FilePath

  init() throws {
    files = try Files()
    workshop = files.path("workshop")
    try FileSystem.createDirectories(workshop)
    path = files.path("clock")
    spare = workshop.appending("spare")
  }

  private func replace(_ text: String) throws {
    try DurableWrite.replace(path, with: Array(text.utf8), workshop: workshop)
  }

  private func inode(_ path: FilePath) throws -> UInt { try path.stat().inode.rawValue }

  @Test func `has the new content each time, and takes turns with one spare`() throws {
    var inodes: Set<UInt> = []
    for number in 10..<16 {
      try replace("{\"a\": \(number)}")
      #expect(try files.text(of: path) == "{\"a\": \(number)}")
      inodes.insert(try inode(path))
    }
    #expect(inodes.count == 2, "no file but the first two was made")
    #expect(FileSystem.names(in: workshop) == ["spare"])
    #expect(FileSystem.names(in: files.folder).sorted() == ["clock", "workshop"])
  }

  @Test func `keeps nothing of a longer one before it`() throws {
    for text in ["{\"a\": 1000}", "{\"a\": 1001}", "{}", "{\"a\": 7}", "{}"] {
      try replace(text)
      #expect(try files.text(of: path) == text)
    }
  }

  @Test func `is not what a reader still has open`() throws {
    try replace("one")
    try replace("two")
    let reader = try FileHandle(forReadingFrom: URL(filePath: path.string))
    try replace("six")
    #expect(try reader.readToEnd() == Data("two".utf8))
  }

  @Test func `never writes over a file that has another name somewhere`() throws {
    try replace("one")
    try replace("two")
    try files.shell("ln workshop/spare copy && ln clock backup")
    for text in ["ten", "six", "nil"] { try replace(text) }
    #expect(try files.text(of: path) == "nil")
    #expect(try files.text(of: files.path("copy")) == "one")
    #expect(try files.text(of: files.path("backup")) == "two")
  }

  @Test(.timeLimit(.minutes(10)), arguments: ["mkfifo", "mkdir", "ln -s ../target"])
  func `leaves alone what stands in the place of its spare`(command: String) throws {
    try files.write("as it was", to: files.path("target"))
    try files.shell("\(command) workshop/spare")
    for text in ["one", "two", "six"] {
      try replace(text)
      #expect(try files.text(of: path) == text)
    }
    #expect(try files.text(of: files.path("target")) == "as it was")
  }

  @Test func `keeps its permissions, whatever those of the spare are`() throws {
    try replace("one")
    try replace("two")
    try files.shell("chmod 640 clock && chmod 600 workshop/spare")
    for text in ["ten", "six"] {
      try replace(text)
      #expect(try path.stat().permissions.rawValue == 0o640)
    }
  }
}
