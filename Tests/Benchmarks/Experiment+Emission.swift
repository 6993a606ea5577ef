import Foundation
import TestSupport

/// One `emit` at a time, as a whole process.
extension Experiment {
  private static let feature = "017-login"
  private static let notes = "refs/notes/kitty-telemetry"

  /// The event waits for the next commit, so log, clock and journal have it at once, and no note.
  ///
  /// Each process is started by itself, in turn with git's, as orchestrators record: minutes apart. In a loop git's would
  /// find the processor's caches as it has left them, and each of ours the disk still busy with the one before.
  static let emissionWithoutNote = Experiment(goals: [.emitWithoutNote]) { _, bench in
    let repository = try TestRepository()
    try repository.commitNothing()
    let contenders = [
      Contender(
        name: "emit --next-commit", command: bench.emit(feature, in: repository.path, "--next-commit"),
        stage: repository),
      Contender(name: "git --version", command: Command(["git", "--version"], in: repository.path)),
    ]
    let rounds = bench.rounds(usually: 15) * bench.size(25, quick: 5)
    let times = try Race(contenders: contenders, rounds: rounds).run(with: bench.runner)
    try require(try repository.linesOfNote() == 0, "an event that waits is in a note")
    return [.ratio(.emitWithoutNote, of: "emit --next-commit", to: "git --version", in: times)]
  }

  /// Beside what git takes for the like.
  static let emissionBesideGit = Experiment(goals: [.emitWithNote]) { _, bench in
    let loop = bench.size(25, quick: 5)
    let (ours, gits) = (try TestRepository(), try TestRepository())
    for repository in [ours, gits] {
      var lines = EventLines(seed: 1)
      try repository.grow(commits: 1000)
      try repository.note((0..<1000).map { _ in lines.next() })
    }
    var lines = EventLines(seed: 2)
    let line = String(lines.next().dropLast())
    let append = ["git", "notes", "--ref=\(notes)", "append", "-m", line]
    let contenders = [
      Contender(
        name: "emit", command: bench.emit(feature, in: ours.path).repeated(loop), repetitions: loop,
        prepare: ours.commitNothing,
        check: { try require(try ours.linesOfNote() == loop, "emit left events without a note") }),
      Contender(
        name: "git notes append", command: Command(append, in: gits.path).repeated(loop), repetitions: loop,
        prepare: gits.commitNothing),
    ]
    let times = try Race(contenders: contenders, rounds: bench.rounds(usually: 15)).run(with: bench.runner)
    return [.ratio(.emitWithNote, of: "emit", to: "git notes append", in: times)]
  }

  /// At logs, notes and commits that have grown, beside those that have not.
  static let emissionAtSize = Experiment(
    goals: [.emitReference, .emitLongLog, .emitManyNotes, .emitManyEvents]
  ) { wanted, bench in
    let loop = bench.size(25, quick: 5)
    var contenders: [Contender] = []
    func add(_ name: String, _ repository: TestRepository, prepare: @escaping () throws -> Void) {
      contenders.append(
        Contender(
          name: name, command: bench.emit(feature, in: repository.path).repeated(loop), repetitions: loop,
          stage: repository, prepare: prepare))
    }
    func add(_ name: String, log lines: Int) throws -> TestRepository {
      let repository = try TestRepository()
      try repository.commitNothing()
      var generator = EventLines(seed: 3, feature: feature)
      if lines > 0 { try write(lines, of: &generator, to: repository.logPath(feature)) }
      add(name, repository, prepare: repository.commitNothing)
      return repository
    }
    if wanted.contains(.emitReference) {
      let lines = bench.size(100_000, quick: 2_000)
      let repository = try add("emit at a long log", log: lines)
      if let python = bench.peers.python {
        let folder = repository.folder.path + "/reference/" + feature
        var generator = EventLines(seed: 3, feature: feature)
        try write(lines, of: &generator, to: folder + "/execution.events.jsonl")
        let script = Peers.script("reference-emit.py")
        contenders.append(
          Contender(
            name: "the reference's emit", command: Command([python, script, folder, "WP01"], in: folder),
            stage: repository))
      }
    }
    if wanted.contains(.emitLongLog) {
      _ = try add("emit at a very long log", log: bench.size(1_000_000, quick: 10_000))
      _ = try add("emit at an empty log", log: 0)
    }
    if wanted.contains(.emitManyNotes) {
      let count = bench.size(100_000, quick: 1_000)
      for (name, notes) in [("emit at many notes", count), ("emit at no notes", 0)] {
        let repository = try TestRepository()
        var generator = EventLines(seed: 4, feature: feature)
        try repository.grow(commits: count)
        if notes > 0 { try repository.note((0..<notes).map { _ in generator.next() }) }
        add(name, repository, prepare: repository.commitNothing)
      }
    }
    if wanted.contains(.emitManyEvents) {
      for (name, events) in [
        ("emit at many events on HEAD", bench.size(10_000, quick: 200)), ("emit at no events on HEAD", 0),
      ] {
        let repository = try TestRepository()
        try repository.commitNothing()
        if events > 0 {
          var generator = EventLines(seed: 5, feature: feature)
          let file = repository.folder.path + "/events.jsonl"
          try write(events, of: &generator, to: file)
          let emit = [bench.tool.path, "emit", "--events", file, "--flush", "--strict"]
          _ = try bench.runner.run(Command(emit, in: repository.path))
          try require(try repository.linesOfNote() == events, "the note does not hold what was recorded")
        }
        add(name, repository, prepare: events > 0 ? {} : repository.commitNothing)
      }
    }
    let times = try Race(contenders: contenders, rounds: bench.rounds(usually: 15)).run(with: bench.runner)
    return [
      .ratio(.emitReference, of: "emit at a long log", to: "the reference's emit", in: times),
      .ratio(.emitLongLog, of: "emit at a very long log", to: "emit at an empty log", in: times),
      .ratio(.emitManyNotes, of: "emit at many notes", to: "emit at no notes", in: times),
      .ratio(.emitManyEvents, of: "emit at many events on HEAD", to: "emit at no events on HEAD", in: times),
    ]
  }

