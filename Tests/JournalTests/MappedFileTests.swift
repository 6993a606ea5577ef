import Events
import Journal
import SystemPackage
import TestSupport
import Testing

struct MappedFileTests {
  private let files: Files

  init() throws { files = try Files() }

  /// The size of a file, as what is added to the size from which on files are mapped.
  @Test(arguments: [-1, 0, 1, 12_345])
  func `a file gives the same bytes whether it is mapped or read`(more: Int64) throws {
    let path = files.path("file")
    let size = Int(MappedFile.mappedSize + more)
    let count = size - line(1).utf8.count - line(2).utf8.count - 2
    let content = line(1) + "\n" + String(repeating: "x", count: count) + "\n" + line(2)
    try files.write(content, to: path)
    let file = try #require(try MappedFile(path))
    // The path may lead elsewhere by now; what was opened stays.
    try FileSystem.remove(path)
    let expected = bytes(content)
    let (found, differs) = file.withBytes { bytes in
      let stride = stride(from: 0, to: min(bytes.count, expected.count), by: 61)
      return (bytes.count, stride.contains { bytes[$0] != expected[$0] })
    }
    #expect(found == size)
    #expect(!differs)
    #expect(try MappedFile(path) == nil)
  }

  @Test func `an empty file has no bytes`() throws {
    try files.write("", to: files.path("file"))
    let file = try #require(try MappedFile(files.path("file")))
    #expect(file.withBytes { $0.isEmpty })
  }

  @Test func `a large log is read as a small one is`() throws {
    let log = LogFile(in: files.folder)
    let filler = String(repeating: "x", count: Int(MappedFile.mappedSize))
    try files.write("\(filler)\n\(line(2))\n\(line(1))\n", to: log.path)
    let snapshot = try #require(try log.read())
    let events = EventSet([snapshot.storage])
    #expect(events.count == 2)
    try log.replace(snapshot, by: events)
    #expect(try files.text(of: log.path) == "\(line(1))\n\(line(2))\n\(filler)\n")
  }
}
