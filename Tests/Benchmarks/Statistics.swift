/// Figures of one thing, measured several times.
struct Sample {
  /// In the order in which they were measured.
  let values: [Double]

  init(_ values: [Double]) {
    self.values = values
  }

  /// The value in the middle, or the mean of the two there; `nil` of nothing.
  ///
  /// One slow or one lucky run does not move it.
  var median: Double? {
    guard !values.isEmpty else { return nil }
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
  }

  /// The least value: what remains when nobody else uses the machine.
  var minimum: Double? { values.min() }

  /// This against that, run by run: what slows the machine down for a while slows both down.
  func ratios(to other: Sample) -> Sample { Sample(zip(values, other.values).map { $0 / $1 }) }

  /// Each value divided by `divisor`.
  func divided(by divisor: Double) -> Sample { Sample(values.map { $0 / divisor }) }
}
