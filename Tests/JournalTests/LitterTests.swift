import Foundation
import Journal
import SystemPackage
import TestSupport
import Testing

/// What processes that were killed have left behind.
struct `Temporary files that were left behind` {
  private func files(in folder: borrowing ScratchDirectory) -> [String] {
    FileSystem.names(in: FilePath(folder.path)).sorted()
  }

  private func create(_ names: [String], in folder: borrowing ScratchDirectory, minutesAgo minutes: Double) throws {
    for name in names {
      let path = "\(folder.path)/\(name)"
      try Data("half a l".utf8).write(to: URL(fileURLWithPath: path))
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSinceNow: -60 * minutes)], ofItemAtPath: path)
    }
  }

  @Test func `go when they are old and surely ours`() throws {
    let folder = try ScratchDirectory()
    let ours = [".log.jsonl.17.4294967295", "..clock.json.17.0"]
    let others = [
      ".log.jsonl.17", ".log.jsonl.17.x", ".log.jsonl..1", "log.jsonl.17.1", ".other.17.1", ".17.1", "..17.1", ".",
      "..",
    ].filter { ![".", ".."].contains($0) }
    try create(ours + others, in: folder, minutesAgo: 2)
    DurableWrite.removeLitter(in: FilePath(folder.path), olderThan: .seconds(60)) {
      $0 == "log.jsonl" || $0 == ".clock.json"
    }
    #expect(files(in: folder) == others.sorted())
  }

  @Test func `stay as long as somebody may be at work on them`() throws {
    let folder = try ScratchDirectory()
    try create([".log.jsonl.17.1"], in: folder, minutesAgo: 0.5)
    DurableWrite.removeLitter(in: FilePath(folder.path), olderThan: .seconds(60))
    #expect(files(in: folder) == [".log.jsonl.17.1"])
  }

  @Test func `are not taken for what only looks like them`() throws {
    let folder = try ScratchDirectory()
    let path = FilePath(folder.path)
    try FileManager.default.createDirectory(atPath: "\(folder.path)/.log.jsonl.17.1", withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: "\(folder.path)/.log.jsonl.17.2", withDestinationPath: "/etc/passwd")
    DurableWrite.removeLitter(in: path, olderThan: .seconds(-60))
    #expect(files(in: folder) == [".log.jsonl.17.1", ".log.jsonl.17.2"])
    DurableWrite.removeLitter(in: path.appending("none"), olderThan: .seconds(60))
  }

  @Test func `a lock goes when nobody has touched it for a minute`() throws {
    let folder = try ScratchDirectory()
    try create(["old.lock"], in: folder, minutesAgo: 2)
    try create(["young.lock"], in: folder, minutesAgo: 0)
    let path = FilePath(folder.path)
    #expect(try FileSystem.removeAbandoned(path.appending("old.lock"), after: .seconds(60)))
    #expect(try !FileSystem.removeAbandoned(path.appending("young.lock"), after: .seconds(60)))
    #expect(try !FileSystem.removeAbandoned(path.appending("none.lock"), after: .seconds(60)))
    #expect(files(in: folder) == ["young.lock"])
  }
}
