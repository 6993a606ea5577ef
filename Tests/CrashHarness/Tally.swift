import Foundation

/// What came of all trials, by command and by the place of the fault.
struct Tally {
  private struct Row {
    var trials = 0
    var faults = 0
    var violations = 0
    var lost = 0
  }

  private var rows: [String: [String: Row]] = [:]
  private var acknowledged = 0
  private var locks: [String: Int] = [:]
  private var slowest: Duration = .zero

  /// How many things were wrong.
  private(set) var violations = 0

  /// What was wrong in a trial; that it could not be played is wrong too.
  static func violations(of result: Result<Trial.Outcome, any Error>) -> [String] {
    switch result {
    case .success(let outcome): outcome.violations
    case .failure(let error): ["\(error)"]
    }
  }

  /// Counts a trial.
  mutating func add(_ trial: Trial, _ result: Result<Trial.Outcome, any Error>) {
    let violations = Tally.violations(of: result).count
    // One that could not be played has come to nothing.
    let outcome = (try? result.get()) ?? Trial.Outcome()
    var row = rows[trial.scene.name]?[trial.fault.place] ?? Row()
    row.trials += 1
    row.faults += outcome.faults
    row.violations += violations
    row.lost += outcome.lost
    rows[trial.scene.name, default: [:]][trial.fault.place] = row
    self.violations += violations
    acknowledged += outcome.acknowledged
    slowest = max(slowest, outcome.delay)
    for lock in outcome.locks {
      // The index of a commit that is being made is named after the process.
      let name = lock.hasPrefix("next-index-") ? "next-index.lock" : lock
      locks[name, default: 0] += 1
    }
  }

  /// The result: a line for each command and place, and what all of them come to.
  func table(of plays: [Play]) -> String {
    let head = ["command", "place", "trials", "faults", "violations", "events lost"]
    var lines = [head]
    var total = Row()
    for play in plays {
      for (place, row) in (rows[play.scene.name] ?? [:]).sorted(by: { $0.key < $1.key }) {
        lines.append([play.scene.name, place] + [row.trials, row.faults, row.violations, row.lost].map { "\($0)" })
        total.trials += row.trials
        total.faults += row.faults
        total.violations += row.violations
        total.lost += row.lost
      }
    }
    lines.append(["all", ""] + [total.trials, total.faults, total.violations, total.lost].map { "\($0)" })
    let widths = head.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    let text = lines.map { line in
      line.indices.map { column in
        let padding = String(repeating: " ", count: widths[column] - line[column].count)
        return column < 2 ? line[column] + padding : padding + line[column]
      }.joined(separator: "  ")
    }
    let left = locks.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    return text.joined(separator: "\n") + """
      \n
      \(plays.reduce(0) { $0 + $1.points }) places in \(plays.count) commands; \(total.trials) trials with \
      \(total.faults) faults
      \(acknowledged) acknowledged events, \(total.lost) lost
      the next recorder took \(slowest) at most
      git's locks that were left for a person: \(left.isEmpty ? "none" : left)
      """
  }
}
