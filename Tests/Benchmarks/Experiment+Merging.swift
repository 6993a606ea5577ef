import Foundation
import TestSupport

/// The join of two logs, as a merge driver does it.
extension Experiment {
  static let merging = Experiment(
    goals: [
      .mergeOneCore, .mergeTwoCores, .mergeCopying, .mergeDuckDB, .mergeShuffled, .mergeMemory, .mergeShapes,
      .mergeInstructions,
    ]
  ) { wanted, bench in
    let scratch = try ScratchDirectory()
    var findings: [Finding] = []
    let halves = bench.size(250_000, quick: 5_000)
    if !wanted.isDisjoint(with: [.mergeOneCore, .mergeTwoCores, .mergeCopying, .mergeDuckDB, .mergeMemory]) {
      let logs = try LogPair(in: scratch.path + "/long", halves: halves)
      findings += try race(logs, wanted, bench)
      if wanted.contains(.mergeMemory) { findings.append(try memory(logs, bench)) }
    }
    if wanted.contains(.mergeShuffled) {
      let logs = try LogPair(in: scratch.path + "/shuffled", halves: halves, isShuffled: true)
      let contenders = [logs.merging(with: bench, cores: 1), logs.sorting(cores: 1)]
      let times = try Race(contenders: contenders, rounds: bench.rounds(usually: 5)).run(with: bench.runner)
      findings.append(.ratio(.mergeShuffled, of: contenders[0].name, to: contenders[1].name, in: times))
    }
    if wanted.contains(.mergeShapes) { findings.append(try shapes(in: scratch.path, bench)) }
    if wanted.contains(.mergeInstructions) { findings.append(.instructions(.mergeInstructions, .mergedLine, bench)) }
    return findings
  }

  /// Long logs, beside all that could do the like.
  private static func race(_ logs: LogPair, _ wanted: Set<Goal>, _ bench: Bench) throws -> [Finding] {
    let (one, two) = (logs.merging(with: bench, cores: 1), logs.merging(with: bench, cores: 2))
    let (sortOne, sortTwo) = (logs.sorting(cores: 1), logs.sorting(cores: 2))
    var contenders: [Contender] = []
    if wanted.contains(.mergeOneCore) { contenders += [one, sortOne] }
    if !wanted.isDisjoint(with: [.mergeTwoCores, .mergeCopying, .mergeDuckDB]) { contenders.append(two) }
    if wanted.contains(.mergeTwoCores) { contenders.append(sortTwo) }
    if wanted.contains(.mergeCopying) { contenders.append(try logs.copying(with: bench)) }
    if wanted.contains(.mergeDuckDB), let python = bench.peers.duckDB { contenders.append(logs.joining(python)) }
    guard !contenders.isEmpty else { return [] }
    let times = try Race(contenders: contenders, rounds: bench.rounds(usually: 7)).run(with: bench.runner)
    return [
      .ratio(.mergeOneCore, of: one.name, to: sortOne.name, in: times),
      .ratio(.mergeTwoCores, of: two.name, to: sortTwo.name, in: times),
      .ratio(.mergeCopying, of: two.name, to: "cat", in: times),
      .ratio(.mergeDuckDB, of: two.name, to: "DuckDB", in: times),
    ]
  }

  private static func memory(_ logs: LogPair, _ bench: Bench) throws -> Finding {
    let contender = logs.merging(with: bench, cores: 2)
    let peaks = try (0..<3).map { _ in
      try contender.prepare()
      return Double(try bench.runner.run(contender.command, watchesMemory: true).peakMemory)
    }
    let detail = "\(Int((peaks.max() ?? 0) / 1_000_000)) MB at most for \(logs.lines) lines"
    return Finding(
      goal: .mergeMemory, outcome: .measured(Sample(peaks).divided(by: Double(logs.lines)), detail: detail))
  }

  /// Logs whose lines have three shapes in turn beside logs whose lines have one, per byte.
  private static func shapes(in scratch: String, _ bench: Bench) throws -> Finding {
    let halves = bench.size(100_000, quick: 5_000)
    let mixed = try LogPair(in: scratch + "/mixed", halves: halves, shapes: EventLines.Shape.allCases)
    let plain = try LogPair(in: scratch + "/plain", halves: halves)
    let contenders = [("three shapes", mixed), ("one shape", plain)].map { name, logs in
      let merging = logs.merging(with: bench, cores: 1)
      return Contender(name: name, command: merging.command, prepare: merging.prepare, check: merging.check)
    }
    let times = try Race(contenders: contenders, rounds: bench.rounds(usually: 9)).run(with: bench.runner)
    // Per megabyte, so that the times that are told remain readable.
    let perByte = [
      "three shapes": times["three shapes"]?.divided(by: Double(mixed.bytes) / 1_000_000),
      "one shape": times["one shape"]?.divided(by: Double(plain.bytes) / 1_000_000),
    ].compactMapValues { $0 }
    return .ratio(.mergeShapes, of: "three shapes", to: "one shape", in: perByte)
  }
}
