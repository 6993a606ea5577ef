import Events
import Foundation
import TestSupport
import Testing

/// Many recorders at once.
struct `Recording at the same time` {
  /// What those who recorded at once were told.
  private struct Answers {
    var ids: [EventID] = []
    /// How many did not get the lock in time, as may happen on a machine that has more to do than these tests.
    var lateCount = 0
  }

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
  ) throws -> Answers {
    let processes = try directories.map { directory in
      try ChildProcess.start(
        "sh", ["-c", Self.script, "sh", try toolPath(), "25"] + arguments, in: directory,
        environment: repository.toolEnvironment)
    }
    var answers = Answers()
    for process in processes {
      let result = try process.wait()
      let late = result.complaints.filter { $0.contains("another process holds the lock; stored in: journal, log;") }
      #expect(result.status == 0 && result.complaints == late, "\(result.errorText)")
      answers.lateCount += late.count
      let said = result.output.split(separator: 0x0A).compactMap { JSONValue(Array($0))?.object }
      #expect(said.count == 25 && said.count { $0["result"]?.text == "error" } == late.count)
      answers.ids += try said.map { try #require($0["event_id"]?.text.flatMap { EventID($0) }) }
    }
    #expect(Set(answers.ids).count == directories.count * 25)
    #expect(answers.lateCount <= answers.ids.count / 20)
    let flush = try repository.tool("emit", "--flush")
    #expect(flush.status == 0 && flush.errors.isEmpty && flush.output.isEmpty, "\(flush.errorText)")
    return answers
  }

  private func check(_ repository: TestRepository, _ answers: Answers, logs: [String]) throws {
    let ids = answers.ids
    #expect(events(try repository.allNotedLines()).map(\.id).sorted() == ids.sorted())
    let logged = logs.map { events(repository.lines($0)) }
    #expect(logged.flatMap(\.self).map(\.id).sorted() == ids.sorted())
    // Only who is late may give a clock value a second time.
    let repeated = logged.map { log in log.count - Set(log.map { "\($0.nodeID) \($0.lamportClock)" }).count }
    #expect(repeated.reduce(0, +) <= answers.lateCount)
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
    let answers = try emitAtOnce(repository, in: worktrees)
    try check(repository, answers, logs: worktrees.map { "\($0)/\(repository.log())" })
    for worktree in worktrees where answers.lateCount == 0 {
      let clocks = events(repository.lines("\(worktree)/\(repository.log())")).map(\.lamportClock)
      #expect(clocks == (1...25).map { LamportValue($0) })
    }
    for worktree in worktrees {
      #expect(try repository.notedLines(repository.git("rev-parse", "HEAD", in: worktree)).count == 25)
    }
  }

  @Test func `eight worktrees of one work package on one commit lose nothing`() throws {
    let repository = try TestRepository()
    let commit = try repository.commit("one")
    let worktrees = try (1...8).map { try repository.addWorktree("worktree-\($0)", branch: "branch-\($0)") }
    let answers = try emitAtOnce(repository, in: worktrees, ["--feature", "f", "--wp-id", "WP03"])
    try check(repository, answers, logs: worktrees.map { "\($0)/\(repository.log())" })
    let noted = events(try repository.notedLines(commit))
    // The common git directory counts for all of them.
    guard answers.lateCount == 0 else { return }
    #expect(noted.map(\.lamportClock) == (1...200).map { LamportValue($0) })
  }

  @Test func `eight processes in one worktree lose nothing`() throws {
    let repository = try TestRepository()
    try repository.commit("one")
    let answers = try emitAtOnce(
      repository, in: Array(repeating: repository.path, count: 8), ["--feature", "f", "--wp-id", "WP03"])
    try check(repository, answers, logs: [repository.log()])
    guard answers.lateCount == 0 else { return }
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
