/// What became of a goal.
struct Finding {
  let goal: Goal
  let outcome: Outcome

  enum Outcome {
    /// Figures, and what they come from, in words.
    case measured(Sample, detail: String)
    /// It was not measured, for a reason: a peer that is not installed.
    case skipped(String)
  }

  /// A ratio of two contenders of a race, told with their times.
  static func ratio(_ goal: Goal, of name: String, to peer: String, in times: [String: Sample]) -> Finding {
    guard let one = times[name], let other = times[peer] else {
      return Finding(goal: goal, outcome: .skipped("\(peer) is not here"))
    }
    let detail = "\(name) \(milliseconds(one)), \(peer) \(milliseconds(other))"
    return Finding(goal: goal, outcome: .measured(one.ratios(to: other), detail: detail))
  }

  private static func milliseconds(_ sample: Sample) -> String {
    decimal((sample.median ?? 0) * 1000, digits: 2) + " ms"
  }
}
