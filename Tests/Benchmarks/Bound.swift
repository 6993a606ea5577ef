import Foundation
import TestSupport

/// A figure that no load of the machine changes, and what it may be at most: a regression is an error, not noise.
///
/// There is head-room over what was measured when a bound was set, for other processors and other versions of git's
/// library; whoever makes the tool faster lowers it.
struct Bound: Sendable {
  let what: String
  let atMost: Double
  let measure: @Sendable (_ bench: Bench, _ valgrind: Valgrind) throws -> Double

  static let all: [Bound] = [
    .instructions(.mergedLine, atMost: 2_200),
    .instructions(.summedLine, atMost: 2_350),
    .instructions(.emitWithoutNote, atMost: 1_800_000),
    .instructions(.emitWithNote, atMost: 5_000_000),
    .instructions(.hook, atMost: 1_800_000),
    .instructions(.run, atMost: 5_500_000),
    // Some are always elsewhere: those that stand in for others, and those of a processor with other abilities.
    Bound(what: "what an emit uses and emit.order does not name, per cent", atMost: 12) { bench, _ in
      try StartOrder.measured(bench).shareMissing(in: try StartOrder.kept())
    },
    .growth("emit at 100,000 lines in the log, vs none", atMost: 1.2) { repository, isGrown, _ in
      guard isGrown else { return }
      var lines = EventLines(seed: 3, feature: Growth.feature)
      try write(100_000, of: &lines, to: repository.logPath(Growth.feature))
    },
    // From a few hundred notes on, each new one writes a tree of 256 folders anew; more notes than these cost no more.
    .growth("emit at 10,000 notes, vs none", atMost: 2.5) { repository, isGrown, _ in
      var lines = EventLines(seed: 4, feature: Growth.feature)
      try repository.grow(commits: 10_000)
      if isGrown { try repository.note((0..<10_000).map { _ in lines.next() }) }
    },
    .growth("emit at 2,000 events on HEAD, vs none", atMost: 1.2) { repository, isGrown, bench in
      guard isGrown else { return }
      var lines = EventLines(seed: 5, feature: Growth.feature)
      let file = repository.folder.path + "/events.jsonl"
      try write(2_000, of: &lines, to: file)
      let emit = [bench.tool.path, "emit", "--events", file, "--flush", "--strict"]
      _ = try bench.runner.run(Command(emit, in: repository.path))
    },
    Bound(what: "growth: merge of 200 new events at 20,000 notes, vs 2,000", atMost: 1.3) { bench, valgrind in
      let counts = try [20_000, 2_000].map { notes in
        let merging = try Experiment.merging(200, besideNotes: notes, name: "merge", with: bench)
        try merging.prepare()
        return Double(try valgrind.count(merging.command))
      }
      return counts[0] / counts[1]
    },
    Bound(what: "1,000 emits on one commit: notes commits", atMost: 100) { bench, _ in
      Double(try EmissionTraces(count: 1000, with: bench).notesCommits)
    },
    Bound(what: "1,000 emits on one commit: loose objects, bytes", atMost: 400_000) { bench, _ in
      Double(try EmissionTraces(count: 1000, with: bench).bytes)
    },
  ]

  private static func instructions(_ subject: Instructions, atMost limit: Double) -> Bound {
    Bound(what: "instructions: " + subject.rawValue, atMost: limit) { bench, valgrind in
      Double(try subject.count(with: valgrind, bench))
    }
  }

  private static func growth(
    _ what: String, atMost limit: Double, _ prepare: @escaping @Sendable (TestRepository, Bool, Bench) throws -> Void
  ) -> Bound {
    Bound(what: "growth: " + what, atMost: limit) { bench, valgrind in
      try Growth(prepare: prepare).factor(bench, valgrind)
    }
  }
}

/// How many times as many instructions an emit takes in a repository that has grown.
struct Growth {
  static let feature = "017-login"
  /// Makes the repository large, or leaves it small.
  let prepare: (_ repository: TestRepository, _ isGrown: Bool, _ bench: Bench) throws -> Void

  func factor(_ bench: Bench, _ valgrind: Valgrind) throws -> Double {
    let counts = try [true, false].map { isGrown in
      let repository = try TestRepository()
      try repository.commitNothing()
      try prepare(repository, isGrown, bench)
      // The first one reads what it finds; those after it must not.
      _ = try bench.runner.run(bench.emit(Self.feature, in: repository.path))
      return Double(try valgrind.count(bench.emit(Self.feature, in: repository.path)))
    }
    return counts[0] / counts[1]
  }
}