  /// Many, one after the other or at once.
  static let emissionTogether = Experiment(goals: [.emitLooseBytes, .emitParallel]) { wanted, bench in
    var findings: [Finding] = []
    if wanted.contains(.emitLooseBytes) {
      let traces = try EmissionTraces(count: bench.size(1000, quick: 50), with: bench)
      let size = Sample([Double(traces.bytes) / 1_000_000])
      let detail = "\(traces.count) emits, \(traces.objects) objects, \(traces.notesCommits) notes commits"
      findings.append(Finding(goal: .emitLooseBytes, outcome: .measured(size, detail: detail)))
    }
    guard wanted.contains(.emitParallel) else { return findings }
    let emits = bench.size(200, quick: 10)
    let repository = try TestRepository()
    try repository.commitNothing()
    let worktrees = try (0..<8).map { try repository.addWorktree("WP0\($0)", branch: "WP0\($0)") }
    func contender(_ name: String, _ end: String) -> Contender {
      let script = """
        loop() { cd "$1" || exit; shift; n=\(emits); while [ "$n" -gt 0 ]; do "$@" || exit; n=$((n - 1)); done; }
        for w in \(worktrees.joined(separator: " ")); do (loop "$w" "$@") \(end) done; wait
        """
      var command = bench.emit(feature, in: repository.path)
      command.arguments = ["sh", "-c", script, "sh"] + command.arguments
      var expected = 0
      return Contender(
        name: name, command: command, stage: repository,
        prepare: {
          for worktree in worktrees {
            try repository.git("commit", "--quiet", "--allow-empty", "--message=Next", in: worktree)
          }
          expected = try lines() + emits * worktrees.count
        },
        check: { try require(try lines() == expected, "events of worktrees were lost") })
    }
    func lines() throws -> Int {
      try worktrees.reduce(0) { sum, worktree in
        let log = repository.logPath(feature, in: worktree)
        guard FileManager.default.fileExists(atPath: log) else { return sum }
        return sum + (try Data(contentsOf: URL(fileURLWithPath: log)).split(separator: 10).count)
      }
    }
    let contenders = [contender("in parallel", "&"), contender("in turn", ";")]
    let times = try Race(contenders: contenders, rounds: bench.rounds(usually: 3)).run(with: bench.runner)
    return findings + [.ratio(.emitParallel, of: "in parallel", to: "in turn", in: times)]
  }
}

/// What emits on one commit leave in the object database, the last flush included.
struct EmissionTraces {
  let count: Int
  let objects: Int
  let bytes: Int
  let notesCommits: Int

  init(count: Int, with bench: Bench) throws {
    self.count = count
    let repository = try TestRepository()
    try repository.commitNothing()
    let before = try repository.looseObjects()
    _ = try bench.runner.run(bench.emit("017-login", in: repository.path).repeated(count))
    _ = try bench.runner.run(Command([bench.tool.path, "emit", "--flush", "--strict"], in: repository.path))
    try require(try repository.linesOfNote() == count, "the note lacks events")
    let after = try repository.looseObjects()
    objects = after.count - before.count
    bytes = after.bytes - before.bytes
    let commits = try repository.git("rev-list", "--count", "refs/notes/kitty-telemetry")
    notesCommits = Int(commits) ?? 0
  }
}

/// Makes sure that what was timed did its work.
func require(_ condition: Bool, _ complaint: String) throws {
  guard condition else { throw BenchmarkError("the figures are worth nothing: \(complaint)") }
}
