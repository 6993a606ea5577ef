import Foundation
import TestSupport

/// What instructions are counted of.
enum Instructions: String, CaseIterable {
  case mergedLine = "merge, per input line"
  case summedLine = "cost, per line"
  case emitWithoutNote = "emit without note"
  case emitWithNote = "emit with note"
  case hook = "hook with nothing to do"
  case run = "run -- true"

  private static let feature = "017-login"

  /// Counts them.
  func count(with valgrind: Valgrind, _ bench: Bench) throws -> Int {
    let scratch = try ScratchDirectory()
    let repository = try TestRepository()
    try repository.commitNothing()
    // What only the first one does in a repository is not what all the others take.
    func warmed(_ command: Command) throws -> Int {
      _ = try bench.runner.run(command)
      return try valgrind.count(command)
    }
    switch self {
    case .mergedLine:
      return try perLine(bench) { lines in
        let logs = try LogPair(in: "\(scratch.path)/\(lines)", halves: lines / 4)
        let merging = logs.merging(with: bench, cores: 1)
        try merging.prepare()
        let command = Array(merging.command.arguments.drop { $0 != bench.tool.path }.dropFirst())
        let count = try valgrind.count(command, in: scratch.path)
        try merging.check()
        return count
      }
    case .summedLine:
      return try perLine(bench) { lines in
        var generator = EventLines(seed: 3, feature: Self.feature)
        try write(lines, of: &generator, to: repository.logPath(Self.feature))
        return try valgrind.count(["cost", "--json"], in: repository.path)
      }
    case .emitWithoutNote: return try warmed(bench.emit(Self.feature, in: repository.path, "--next-commit"))
    case .emitWithNote: return try warmed(bench.emit(Self.feature, in: repository.path))
    case .hook:
      _ = try bench.runner.run(bench.emit(Self.feature, in: repository.path))
      try repository.commitNothing()
      return try warmed(Command([bench.tool.path, "hook", "post-commit"], in: repository.path))
    case .run:
      let run = ["run", "--feature", Self.feature, "--wp-id", "WP01", "--role", "implementer", "--", "true"]
      return try warmed(Command([bench.tool.path] + run, in: repository.path))
    }
  }

  /// What each further line costs: the difference of two sizes leaves out what a program does in any case.
  private func perLine(_ bench: Bench, count: (_ lines: Int) throws -> Int) throws -> Int {
    let (few, many) = bench.isQuick ? (400, 4_000) : (4_000, 40_000)
    let fewer = try count(few)
    return (try count(many) - fewer) / (many - few)
  }
}

extension Finding {
  /// A goal whose figure is a count of instructions.
  static func instructions(_ goal: Goal, _ subject: Instructions, _ bench: Bench) -> Finding {
    do {
      let count = try subject.count(with: try Valgrind(bench), bench)
      return Finding(goal: goal, outcome: .measured(Sample([Double(count)]), detail: "callgrind"))
    } catch {
      return Finding(goal: goal, outcome: .skipped("\(error)"))
    }
  }
}
