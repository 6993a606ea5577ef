import Foundation
import TestSupport
import Testing

/// The hooks: what they do after git has done something.
struct `Hooks` {
  /// A planned feature, with hooks, and with logs out of git's sight.
  private func planned() throws -> TestRepository {
    let repository = try TestRepository()
    try repository.plan()
    try repository.copyHooks()
    try repository.setUp()
    return repository
  }

  @Test func `a commit takes the events that waited for it, in every kind of worktree`() throws {
    let repository = try planned()
    let lane = try repository.startWork(on: "WP01")
    let detached = "\(repository.folder.path)/detached"
    try repository.git("worktree", "add", "-q", "--detach", detached)
    for directory in [repository.path, lane, detached] {
      let ids = try (0..<2).map { _ in try repository.recorded("--next-commit", in: directory) }
      #expect(try repository.notedIDs(on: "HEAD", in: directory).isEmpty)
      let commit = try repository.hookedWork(in: directory, "work.txt", directory)
      #expect(try repository.notedIDs(on: commit) == ids)
      let next = try repository.hookedWork(in: directory, "more.txt")
      #expect(try repository.notedIDs(on: next).isEmpty)
    }
    #expect(!FileManager.default.fileExists(atPath: "\(repository.path)/.git/kitty-telemetry/waiting.jsonl"))
  }

  @Test func `events wait in their own worktree, and for a commit on top of what they saw`() throws {
    let repository = try planned()
    let lane = try repository.startWork(on: "WP01")
    let id = try repository.recorded("--next-commit", in: lane)
    try repository.hookedWork("elsewhere.txt")
    #expect(try repository.allNotedLines().isEmpty)
    let commit = try repository.hookedWork(in: lane, "work.txt")
    #expect(try repository.notedIDs(on: commit) == [id])
  }

  @Test func `the environment of hooks leads to the repository that they are about`() throws {
    let repository = try planned()
    let other = try TestRepository()
    try other.commit("Another one")
    let id = try repository.recorded("--next-commit")
    // `commit --all` works on an index of its own, and says so to hooks.
    try repository.write(".gitignore", ".worktrees/\nx\n")
    try repository.hooked("commit", "-q", "-a", "-m", "All")
    #expect(try repository.notedIDs(on: "HEAD") == [id])

    let second = try repository.recorded("--next-commit")
    try repository.write("work.txt", "work\n")
    try repository.git("add", "work.txt")
    try repository.hooked(
      "commit", "-q", "-m", "From elsewhere", in: other.path,
      environment: ["GIT_DIR": "\(repository.path)/.git", "GIT_WORK_TREE": repository.path])
    #expect(try repository.notedIDs(on: "HEAD") == [second])
    #expect(!FileManager.default.fileExists(atPath: "\(other.path)/.git/kitty-telemetry"))
  }

  @Test func `lines that a long note lets wait are written by the next commit`() throws {
    let repository = try planned()
    let payload = #"{"wp_id": "WP01", "role": "implementer", "agent": "claude"}"# + "\n"
    try repository.write(".git/events", String(repeating: payload, count: 200))
    try #require(try repository.tool("emit", "--feature", "f", "--events", ".git/events").status == 0)
    let id = try repository.recorded()
    let commit = try repository.git("rev-parse", "HEAD")
    #expect(try !repository.notedIDs(on: commit).contains(id), "the note is long enough for a line to wait")
    try repository.hookedWork("work.txt")
    #expect(try repository.notedIDs(on: commit).contains(id))
  }

