/// What was recorded, as far as whoever asked for it was told.
///
/// It knows nothing of how the program under test works: which commit an event was recorded for stands in the answer
/// that it got, and the rest is what the one who plays has done himself.
struct Emissions {
  /// An event that was recorded, or may have been.
  struct Emission {
    /// How many were there before it.
    let number: Int
    /// The agent, by which the event is known when nobody was told its id.
    let agent: String
    let feature: String
    /// The id; `nil` when the recorder was killed before it told.
    var id: String?
    /// Whether the recorder said that it had recorded the event.
    var isAcknowledged = false
    /// The commit that it was recorded for; `nil` while it waits, and when nobody knows any more.
    var commit: String?
    /// What a merge had seen when the recorder was started.
    let floor: Int?
    /// Where it waits for a commit.
    var waits: Waiting?
    /// Whether the journal that had it was deleted.
    var isForgotten = false
    /// Whether the program has dropped it from the journal.
    var isDropped = false
  }

  /// An event that was recorded before its commit.
  struct Waiting {
    /// The worktree and the branch that it waits on; no branch for a detached HEAD.
    let place: String
    let branch: String?
    let head: String
    /// The commit that was made there next, on top of what the event was recorded at.
    var taker: String?
  }

  /// All of them, by agent.
  private(set) var all: [String: Emission] = [:]
  private var agents: [String: String] = [:]
  /// Above what the clock of each later event must be, by feature.
  private(set) var floors: [String: Int] = [:]
  private var clocks: Set<String> = []
  private(set) var count = 0

  /// The next agent's name, which no event has had.
  mutating func nextAgent() -> String {
    count += 1
    return "agent-\(count)"
  }

  /// Takes note of an event that is being recorded.
  mutating func begin(_ agent: String, feature: String, id: String?) {
    all[agent] = Emission(number: count, agent: agent, feature: feature, id: id, floor: floors[feature])
    if let id { agents[id] = agent }
  }

  /// Takes note that an event was recorded; what is wrong with the answer is thrown.
  mutating func acknowledge(
    _ agent: String, id: String, clock: Int, node: String, commit: String?, waits: Waiting?
  ) throws {
    guard var emission = all[agent] else { return }
    if let expected = emission.id, expected != id {
      throw Violation("\(agent) was given the id \(expected), not \(id)")
    }
    guard !emission.isAcknowledged else { return }
    if let floor = emission.floor, clock <= floor {
      throw Violation("\(agent) has the clock \(clock) although a merge of \(emission.feature) had seen \(floor)")
    }
    guard clocks.insert("\(emission.feature) \(node) \(clock)").inserted else {
      throw Violation("\(agent) has the clock \(clock) of \(node), which another event of \(emission.feature) has")
    }
    emission.id = id
    emission.isAcknowledged = true
    emission.commit = commit
    emission.waits = waits
    agents[id] = agent
    all[agent] = emission
  }

  /// Takes note that an event from elsewhere was recorded, with the clock that it has from there.
  mutating func adopt(_ agent: String, commit: String?) {
    all[agent]?.isAcknowledged = true
    all[agent]?.commit = commit
  }

  /// The event with that id.
  func emission(of id: String) -> Emission? { agents[id].flatMap { all[$0] } }

  /// All events that a recorder said it had recorded, in the order in which that was asked.
  var acknowledged: [Emission] { all.values.filter(\.isAcknowledged).sorted { $0.number < $1.number } }

  /// Takes note of a merge: later events come after all that it has seen.
  mutating func raiseFloor(of feature: String, to clock: Int) {
    floors[feature] = max(floors[feature] ?? 0, clock)
  }

  /// Changes what is known of the events that wait.
  mutating func updateWaiting(_ change: (inout Emission) -> Void) {
    update { if $0.waits != nil { change(&$0) } }
  }

  /// Changes what is known of the events.
  mutating func update(_ change: (inout Emission) -> Void) {
    for agent in all.keys {
      guard var emission = all[agent] else { continue }
      change(&emission)
      all[agent] = emission
    }
  }

  /// Forgets what the journal alone knew: it was deleted, and the clocks with it.
  mutating func forgetJournal() {
    for agent in all.keys {
      all[agent]?.commit = nil
      all[agent]?.waits = nil
      all[agent]?.isForgotten = true
    }
    floors = [:]
    clocks = []
  }
}

/// What must never happen, and did.
struct Violation: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
