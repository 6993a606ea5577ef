import Events
import Foundation
import TestSupport
import Testing

/// Many recorders at once.
struct `Recording at the same time` {
  /// Emits `count` events in a row and fails with the first that does not go through cleanly.
  private static let script = """
    tool=$1 count=$2; shift 2
    while [ "$count" -gt 0 ]; do
      "$tool" emit --role implementer --json "$@" || exit 9
      count=$((count - 1))
    done
    """

  /// Lets one process in each of `directories` emit 25 events, all at once, and checks what all of them said.
  private func emitAtOnce(
    _ repository: TestRepository, in directories: [String], _ arguments: [String] = []
  ) throws -> [EventID] {
    let processes = try directories.map { directory in
      try ChildProcess.start(
        "sh", ["-c", Self.script, "sh", try toolPath(), "25"] + arguments, in: directory,
        environment: repository.toolEnvironment)
    }
    var ids: [EventID] = []
    for process in processes {
      let result = try process.wait()
      #expect(result.status == 0 && result.errors.isEmpty, "\(result.errorText)")
      let said = result.output.split(separator: 0x0A)
      #expect(said.count == 25)
      for document in said.compactMap({ JSONValue(Array($0))?.object }) {
        #expect(document["result"]?.text == "success")
        ids.append(try #require(document["event_id"]?.text.flatMap { EventID($0) }))
      }
    }
    #expect(Set(ids).count == directories.count * 25)
    let flush = try repository.tool("emit", "--flush")
    #expect(flush.status == 0 && flush.errors.isEmpty && flush.output.isEmpty, "\(flush.errorText)")
    return ids
  }

  private func check(_ repository: TestRepository, _ ids: [EventID], logs: [String]) throws {
    #expect(events(try repository.allNotedLines()).map(\.id).sorted() == ids.sorted())
    let logged = logs.map { events(repository.lines($0)) }
    #expect(logged.flatMap(\.self).map(\.id).sorted() == ids.sorted())
    for log in logged { #expect(Set(log.map { "\($0.nodeID) \($0.lamportClock)" }).count == log.count) }
    #expect(repository.journaled().map(\.id).sorted() == ids.sorted())
    #expect(try repository.attempt(["fsck", "--strict"]).status == 0)
  }

  @Test func `eight worktrees with commits of their own lose nothing`() throws {
    let repository = try TestRepository()
    try repository.commit("one")
    let worktrees = try (1...8).map { number in
      let worktree = try repository.addWorktree("f-WP0\(number)", branch: "f-WP0\(number)")
      try repository.commit("work \(number)", in: worktree)
      return worktree
    }
    let ids = try emitAtOnce(repository, in: worktrees)
    try check(repository, ids, logs: worktrees.map { "\($0)/\(repository.log())" })
    for worktree in worktrees {
      let clocks = events(repository.lines("\(worktree)/\(repository.log())")).map(\.lamportClock)
      #expect(clocks == (1...25).map { LamportValue($0) })
      #expect(try repository.notedLines(repository.git("rev-parse", "HEAD", in: worktree)).count == 25)
    }
  }

  @Test func `eight worktrees of one work package on one commit lose nothing`() throws {
    let repository = try TestRepository()
    let commit = try repository.commit("one")
    let worktrees = try (1...8).map { try repository.addWorktree("worktree-\($0)", branch: "branch-\($0)") }
    let ids = try emitAtOnce(repository, in: worktrees, ["--feature", "f", "--wp-id", "WP03"])
    try check(repository, ids, logs: worktrees.map { "\($0)/\(repository.log())" })
    let noted = events(try repository.notedLines(commit))
    // The common git directory counts for all of them.
    #expect(noted.map(\.lamportClock) == (1...200).map { LamportValue($0) })
  }

  @Test func `eight processes in one worktree lose nothing`() throws {
    let repository = try TestRepository()
    try repository.commit("one")
    let ids = try emitAtOnce(
      repository, in: Array(repeating: repository.path, count: 8), ["--feature", "f", "--wp-id", "WP03"])
    try check(repository, ids, logs: [repository.log()])
    #expect(try text(repository.read(repository.clock())) == #"{"cli:WP03": 200}"#)
    #expect(events(repository.lines(repository.log())).map(\.lamportClock) == (1...200).map { LamportValue($0) })
  }

  @Test func `eight processes outside of any repository lose nothing`() throws {
    let scratch = try TestRepository()
    let folder = scratch.folder.path + "/new/f"
    let processes = try (0..<8).map { _ in
      try ChildProcess.start(
        "sh", ["-c", Self.script, "sh", try toolPath(), "10", "--feature-dir", folder], in: "/",
        environment: scratch.toolEnvironment)
    }
    for process in processes {
      let result = try process.wait()
      #expect(result.status == 0 && result.errors.isEmpty, "\(result.errorText)")
    }
    let logged = events(scratch.lines(folder + "/execution.events.jsonl"))
    #expect(logged.map(\.lamportClock) == (1...80).map { LamportValue($0) })
  }
}
