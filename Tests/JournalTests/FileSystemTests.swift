import Events
import Journal
import SystemPackage
import TestSupport
import Testing

struct FileSystemTests {
  private let files: Files

  init() throws { files = try Files() }

  @Test func `folders are made with those above them, and again`() throws {
    let deep = files.path("a/b/c")
    try FileSystem.createDirectories(deep)
    try FileSystem.createDirectories(deep)
    #expect(FileSystem.isDirectory(deep))
    try files.write("", to: files.path("file"))
    #expect(failure { try FileSystem.createDirectories(files.path("file")) }?.kind == "system(File exists)")
    #expect(failure { try FileSystem.createDirectories(files.path("file/x")) }?.kind == "system(File exists)")
  }

  @Test func `what stands at a path is told apart`() throws {
    try files.shell("mkdir folder; touch file; ln -s folder link; ln -s nowhere dangling")
    #expect(["folder", "link"].allSatisfy { FileSystem.isDirectory(files.path($0)) })
    #expect(!["file", "dangling", "none"].contains { FileSystem.isDirectory(files.path($0)) })
    #expect(["folder", "file", "link", "dangling"].allSatisfy { FileSystem.exists(files.path($0)) })
    #expect(!FileSystem.exists(files.path("none")))
    #expect(FileSystem.names(in: files.folder).sorted() == ["dangling", "file", "folder", "link"])
    #expect(FileSystem.names(in: files.path("none")).isEmpty)
    #expect(FileSystem.names(in: files.path("file")).isEmpty)
  }

  @Test func `removing a file that is not there is no failure`() throws {
    try files.write("", to: files.path("file"))
    try FileSystem.remove(files.path("file"))
    try FileSystem.remove(files.path("file"))
    try FileSystem.createDirectories(files.path("folder"))
    #expect(failure { try FileSystem.remove(files.path("folder")) } != nil)
  }

  @Test func `a path is resolved as far as it exists`() throws {
    try files.shell("mkdir -p folder/inner; ln -s folder link")
    #expect(FileSystem.resolved(files.path("link/inner")) == files.path("folder/inner"))
    #expect(FileSystem.resolved(files.path("link/none/more")) == files.path("folder/none/more"))
    #expect(FileSystem.resolved(files.path("none")) == files.path("none"))
    #expect(FileSystem.resolved("/") == "/")
    #expect(FileSystem.resolved("").isAbsolute)
    #expect(FileSystem.resolved("no such folder/x") == FileSystem.resolved("").appending("no such folder/x"))
  }

  @Test func `an error is a sentence, and says what to do where this room can tell`() {
    let system = JournalError(.system(.noSpace), "append to x")
    #expect(system.description == "cannot append to x: No space left on device")
    for code in [JournalError.Code.notRegular, .incomplete, .system(.tooManySymbolicLinkLevels)] {
      #expect(JournalError(code, "append to x").description.hasPrefix("cannot append to x: "))
      #expect(JournalError(code, "append to x").description.contains("; "))
    }
    // Whether a command may simply be run again only the command knows: recording twice would count twice.
    #expect(JournalError(.locked, "append to x").description == "cannot append to x: another process holds the lock")
  }

  @Test(arguments: [0, 1, 100, 65_535, 65_536, 65_537, 200_000])
  func `a file is read to its end, whatever size it was said to have`(size: Int) throws {
    let path = files.path("file")
    let content = String((0..<size).map { Character(Unicode.Scalar(UInt8(0x21 + $0 % 90))) })
    try files.write(content, to: path)
    for expected in [0, 1, size - 1, size, size + 1, size + 70_000] where expected >= 0 {
      let file = try FileDescriptor.open(path, .readOnly)
      let read = try file.closeAfter { try FileSystem.readToEnd(file, expecting: expected) }
      #expect(read == bytes(content), "\(expected) bytes were expected")
    }
  }
}