  @Test(arguments: [false, true])
  func `a squash in a temporary worktree takes over the notes of what it took in`(_ conflicts: Bool) throws {
    let repository = try planned()
    var ids: [String] = []
    for wpID in ["WP01", "WP02"] {
      let lane = try repository.startWork(on: wpID)
      try repository.hookedWork(in: lane, "shared.txt", wpID)
      ids.append(try repository.recorded(in: lane))
    }
    try repository.git("checkout", "-q", "-b", "mission")
    try repository.hooked("merge", "-q", "-X", "ours", "--no-edit", "f-WP01")
    try repository.hooked("merge", "-q", "-X", "ours", "--no-edit", "f-WP02")
    try repository.git("checkout", "-q", "main")
    if conflicts { try repository.hookedWork("shared.txt", "main") }
    let temporary = "\(repository.folder.path)/temporary"
    try repository.git("worktree", "add", "-q", "--detach", temporary, "main")
    let merge = try repository.attemptHooked(["merge", "--squash", "mission"], in: temporary)
    #expect((merge.status != 0) == conflicts)
    if conflicts {
      try repository.write("shared.txt", "resolved\n", in: temporary)
      try repository.git("add", "shared.txt", in: temporary)
    }
    try repository.hooked("commit", "-q", "-m", "feat(f): squash merge of mission", in: temporary)
    let squash = try repository.git("rev-parse", "HEAD", in: temporary)
    #expect(try repository.notedIDs(on: squash).sorted() == ids.sorted())
    try repository.git("update-ref", "refs/heads/main", squash)
    try repository.git("reset", "-q", "--hard", "main")
    try repository.git("worktree", "remove", "--force", temporary)
    for wpID in ["WP01", "WP02"] { try repository.abandon(wpID) }
    try repository.git("branch", "-q", "-D", "mission")
    try repository.git("reflog", "expire", "--expire=now", "--all")
    try repository.git("gc", "-q", "--prune=now")
    try repository.merged()
    try repository.expectHome(ids)
    try repository.expectSettled()
  }

  @Test func `a squash that was given up takes nothing over`() throws {
    let repository = try planned()
    let lane = try repository.startWork(on: "WP01")
    try repository.hookedWork(in: lane, "work.txt")
    _ = try repository.recorded(in: lane)
    try repository.hooked("merge", "-q", "--squash", "f-WP01")
    try repository.git("reset", "-q", "--hard")
    let commit = try repository.hookedWork("other.txt")
    #expect(try repository.notedIDs(on: commit).isEmpty)
    try repository.hooked("merge", "-q", "--squash", "f-WP01")
    try repository.hooked("commit", "-q", "-m", "At last")
    #expect(try repository.notedIDs(on: "HEAD").count == 1)
  }

  @Test(arguments: [false, true])
  func `notes follow commits that are amended, rebased or folded into one`(_ gitCopiesThem: Bool) throws {
    let repository = try planned()
    if gitCopiesThem {
      try repository.git("config", "notes.rewriteRef", "refs/notes/kitty-telemetry*")
      try repository.git("config", "notes.rewriteMode", "cat_sort_uniq")
    }
    let lane = try repository.startWork(on: "WP01")
    try repository.hookedWork(in: lane, "one.txt")
    var ids = [try repository.recorded(in: lane)]
    try repository.write("one.txt", "again\n", in: lane)
    try repository.hooked("commit", "-q", "-a", "--amend", "--no-edit", in: lane)
    #expect(try repository.notedIDs(on: "HEAD", in: lane) == ids)
    ids.append(try repository.recorded(in: lane))
    try repository.hookedWork(in: lane, "two.txt")
    ids.append(try repository.recorded(in: lane))
    try repository.hookedWork("main.txt")

    for backend in ["--merge", "--apply"] {
      try repository.hooked("rebase", "-q", backend, "--force-rebase", "main", in: lane)
      #expect(try repository.notedIDs(on: "HEAD~1", in: lane) == Array(ids[..<2]))
      #expect(try repository.notedIDs(on: "HEAD", in: lane) == Array(ids[2...]))
    }
    try repository.hooked(
      "rebase", "-q", "--interactive", "main", in: lane,
      environment: ["GIT_SEQUENCE_EDITOR": "sed -i 2s/pick/fixup/"])
    #expect(try repository.git("rev-list", "--count", "main..HEAD", in: lane) == "1")
    #expect(try repository.notedIDs(on: "HEAD", in: lane).sorted() == ids.sorted())
    let lines = try repository.notedLines(repository.git("rev-parse", "HEAD", in: lane))
    #expect(lines.count == ids.count, "each line once")
  }

