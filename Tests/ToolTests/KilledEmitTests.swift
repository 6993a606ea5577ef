import Events
import Foundation
import TestSupport
import Testing

/// Recorders that are killed or kept waiting.
struct `A recorder that is stopped` {
  /// Ends the process at once.
  private func kill(_ process: ChildProcess) {
    _ = Foundation.kill(process.processIdentifier, SIGKILL)
  }

  /// Burns time, so that a process comes a while further; sleeping would make every step take a tick.
  private func dawdle(_ duration: Duration) {
    let end = ContinuousClock.now + duration
    while ContinuousClock.now < end {}
  }

  private let lockOfNotes = "refs/notes/kitty-telemetry.lock"

  /// Whether the one complaint tells to delete the lock that another process left on the notes.
  private func isAboutLock(_ result: ProcessResult) -> Bool {
    result.complaints.count == 1 && result.errorText.contains("delete ") && result.errorText.contains(lockOfNotes)
  }

  @Test(arguments: [1, 2] as [UInt64]) func `by SIGKILL loses no event that it acknowledged`(seed: UInt64) throws {
    let repository = try TestRepository()
    try repository.commit("one")
    var generator = SeededGenerator(seed: seed)
    var acknowledged: [EventID] = []
    var killed = 0
    var running: [ChildProcess] = []
    for number in 0..<40 {
      running.append(
        try repository.startTool(["emit", "--role", "implementer", "--json", "--feature", "f", "--wp-id", "WP03"]))
      guard number % 4 == 3 else { continue }
      dawdle(.milliseconds(Int.random(in: 5...90, using: &generator)))
      for process in running.shuffled(using: &generator) {
        if Bool.random(using: &generator) || number == 3 { kill(process) }
        dawdle(.microseconds(Int.random(in: 0...20_000, using: &generator)))
      }
      for process in running {
        let result = try process.wait()
        guard let document = result.document else {
          killed += 1
          #expect(result.output.isEmpty && result.errors.isEmpty, "\(result.errorText)")
          continue
        }
        // Git's own lock on the reference stays when its holder is killed; that keeps the note back, and nothing else.
        #expect(result.errorText.isEmpty || isAboutLock(result), "\(result.errorText)")
        acknowledged.append(try #require(document["event_id"]?.text.flatMap { EventID($0) }))
      }
      running = []
    }
    #expect(killed > 0 && !acknowledged.isEmpty)

    var flush = try repository.tool("emit", "--flush")
    if isAboutLock(flush) {
      try repository.run("rm", ".git/\(lockOfNotes)")
      flush = try repository.tool("emit", "--flush")
    }
    #expect(flush.status == 0 && flush.errors.isEmpty, "\(flush.errorText)")
    let journaled = repository.journaled()
    let logged = EventSet(try repository.read(repository.log()))
    let noted = EventSet(Array(try repository.notedLines().joined(separator: "\n").utf8))
    for id in acknowledged {
      #expect(journaled.contains { $0.id == id }, "\(id)")
      #expect(logged.ids.contains(id) && noted.ids.contains(id), "\(id)")
    }
    #expect(noted.unreadableCount == 0)
    // What the journal has was recorded, whether or not anybody was told.
    #expect(noted.ids.isSuperset(of: journaled.map(\.id)))
    #expect(Set(journaled.map(\.lamportClock)).count == journaled.count)
    #expect(try repository.attempt(["fsck", "--strict"]).status == 0)
    try repository.emitted("--feature", "f", "--wp-id", "WP03")
  }

  @Test func `while it holds the lock delays the others by no more than their patience`() throws {
    let repository = try TestRepository()
    try repository.commit("one")
    try repository.emitted("--feature", "f", "--wp-id", "WP01")
    let lock = repository.path + "/.git/kitty-telemetry/lock"
    // The holder says that it has the lock by closing a pipe that we read to its end.
    let pipe = repository.folder.path + "/ready"
    try repository.run("mkfifo", pipe)
    let holder = try ChildProcess.start(
      "flock", ["--no-fork", lock, "sh", "-c", "exec tail -f /dev/null >\"$1\" 2>&1", "sh", pipe], in: "/",
      environment: repository.toolEnvironment)
    // Opening the pipe waits until the holder, which has the lock by then, opens it too.
    let ready = FileHandle(forReadingAtPath: pipe)
    defer { kill(holder) }
    #expect(ready != nil)

    let id = "01KHJVJWDM0HGAGYGXJYKD1JQG"
    let start = ContinuousClock.now
    let waiting = try [[], ["--strict"], ["--event-id", id], ["--event-id", id, "--agent", "x"]].map { more in
      try repository.startTool(
        ["emit", "--role", "implementer", "--json", "--feature", "f", "--wp-id", "WP01"] + more)
    }
    let flushing = try repository.startTool(["emit", "--flush", "--strict"])
    let results = try waiting.map { try $0.wait() }
    let flush = try flushing.wait()
    #expect(ContinuousClock.now - start < .seconds(8))
    #expect(results.map(\.status) == [0, 1, 0, 0])
    for result in results {
      #expect(result.complaints.count == 1 && result.errorText.hasPrefix("warning: "), "\(result.errorText)")
      #expect(result.errorText.contains("lock") && result.errorText.contains("stored in: journal"))
      #expect(result.document?["result"]?.text == "error")
      #expect(result.document?["note"]?.text == "waiting")
    }
    #expect(try repository.notedLines().count == 1)
    #expect(flush.status == 1 && flush.complaints.count == 1)

    kill(holder)
    _ = try holder.wait()
    let released = try repository.tool("emit", "--flush")
    #expect(released.status == 0 && released.errors.isEmpty, "\(released.errorText)")
    let noted = events(try repository.notedLines())
    #expect(noted.count == 4 && Set(noted.map(\.id)).count == 4)
    #expect(Set(repository.journaled().map(\.id)) == Set(noted.map(\.id)))
    #expect(Set(events(repository.lines(repository.log())).map(\.id)) == Set(noted.map(\.id)))
    let late = try FileManager.default.contentsOfDirectory(atPath: repository.path + "/.git/kitty-telemetry/late")
    #expect(late.isEmpty)
  }
}
