package import Events

/// Which commit carries each event.
package struct EventCommits: Sendable {
  private var commits: [String] = []
  private var numbers: [String: Int32] = [:]
  private var carriers: [EventID: Int32] = [:]

  /// Creates the record of no events.
  package init() {}

  /// The commit that carries the event `id`, by its name; `nil` when none is known to.
  package func commit(of id: EventID) -> String? { carriers[id].map { commits[Int($0)] } }

  /// Says that `commit` carries the event `id`.
  package mutating func set(_ commit: String, of id: EventID) {
    let number = numbers[commit] ?? Int32(commits.count)
    if number == commits.count {
      commits.append(commit)
      numbers[commit] = number
    }
    carriers[id] = number
  }
}