  @Test func `an event goes on waiting while its branch is rebased, and an amendment takes it`() throws {
    let repository = try planned()
    let lane = try repository.startWork(on: "WP01")
    try repository.hookedWork(in: lane, "one.txt")
    let waiting = try repository.recorded("--next-commit", in: lane)
    try repository.hookedWork("main.txt")
    try repository.hooked("rebase", "-q", "main", in: lane)
    #expect(try repository.allNotedLines().isEmpty)
    let commit = try repository.hookedWork(in: lane, "two.txt")
    #expect(try repository.notedIDs(on: commit) == [waiting])

    let second = try repository.recorded("--next-commit", in: lane)
    try repository.write("two.txt", "more\n", in: lane)
    try repository.hooked("commit", "-q", "-a", "--amend", "--no-edit", in: lane)
    #expect(try repository.notedIDs(on: "HEAD", in: lane) == [waiting, second])
  }

  @Test func `what git sweeps out of logs that it does not see comes back, and tracked logs stay as they are`() throws {
    let repository = try planned()
    let lane = try repository.startWork(on: "WP01")
    var ids = try (0..<2).map { _ in try repository.recorded(in: lane) }
    // The target comes to track the log, with an event of its own.
    let theirs = try repository.recorded()
    try repository.git("add", "--force", "kitty-specs")
    try repository.git("commit", "-q", "-m", "Track the log")

    try repository.hooked("checkout", "-q", "--detach", "main", in: lane)
    #expect(repository.loggedIDs(in: lane) == [theirs], "git has overwritten it, and tracks it now")
    ids.append(try repository.recorded(in: lane))
    #expect(try repository.git("status", "--porcelain", in: lane).isEmpty)
    try repository.hooked("checkout", "-q", "f-WP01", in: lane)
    #expect(repository.loggedIDs(in: lane).sorted() == ids.sorted())
    let clock = text(try repository.read("\(lane)/\(repository.clock())"))
    #expect(clock.contains(#""cli:WP01": 3"#), "\(clock)")
    ids.append(try repository.recorded(in: lane))
    #expect(repository.loggedIDs(in: lane).sorted() == ids.sorted())

    try repository.hookedWork(in: lane, "work.txt")
    try repository.hooked("rebase", "-q", "main", in: lane)
    #expect(repository.loggedIDs(in: lane) == [theirs])
    #expect(try repository.git("status", "--porcelain", in: lane).isEmpty)
    try repository.hooked("merge", "-q", "f-WP01")
    #expect(repository.loggedIDs(in: repository.path) == [theirs], "only merge writes a tracked log")
    #expect(try repository.git("status", "--porcelain").isEmpty)
    try repository.merged()
    #expect(repository.loggedIDs().sorted() == (ids + [theirs]).sorted())
  }

  @Test func `the end of a merge that had stopped brings back what it swept away`() throws {
    let repository = try planned()
    let lane = try repository.startWork(on: "WP01")
    let id = try repository.recorded(in: lane)
    try repository.hookedWork(in: lane, "shared.txt", "lane")
    try repository.hookedWork("shared.txt", "main")
    #expect(try repository.attemptHooked(["merge", "-q", "main"], in: lane).status == 1)
    try FileManager.default.removeItem(atPath: "\(lane)/\(repository.log())")
    try FileManager.default.removeItem(atPath: "\(lane)/\(repository.clock())")
    try repository.write("shared.txt", "both\n", in: lane)
    try repository.hooked("commit", "-q", "-a", "-m", "Merge", in: lane)
    #expect(repository.loggedIDs(in: lane) == [id])
    #expect(text(try repository.read("\(lane)/\(repository.clock())")).contains(#""cli:WP01": 1"#))
    try FileManager.default.removeItem(atPath: "\(lane)/kitty-specs")
    try repository.hooked("checkout", "-q", "--detach", in: lane)
    #expect(!FileManager.default.fileExists(atPath: "\(lane)/kitty-specs"), "a folder is not made for a view")
  }

