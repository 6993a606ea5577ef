package import Events

/// The search for runs that were made again: those of a work package in a role that come after a failed one.
///
/// All failures are taken in first, in any order; then each run is known to be a retry or not.
package struct RetrySearch {
  /// Numbers of a feature, a work package and a role.
  private struct Task: Hashable {
    let feature, wpID, role: Int
  }

  private var values = ValueNumbers()
  private var failures: [Task: EventPosition] = [:]

  /// Creates a search that knows of no failure.
  package init() {}

  /// Takes in a run that failed and stands in `bytes`.
  package mutating func addFailure(_ line: EventLine, in bytes: Span<UInt8>) {
    let position = EventPosition(rank: 0, line, in: bytes)
    let task = task(line, in: bytes)
    failures[task] = min(failures[task] ?? position, position)
  }

  /// Whether a run that stands in `bytes` comes after a failure of the same work.
  package mutating func isRetry(_ line: EventLine, in bytes: Span<UInt8>) -> Bool {
    guard let failure = failures[task(line, in: bytes)] else { return false }
    return failure < EventPosition(rank: 0, line, in: bytes)
  }

  private mutating func task(_ line: EventLine, in bytes: Span<UInt8>) -> Task {
    let absent = values.number(of: .null)
    func number(_ range: Range<Int>?) -> Int { range.map { values.number(of: $0, in: bytes) } ?? absent }
    return Task(
      feature: values.number(of: line.aggregateID, in: bytes), wpID: number(line[.wpID]), role: number(line[.role]))
  }
}
