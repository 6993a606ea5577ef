import Foundation
import TestSupport

/// Sums over long logs, and a merge where there are many notes.
extension Experiment {
  static let summing = Experiment(goals: [.costCounting, .costDuckDB, .costPython]) { wanted, bench in
    let features = 50
    let count = bench.size(1_000_000, quick: 20_000)
    let repository = try TestRepository()
    try repository.commitNothing()
    var logs: [String] = []
    for number in 0..<features {
      let feature = String(number + 100) + "-feature"
      var lines = EventLines(seed: UInt64(number), feature: feature)
      logs.append(repository.logPath(feature))
      try write(count / features, of: &lines, to: repository.logPath(feature))
    }
    var command = Command([bench.tool.path, "cost", "--json"], in: repository.path).on(cores: 1)
    command.output = repository.folder.path + "/sums.json"
    // It says how many events lack a cost.
    command.maySpeak = true
    let cost = Contender(
      name: "cost", command: command, stage: repository,
      check: { try require(try summedEvents(in: command.output) == count, "cost did not count all events") })
    var contenders = [cost]
    func add(_ goal: Goal, _ name: String, _ arguments: [String]?) {
      guard wanted.contains(goal), let arguments else { return }
      contenders.append(
        Contender(name: name, command: Command(arguments + logs, in: repository.path).on(cores: 1)))
    }
    add(.costCounting, "wc -l", ["wc", "-l"])
    add(.costDuckDB, "DuckDB", bench.peers.duckDB.map { [$0, Peers.script("duckdb-cost.py"), "1"] })
    add(.costPython, "Python", bench.peers.python.map { [$0, Peers.script("json-cost.py")] })
    let times = try Race(contenders: contenders, rounds: bench.rounds(usually: 5)).run(with: bench.runner)
    return [
      .ratio(.costCounting, of: "cost", to: "wc -l", in: times),
      .ratio(.costDuckDB, of: "cost", to: "DuckDB", in: times),
      .ratio(.costPython, of: "cost", to: "Python", in: times),
    ]
  }

  /// How many events the sums that `cost --json` printed are of.
  private static func summedEvents(in file: String) throws -> Int {
    struct Sum: Decodable { let event_count: Int }
    return try JSONDecoder().decode([Sum].self, from: try Data(contentsOf: URL(fileURLWithPath: file)))
      .reduce(0) { $0 + $1.event_count }
  }

  /// What a merge of a few new events takes must depend on them, and not on what the notes already hold.
  static let mergingAtScale = Experiment(goals: [.mergeManyNotes]) { _, bench in
    let new = bench.size(200, quick: 20)
    let contenders = try [
      ("merge at many notes", bench.size(100_000, quick: 2_000)), ("merge at few notes", bench.size(1_000, quick: 100)),
    ].map { name, notes in
      try merging(new, besideNotes: notes, name: name, with: bench)
    }
    let times = try Race(contenders: contenders, rounds: bench.rounds(usually: 5)).run(with: bench.runner)
    return [.ratio(.mergeManyNotes, of: "merge at many notes", to: "merge at few notes", in: times)]
  }

  /// A merge of `new` events in a repository with so many notes, after one that has looked at these.
  static func merging(_ new: Int, besideNotes notes: Int, name: String, with bench: Bench) throws -> Contender {
    let feature = "100-feature"
    let repository = try TestRepository()
    try noteEvents(notes, in: repository)
    let merge = Command([bench.tool.path, "merge", "--feature", feature, "--json"], in: repository.path)
    _ = try bench.runner.run(merge)
    var random = EventLines(seed: UInt64(notes), feature: feature)
    let file = repository.folder.path + "/new.jsonl"
    return Contender(
      name: name, command: merge, stage: repository,
      prepare: {
        try repository.commitNothing()
        try write(new, of: &random, to: file)
        let emit = [bench.tool.path, "emit", "--events", file, "--flush", "--strict"]
        _ = try bench.runner.run(Command(emit, in: repository.path))
        // The merge has to put them into a log that lacks them, as it is after a checkout.
        try FileManager.default.removeItem(atPath: repository.logPath(feature))
        try repository.git("checkout", "--quiet", "--", "kitty-specs/\(feature)")
      })
  }

  /// As many commits as notes, each note with an event of one of some features; their logs are committed, and the
  /// feature that is merged has 500 of them at every size.
  private static func noteEvents(_ count: Int, in repository: TestRepository) throws {
    let merged = min(500, count / 2)
    let perFeature = 1000
    var bodies: [String] = []
    var files: [(path: String, content: String)] = []
    var number = 100
    while bodies.count < count {
      let feature = "\(number)-feature"
      var lines = EventLines(seed: UInt64(1000 + number), feature: feature)
      let events = (0..<min(number == 100 ? merged : perFeature, count - bodies.count)).map { _ in lines.next() }
      files.append((path: "kitty-specs/\(feature)/execution.events.jsonl", content: events.joined()))
      bodies += events
      number += 1
    }
    try repository.grow(commits: count, files: files)
    try repository.note(bodies)
  }
}
