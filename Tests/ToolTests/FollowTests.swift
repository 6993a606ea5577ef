import Events
import Foundation
import TestSupport
import Testing

/// `query --follow`.
struct `Following` {
  /// Starts the program with its output going to a pipe, and gives what reads from that.
  private func follow(_ repository: TestRepository, _ arguments: String...) throws -> (ChildProcess, FileHandle) {
    let pipe = repository.folder.path + "/pipe"
    try repository.run("mkfifo", pipe)
    let process = try ChildProcess.start(
      "sh", ["-c", "exec \"$@\" >\"$0\"", pipe, try toolPath(), "query", "--follow"] + arguments, in: repository.path,
      environment: repository.toolEnvironment.merging(["LLVM_PROFILE_FILE": "/dev/null"]) { $1 })
    return (process, try #require(FileHandle(forReadingAtPath: pipe)))
  }

  /// Reads to the end of a line; it waits for the program, however long that takes.
  private func line(_ pipe: FileHandle) throws -> String {
    var line = Data()
    while let byte = try pipe.read(upToCount: 1), byte.first != 0x0A { line += byte }
    return String(decoding: line, as: UTF8.self)
  }

  @Test func `new events are shown as they are recorded, in any worktree and by other programs`() throws {
    let repository = try TestRepository()
    try repository.plan()
    let lane = try repository.startWork(on: "WP01")
    try repository.emittedID("--agent", "elsewhere", in: lane)
    let old = try repository.emittedID()
    let (process, pipe) = try follow(repository, "--jsonl", "--feature", "f", "--success")
    func next() throws -> String? { events([try line(pipe)]).first?.id.description }
    #expect(try next() == old)
    let here = try repository.emittedID()
    #expect(try next() == here)
    try repository.emittedID("--failure")
    let there = try repository.emittedID(in: lane)
    #expect(try next() == there)
    let foreign =
      #"{"aggregate_id": "f", "event_id": "01KHJVJWDM0HGAGYGXJYKD1JQG", "event_type": "ExecutionEvent", "#
      + #""lamport_clock": 7, "node_id": "n", "payload": {"success": true}, "timestamp": "2026-02-16T09:12:58Z"}"#
    try repository.run("sh", "-c", "echo '\(foreign)' >>\(repository.log())")
    #expect(try next() == "01KHJVJWDM0HGAGYGXJYKD1JQG")
    // A merge replaces the log and brings the lane's first event, which is not new.
    try repository.merged("f-WP01")
    let last = try repository.emittedID()
    #expect(try next() == last)
    _ = kill(process.processIdentifier, SIGKILL)
    _ = try process.wait()
  }

  @Test func `a table goes on below its heading`() throws {
    let repository = try TestRepository()
    try repository.commit("Begin")
    try repository.emittedID("--agent", "first")
    let (process, pipe) = try follow(repository)
    #expect(try line(pipe).hasPrefix("Time (UTC)"))
    #expect(try line(pipe).hasPrefix("-----------"))
    #expect(try line(pipe).contains("first"))
    try repository.emittedID("--agent", "second")
    #expect(try line(pipe).contains("second"))
    _ = kill(process.processIdentifier, SIGKILL)
    _ = try process.wait()
  }

  @Test func `only what goes on can be followed`() throws {
    let repository = try TestRepository()
    try repository.commit("Begin")
    for arguments in [["--json"], ["--reverse"], ["--limit", "1"], ["HEAD"], ["-"], ["--ref", "HEAD"]] {
      #expect(try repository.report(["query", "--follow"] + arguments).status == 64, "\(arguments)")
    }
    let bare = repository.folder.path + "/bare.git"
    try repository.git("init", "-q", "--bare", bare)
    #expect(try repository.tool("query", "--follow", in: bare).status == 1)
  }
}
