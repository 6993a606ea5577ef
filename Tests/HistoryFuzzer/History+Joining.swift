import Events
import TestSupport

// Joining, and what must hold afterwards.
extension History {
  /// Somebody joins, wherever he is.
  func join() throws -> Bool {
    let place = anyPlace(mainPercent: 60)
    var named: [String] = []
    if chance(50) {
      named = try branches().shuffled(using: &generator)
      named = Array(named.prefix(Int.random(in: 1...2, using: &generator)))
    }
    try join(at: place, naming: named)
    return true
  }

  func killJoin() throws -> Bool {
    let place = anyPlace(mainPercent: 70)
    let process = try shop.startTool(["merge", "--json"] + branches(), at: place)
    _ = try kill(process, within: .milliseconds(120))
    shop.remove(place.gitDirectory + "/index.lock")
    return true
  }

  /// Joins, and checks that all is where it belongs.
  func join(at place: Workshop.Place, naming revisions: [String]) throws {
    let expectation = try Expectation(of: emissions, at: place, naming: revisions, self)
    let result = try shop.tool(["merge", "--json"] + revisions, at: place)
    guard result.status == 0, JSONValue(result.output)?.object != nil else {
      throw Violation("merge ended with \(result.status): \(result.errorText)")
    }
    let notes = try shop.notes()
    remember(notes)
    for feature in Workshop.features { try check(feature, against: expectation, at: place) }
    try check(notes, against: expectation)
    try settleWaiting()
  }

  /// Checks the log and the clock of a feature.
  private func check(_ feature: String, against expectation: Expectation, at place: Workshop.Place) throws {
    let log = Lines(shop.read("\(place.path)/\(shop.log(of: feature))") ?? [])
    try checkOrder(of: log, feature)
    let missing = (expectation.logged[feature] ?? []).subtracting(log.content).filter { lost in
      // A fragment of an event's line says nothing that the line does not.
      !log.events.contains { String(decoding: $0.line, as: UTF8.self).hasPrefix(lost) }
    }
    guard missing.isEmpty else { throw Violation("the log of \(feature) has lost \(missing.sorted())") }
    let logged = Set(log.ids)
    for (id, claim) in expectation.claims where emissions.emission(of: id)?.feature == feature {
      switch claim {
      case .home, .logged:
        guard logged.contains(id) else { throw Violation("the log lacks \(name(of: id)), which is \(claim)") }
      case .elsewhere:
        guard !logged.contains(id) else { throw Violation("the log has \(name(of: id)), whose lane is alive") }
      case .open: break
      }
    }
    guard let highest = log.events.last.flatMap({ Int($0.lamportClock.description) }) else { return }
    let clock = JSONValue(shop.read("\(place.path)/\(shop.clock(of: feature))") ?? [])?.object
    guard case .integer(let witness)? = clock?["*"], let witness = witness.int64, Int(witness) >= highest else {
      throw Violation("the clock of \(feature) does not know of \(highest)")
    }
    emissions.raiseFloor(of: feature, to: highest)
  }

  /// Checks that a log has each event once, in order, and none that nobody has recorded.
  private func checkOrder(of log: Lines, _ feature: String) throws {
    var agents: Set<String> = []
    for event in log.events {
      let agent = event.payload["agent"]?.text ?? ""
      guard let emission = emissions.all[agent], emission.feature == feature,
        emission.id ?? event.id.description == event.id.description
      else { throw Violation("the log of \(feature) has an event that nobody recorded there: \(event)") }
      guard agents.insert(agent).inserted else { throw Violation("the log has \(agent) more than once") }
    }
    for (event, next) in zip(log.events, log.events.dropFirst()) {
      let isInOrder =
        (event.lamportClock, event.nodeID, event.id) < (next.lamportClock, next.nodeID, next.id)
      guard isInOrder else { throw Violation("the log of \(feature) has \(next.id) after \(event.id)") }
    }
  }

  private func check(_ notes: [String: Lines], against expectation: Expectation) throws {
    for (commit, before) in expectation.notes {
      let after = notes[commit]
      let missing = before.content.subtracting(after?.content ?? [])
      guard missing.isEmpty else { throw Violation("the note of \(commit) has lost \(missing.sorted())") }
    }
    var noted: (home: Set<String>, live: Set<String>) = ([], [])
    for (commit, lines) in notes {
      if expectation.isHome(commit) { noted.home.formUnion(lines.ids) }
      if expectation.isLive(commit) { noted.live.formUnion(lines.ids) }
    }
    for (id, claim) in expectation.claims {
      switch claim {
      case .home where !noted.home.contains(id):
        throw Violation("no note that can be reached from HEAD has \(name(of: id))")
      case .logged where !noted.live.contains(id): throw Violation("no note on a live commit has \(name(of: id))")
      default: break
      }
    }
  }

  private func name(of id: String) -> String { "\(id) of \(emissions.emission(of: id)?.agent ?? "nobody")" }

  /// Takes note of the commits that waiting events have got.
  private func settleWaiting() throws {
    let records = shop.journal()
    var wrong: String?
    emissions.updateWaiting { emission in
      guard let id = emission.id, let commit = records[id] ?? nil else { return }
      if let taker = emission.waits?.taker, taker != commit { wrong = "\(emission.agent) waited for \(taker), not \(commit)" }
      emission.commit = commit
      emission.waits = nil
    }
    if let wrong { throw Violation(wrong) }
  }
}
