import Events
import Foundation
import TestSupport
import Testing

/// Notes and lines that are larger than anything that is recorded: what is read of them is bounded, and all is kept.
struct `An oversized input` {
  private static let notes = "refs/notes/kitty-telemetry"

  /// Makes a file of `size` zeros, which takes no room, behind what it has.
  private func grow(_ file: String, by size: UInt64, in repository: TestRepository) throws {
    let path = "\(repository.path)/\(file)"
    if !FileManager.default.fileExists(atPath: path) { try repository.write(file, "") }
    let handle = try #require(FileHandle(forUpdatingAtPath: path))
    try handle.truncate(atOffset: handle.seekToEndOfFile() + size)
    try handle.close()
  }

  /// Runs the program with so many megabytes for its data, and a minute.
  private func run(
    _ repository: TestRepository, _ arguments: String..., memory: Int,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> ProcessResult {
    try run(repository, arguments, memory: memory, sourceLocation: sourceLocation)
  }

  private func run(
    _ repository: TestRepository, _ arguments: [String], memory: Int,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> ProcessResult {
    let limits = ["sh", "-c", "ulimit -d \(memory << 10); exec \"$@\"", "sh"]
    // With a sanitizer it takes more than that to begin with.
    let isBearable = try repository.startTool(["--help"], prefix: limits).wait().status == 0
    let prefix = (isBearable ? limits : []) + ["timeout", "-s", "KILL", "60"]
    let result = try repository.startTool(arguments, prefix: prefix).wait()
    #expect(result.status <= 1, "\(arguments): \(result.status) \(result.errorText)", sourceLocation: sourceLocation)
    return result
  }

  /// Gives HEAD a note of `size` zeros in place of the one that it has, and returns the blob.
  private func putNote(of size: UInt64, in repository: TestRepository) throws -> String {
    try grow("../large", by: size, in: repository)
    let blob = try repository.git("hash-object", "-w", "../large")
    try repository.git("notes", "--ref=kitty-telemetry", "add", "-f", "-C", blob, "HEAD")
    return try repository.git("notes", "--ref=kitty-telemetry", "list", "HEAD")
  }

  @Test(.timeLimit(.minutes(10)), arguments: ["sha1", "sha256"])
  func `a note is not read, is told of once, and stays; what belongs there waits`(format: String) throws {
    let repository = try TestRepository("--object-format=\(format)")
    let commit = try repository.commit("one")
    try repository.emitted("--feature", "f")
    let blob = try putNote(of: 65 << 20, in: repository)
    // A data segment that has no room for the note.
    let memory = 60
    for extra in [[], ["--flush"]] {
      let emitted = try repository.startTool(["emit", "--role", "reviewer", "--feature", "f", "--json"] + extra).wait()
      #expect(emitted.status == 0 && emitted.errorText.contains("cannot extend the note of \(commit)"))
      #expect(emitted.complaints.count == 1, "\(emitted.errorText)")
      #expect(emitted.errorText.contains("notes --ref=\(Self.notes) remove \(commit)"))
    }
    let flushed = try run(repository, "emit", "--flush", memory: memory)
    #expect(flushed.errorText.contains("cannot extend the note of \(commit)"))
    for command in ["merge", "verify", "repair"] {
      let result = try run(repository, command, memory: memory)
      #expect(result.status == 1)
      let words = result.outputText + result.errorText
      let told = words.split(separator: "\n").filter { $0.contains(" the note of \(commit): ") }
      #expect(told.count == 1 && told[0].contains("68157440 bytes") || command == "verify", "\(command): \(words)")
    }
    #expect(try run(repository, "query", "--json", memory: memory).status == 0)
    for report in [["query", "HEAD"], ["cost", "--group-by", "commit"]] {
      let result = try run(repository, report, memory: memory)
      #expect(result.status == 0 && result.complaints.count == 1, "\(report)")
      #expect(result.errorText.hasPrefix("warning: passed over 1 note of more than 64 mebibytes"))
    }
    #expect(repository.journaled().count == 3 && repository.lines(repository.log()).count == 3)
    #expect(try repository.git("notes", "--ref=kitty-telemetry", "list", "HEAD") == blob)
    // Once it is gone, all that waited comes.
    try repository.git("notes", "--ref=kitty-telemetry", "remove", "HEAD")
    _ = try repository.tool("merge")
    #expect(try repository.notedLines().count == 3)
    let verified = try repository.tool("verify")
    #expect(verified.status == 0, "\(verified.outputText)")
  }

  @Test(.timeLimit(.minutes(10)))
  func `a line of a log is passed over where it is, kept to the byte and counted`() throws {
    let repository = try TestRepository()
    try repository.commit("one")
    try repository.emitted("--feature", "f")
    let (log, size, memory) = (repository.log(), 24 << 20, 44)
    try grow(log, by: UInt64(size), in: repository)
    for _ in 0..<2 { try repository.emitted("--feature", "f") }
    // A data segment that has no room for the line.
    for report in ["query", "cost"] {
      let result = try run(repository, report, memory: memory)
      #expect(result.status == 0 && result.errorText == passedOver(1), "\(report): \(result.errorText)")
    }
    let verified = try run(repository, "verify", memory: memory)
    #expect(verified.outputText.contains("1 lines of \"f\" are no events; they are kept"), "\(verified.errorText)")
    // Without the last two events, so that the log is written anew.
    let path = URL(filePath: "\(repository.path)/\(log)")
    let before = try Data(contentsOf: path)
    let first = try #require(before.firstIndex(of: 0x0A)) + 1
    try before.prefix(first + size).write(to: path)
    #expect(try run(repository, "merge", memory: memory).outputText.contains("1 unreadable line kept"))
    let after = try Data(contentsOf: path)
    #expect(after.count == before.count && after.suffix(size + 1) == Data(count: size) + [0x0A])
  }

  private func passedOver(_ lines: Int) -> String {
    "warning: passed over \(lines) \(lines == 1 ? "line" : "lines") of more than a mebibyte, which verify tells of\n"
  }

  @Test func `lines are passed over in reports, which say so`() throws {
    let repository = try TestRepository()
    try repository.commit("one")
    try repository.emitted("--feature", "f")
    let line = String(repeating: "x", count: 1 << 20)
    // The first is just as long as a line may be.
    try repository.write(repository.log("g"), [line, line + "y", line + "z", ""].joined(separator: "\n"))
    for report in ["query", "cost"] {
      let result = try repository.tool(report, "--json")
      #expect(result.status == 0 && result.errorText.hasSuffix(passedOver(2)), "\(report): \(result.errorText)")
    }
    try repository.commit("two")
    #expect(try repository.tool("query", "--ref", "HEAD", "--json").errorText == passedOver(2))
  }

  @Test func `a note that would be too large is told of, and costs no event`() throws {
    let repository = try TestRepository()
    let commit = try repository.commit("one")
    try repository.emitted("--feature", "f")
    // What waits for the note is looked at only when all of it is to be written.
    try grow(".git/kitty-telemetry/unnoted/\(commit)", by: 65 << 20, in: repository)
    let emitted = try run(repository, "emit", "--role", "reviewer", "--feature", "f", memory: 58)
    #expect(emitted.status == 0 && emitted.complaints.count == 1 && emitted.errorText.contains("\(commit) is full"))
    #expect(repository.journaled().count == 2 && repository.lines(repository.log()).count == 2)
    #expect(try repository.notedLines().count == 1)
    // Zeros are no events, and what is one finds its place.
    #expect(try repository.tool("emit", "--flush").status == 0)
    #expect(try repository.notedLines().count == 2)
  }
}
