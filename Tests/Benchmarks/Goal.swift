/// What is wanted of the tool's speed and size; a smaller figure is the better one everywhere.
enum Goal: String, CaseIterable {
  case mergeOneCore = "merge-one-core"
  case mergeTwoCores = "merge-two-cores"
  case mergeCopying = "merge-copying"
  case mergeDuckDB = "merge-duckdb"
  case mergeShuffled = "merge-shuffled"
  case mergeInstructions = "merge-instructions"
  case mergeMemory = "merge-memory"
  case mergeShapes = "merge-shapes"
  case costCounting = "cost-counting"
  case costDuckDB = "cost-duckdb"
  case costPython = "cost-python"
  case emitWithoutNote = "emit-without-note"
  case emitWithNote = "emit-with-note"
  case emitReference = "emit-reference"
  case emitLongLog = "emit-long-log"
  case emitManyNotes = "emit-many-notes"
  case emitManyEvents = "emit-many-events"
  case emitLooseBytes = "emit-loose-bytes"
  case emitParallel = "emit-parallel"
  case mergeManyNotes = "merge-many-notes"

  /// In what a figure is told.
  enum Unit: String {
    case ratio
    case instructions
    case bytes
    case megabytes
  }

  /// What is measured, against what; the least that is wanted of it, and what it aims at.
  struct Wish {
    let what: String
    let least: Double
    let aim: Double
    var unit = Unit.ratio
  }

  var wish: Wish {
    switch self {
    case .mergeOneCore: Wish(what: "merge two logs, one core, vs sort -u", least: 0.60, aim: 0.35)
    case .mergeTwoCores: Wish(what: "merge two logs, two cores, vs sort -u", least: 0.40, aim: 0.20)
    case .mergeCopying: Wish(what: "merge two logs, two cores, vs cat of those bytes", least: 3.0, aim: 1.5)
    case .mergeDuckDB: Wish(what: "merge two logs, two cores, vs DuckDB", least: 0.20, aim: 0.09)
    case .mergeShuffled: Wish(what: "merge two shuffled logs, one core, vs sort -u", least: 0.45, aim: 0.20)
    case .mergeInstructions:
      Wish(what: "merge: instructions per input line", least: 4000, aim: 2000, unit: .instructions)
    case .mergeMemory: Wish(what: "merge: own memory per input line", least: 130, aim: 75, unit: .bytes)
    case .mergeShapes: Wish(what: "merge: three shapes of lines vs one, per byte", least: 1.3, aim: 1.05)
    case .costCounting: Wish(what: "cost over a long log, one core, vs wc -l", least: 3.0, aim: 1.8)
    case .costDuckDB: Wish(what: "cost over a long log, one core, vs DuckDB", least: 0.35, aim: 0.18)
    case .costPython: Wish(what: "cost over a log, one core, vs Python's json", least: 0.06, aim: 0.03)
    case .emitWithoutNote: Wish(what: "emit without note vs git --version", least: 1.5, aim: 1.0)
    case .emitWithNote: Wish(what: "emit with note vs git notes append", least: 2.0, aim: 1.0)
    case .emitReference: Wish(what: "emit vs the reference's, at a long log", least: 0.015, aim: 0.005)
    case .emitLongLog: Wish(what: "emit at a very long log vs an empty one", least: 1.2, aim: 1.0)
    case .emitManyNotes: Wish(what: "emit at many notes vs none", least: 1.6, aim: 1.1)
    case .emitManyEvents: Wish(what: "emit at many events on HEAD vs none", least: 2.0, aim: 1.1)
    case .emitLooseBytes:
      Wish(what: "loose objects of 1,000 emits on one commit", least: 6, aim: 0.4, unit: .megabytes)
    case .emitParallel: Wish(what: "8 worktrees emit in parallel vs in turn", least: 0.85, aim: 0.55)
    case .mergeManyNotes: Wish(what: "merge of 200 new events, at many notes vs few", least: 2.0, aim: 1.1)
    }
  }

  /// What a figure is worth.
  enum Verdict: String {
    case reached = "aim reached"
    case met = "met"
    case missed = "NOT MET"
  }

  /// Judges by the median: the minimum is what the machine could do once, not what it does.
  func verdict(on median: Double) -> Verdict {
    median <= wish.aim ? .reached : median <= wish.least ? .met : .missed
  }
}