  @Test func `without a log out of sight, and without anything recorded, hooks leave no trace`() throws {
    let repository = try TestRepository()
    try repository.plan()
    try repository.copyHooks()
    try repository.hookedWork("one.txt")
    try repository.hooked("commit", "-q", "--amend", "-m", "Other words")
    try repository.hooked("checkout", "-q", "-b", "branch", "HEAD~1")
    try repository.hooked("merge", "-q", "--squash", "main")
    #expect(!FileManager.default.fileExists(atPath: "\(repository.path)/.git/kitty-telemetry"))
    _ = try repository.recorded()
    try FileManager.default.removeItem(atPath: "\(repository.path)/\(repository.log())")
    try repository.hooked("checkout", "-q", "-f", "main")
    #expect(repository.lines(repository.log()).isEmpty, "a log in sight is the user's business")
  }

  @Test func `hooks never fail or delay git`() throws {
    let repository = try planned()
    _ = try repository.recorded("--next-commit")
    // Without the tool.
    try repository.git("checkout", "-q", "-b", "one")
    try repository.git("commit", "-q", "--allow-empty", "-m", "Without the tool")
    // With a journal that cannot be used.
    let journal = "\(repository.path)/.git/kitty-telemetry"
    try repository.run("mv", "\(journal)/waiting.jsonl", "\(journal)/kept")
    try FileManager.default.createDirectory(atPath: "\(journal)/waiting.jsonl", withIntermediateDirectories: false)
    let broken = try repository.attemptHooked(["commit", "-q", "--allow-empty", "-m", "Broken"])
    #expect(broken.status == 0)
    #expect(broken.complaints.count == 1 && broken.errorText.hasPrefix("kitty-git-telemetry: cannot "))
    try FileManager.default.removeItem(atPath: "\(journal)/waiting.jsonl")
    try repository.run("mv", "\(journal)/kept", "\(journal)/waiting.jsonl")
    // While another process keeps the lock.
    let holder = try ChildProcess.start(
      "flock", ["\(journal)/lock", "sleep", "20"], in: repository.path, environment: repository.environment)
    defer { kill(holder.processIdentifier, SIGKILL) }
    let began = ContinuousClock.now
    let locked = try repository.attemptHooked(["commit", "-q", "--allow-empty", "-m", "Locked"])
    #expect(locked.status == 0 && locked.errors.isEmpty && began.duration(to: .now) < .seconds(3))
    #expect(try repository.attemptHooked(["checkout", "-q", "main"]).status == 0)
  }

  @Test func `the command takes the hooks that there are, and nothing in quarantine`() throws {
    let repository = try planned()
    #expect(try repository.tool("hook", "pre-commit").status == 64)
    #expect(try repository.tool("hook").status == 64)
    #expect(try repository.tool("hook", "post-commit", in: "/").status == 0)
    let id = try repository.recorded("--next-commit")
    try repository.git("commit", "-q", "--allow-empty", "-m", "Without the tool")
    try repository.tool("hook", "post-commit", environment: ["GIT_QUARANTINE_PATH": "/x"]).expectQuiet()
    #expect(try repository.allNotedLines().isEmpty)
    try repository.tool("-C", repository.path, "hook", "post-commit", in: "/").expectQuiet()
    #expect(try repository.notedIDs(on: "HEAD") == [id])
  }
}

extension ProcessResult {
  /// Checks that the program succeeded and said nothing.
  fileprivate func expectQuiet(sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(status == 0 && output.isEmpty && errors.isEmpty, "\(errorText)", sourceLocation: sourceLocation)
  }
}
