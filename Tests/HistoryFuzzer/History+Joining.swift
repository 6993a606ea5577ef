import Events
import TestSupport

// Joining, and what must hold afterwards.
extension History {
  /// Somebody joins, wherever he is.
  func join() throws -> Bool {
    let place = anyPlace(mainPercent: 60)
    var join = Join()
    if chance(50) {
      let named = try branches().shuffled(using: &generator)
      join.revisions = Array(named.prefix(Int.random(in: 1...2, using: &generator)))
    }
    if chance(20) { join.options.append("--all-worktrees") }
    if chance(place.isMain ? 30 : 10), !isBusy(place) { join.options.append("--commit") }
    if chance(25) { try foresee(join, at: place) } else { try self.join(join, at: place) }
    return true
  }

  func repair() throws -> Bool {
    try join(Join(isRepair: true), at: anyPlace(mainPercent: 60))
    return true
  }

  func killJoin() throws -> Bool {
    let place = anyPlace(mainPercent: 70)
    let journaled = Set(shop.journal().keys)
    let process = try shop.startTool(["merge", "--json"] + branches(), at: place)
    _ = try kill(process, within: .milliseconds(120))
    shop.remove(place.gitDirectory + "/index.lock")
    // It may have come as far as to drop records.
    let notes = try shop.notes()
    remember(notes)
    try takeNoteOfDrops(from: journaled, to: Set(shop.journal().keys), notes, at: place)
    return true
  }

  /// Asks whether a join would change something, and joins.
  private func foresee(_ join: Join, at place: Workshop.Place) throws {
    var join = join
    join.options.removeAll { $0 == "--commit" }
    var preview = join
    preview.options.append("--check")
    let before = try shop.state(of: place)
    let result = try shop.tool(preview.arguments, at: place)
    guard try shop.state(of: place) == before else { throw Violation("--check changes something") }
    try self.join(join, at: place)
    let changes = try shop.state(of: place) != before
    guard result.status == (changes ? 1 : 0) else {
      throw Violation("--check ended with \(result.status), and then \(changes ? "something" : "nothing") changed")
    }
  }

  /// Looks, and changes nothing by it.
  func look() throws -> Bool {
    let place = anyPlace(mainPercent: 60)
    let before = try shop.state(of: place)
    let commands = [
      ["verify", "--json"], ["query", "--json"], ["merge", "--dry-run", "--json"], ["cost", "--json"],
    ]
    guard let command = pick(commands) else { return false }
    let result = try shop.tool(command, at: place)
    guard JSONValue(result.output) != nil, result.status == 0 || command[0] == "verify" && result.status == 1 else {
      throw Violation("\(command[0]) ended with \(result.status): \(result.errorText)")
    }
    guard try shop.state(of: place) == before else { throw Violation("\(command[0]) changes something") }
    return true
  }

  /// Joins, and checks that all is where it belongs.
  func join(_ join: Join, at place: Workshop.Place) throws {
    let expectation = try Expectation(of: join, at: place, self)
    let result = try shop.tool(join.arguments, at: place)
    guard result.status == 0, JSONValue(result.output)?.object != nil else {
      let output = String(decoding: result.output, as: UTF8.self)
      throw Violation("\(join.arguments[0]) ended with \(result.status): \(result.errorText)\(output)")
    }
    let notes = try shop.notes()
    remember(notes)
    for feature in Workshop.features { try check(feature, against: expectation, at: place) }
    try check(notes, against: expectation)
    try checkJournal(against: expectation, notes, at: place)
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

  /// Checks that the journal has lost nothing but what a branch and a note hold, and takes note of the commits that
  /// waiting events have got.
  private func checkJournal(
    against expectation: Expectation, _ notes: [String: Lines], at place: Workshop.Place
  ) throws {
    let records = shop.journal()
    try takeNoteOfDrops(from: expectation.journaled, to: Set(records.keys), notes, at: place)
    var wrong: String?
    emissions.update { emission in
      guard let id = emission.id, emission.isAcknowledged, !emission.isForgotten else { return }
      if !emission.isDropped, records[id] == nil { wrong = "the journal has lost \(id) of \(emission.agent)" }
      guard let waits = emission.waits, let commit = records[id] ?? nil else { return }
      if let taker = waits.taker, taker != commit { wrong = "\(emission.agent) waited for \(taker), not \(commit)" }
      emission.commit = commit
      emission.waits = nil
    }
    if let wrong { throw Violation(wrong) }
  }

  /// Takes note of the events that the journal does not have any more, and checks that a branch and a note hold them.
  private func takeNoteOfDrops(
    from before: Set<String>, to after: Set<String>, _ notes: [String: Lines], at place: Workshop.Place
  ) throws {
    let dropped = before.subtracting(after)
    let blobs = try shop.objects(Workshop.features.map { "HEAD:\(shop.log(of: $0))" }, at: place)
    let kept = Set(blobs.values.flatMap { Lines($0).ids }).intersection(notes.values.flatMap(\.ids))
    guard dropped.isSubset(of: kept) else {
      throw Violation("the journal has dropped \(dropped.subtracting(kept).map(name)), which HEAD or the notes lack")
    }
    emissions.update { if let id = $0.id, dropped.contains(id) { $0.isDropped = true } }
  }

  func name(of id: String) -> String { "\(id) of \(emissions.emission(of: id)?.agent ?? "nobody")" }
}
