import Events

/// What a merge must have done, told from what plain git and the acknowledgements say before it.
struct Expectation {
  /// What a merge must do with an event.
  enum Claim {
    /// It is in the log afterwards, and in a note that can be reached from HEAD.
    case home
    /// It is in the log afterwards, and in a note on a commit that is alive.
    case logged
    /// It belongs to a lane that is still alive, and does not get into the log.
    case elsewhere
    /// Nothing can be said of it.
    case open
  }

  /// The claims on acknowledged events, by id.
  private(set) var claims: [String: Claim] = [:]
  /// The lines of the logs that are joined, by feature.
  private(set) var logged: [String: Set<String>] = [:]
  /// The notes before.
  let notes: [String: Lines]
  /// The ids of the events that the journal had.
  let journaled: Set<String>

  /// The commits that lead to HEAD.
  private let here: Set<String>
  /// Those that lead to what is being merged, or to a revision that is named.
  private let named: Set<String>
  /// Those that anything leads to.
  private let live: Set<String>
  /// Those that HEAD will lead to once the merge that is open has its commit.
  private let merged: Set<String>

  /// Whether HEAD leads to a commit, or soon will.
  func isHome(_ commit: String) -> Bool { here.contains(commit) || merged.contains(commit) }

  /// Whether anything leads to a commit.
  func isLive(_ commit: String) -> Bool { live.contains(commit) }
}

extension Expectation {
  /// Looks at the repository before `join` in `place`.
  init(of join: Join, at place: Workshop.Place, _ history: History) throws {
    let shop = history.shop
    let revisions = join.revisions
    let mergeHeads = shop.mergeHeads(at: place)
    here = try shop.commits(["HEAD"], at: place)
    merged = mergeHeads.isEmpty ? [] : try shop.commits(mergeHeads + ["--not", "HEAD"], at: place)
    let others = revisions + mergeHeads
    named = others.isEmpty ? [] : try shop.commits(others + ["--not", "HEAD"], at: place)
    live = try shop.liveCommits()
    notes = try shop.notes()
    journaled = Set(shop.journal().keys)
    history.remember(notes)
    var loggedIDs: Set<String> = []
    for feature in Workshop.features {
      let log = shop.log(of: feature)
      let commits = ["HEAD", "HEAD^1", "HEAD^2", "HEAD^3"] + others
      let names = commits.map { "\($0):\(log)" } + (1...3).map { ":\($0):\(log)" }
      let committed = try shop.objects(names, at: place)
      // A log that is in the index and in no conflict is the work tree's matter.
      let lines = committed.values.map(Lines.init) + [Lines(shop.read("\(place.path)/\(log)") ?? [])]
      logged[feature] = lines.reduce(into: []) { $0.formUnion($1.content) }
      for ids in lines.map(\.ids) { loggedIDs.formUnion(ids) }
    }
    for emission in history.emissions.acknowledged {
      guard let id = emission.id else { continue }
      let claim = try claim(on: emission, id, isLogged: loggedIDs.contains(id), join, history)
      claims[id] = claim == .elsewhere && join.isRepair ? .open : claim
    }
  }

  private func claim(
    on emission: Emissions.Emission, _ id: String, isLogged: Bool, _ join: Join, _ history: History
  ) throws -> Claim {
    var carriers = Set(notes.filter { $0.value.ids.contains(id) }.keys)
    if let waits = emission.waits, carriers.isEmpty, journaled.contains(id), !history.isWaitingAlive(waits) {
      return .home
    }
    if journaled.contains(id) {
      if let commit = emission.commit ?? emission.waits.flatMap(history.taker) { carriers.insert(commit) }
      // The work tree's log has an event before it has its commit, and with that its note.
      if emission.waits != nil, carriers.isEmpty { return .open }
    }
    guard !carriers.isEmpty else { return join.isRepair && isLogged ? .logged : .open }
    let everCarried = carriers.union(history.carriers[id] ?? [])
    if !carriers.isDisjoint(with: here.union(named)) || isSquashedHere(carriers, history) { return .home }
    if everCarried.isDisjoint(with: live), try history.knowsFate(of: emission, carriers) { return .home }
    if isLogged { return .logged }
    let wasHere =
      !everCarried.isDisjoint(with: here.union(named)) || everCarried.contains { history.squashes[$0] != nil }
    return carriers.isDisjoint(with: live) || wasHere ? .open : .elsewhere
  }

  private func isSquashedHere(_ commits: Set<String>, _ history: History) -> Bool {
    commits.contains { history.squashes[$0]?.isDisjoint(with: here) == false }
  }
}
