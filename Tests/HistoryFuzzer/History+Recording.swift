import Events
import Foundation
import TestSupport

// Recording, and being stopped at it.
extension History {
  /// An event to be recorded: what the command line says, and how we shall know it again.
  private struct Request {
    let agent: String
    let place: Workshop.Place
    var arguments: [String]
    var isForNextCommit = false
  }

  private func request(at place: Workshop.Place, hasID: Bool? = nil) -> Request {
    let agent = emissions.nextAgent()
    var arguments = ["emit", "--json", "--role", "implementer", "--agent", agent]
    var feature = place.name.hasPrefix("g-") ? "g" : "f"
    if place.isMain || chance(15) {
      feature = chance(75) ? "f" : "g"
      arguments += ["--feature", feature]
      if chance(70) { arguments += ["--wp-id", "WP0\(Int.random(in: 1...4, using: &generator))"] }
    }
    if chance(20) { arguments += ["--node-id", "other"] }
    var id: String?
    if hasID ?? chance(40) {
      id = newID()
      arguments += ["--event-id", id ?? ""]
    }
    emissions.begin(agent, feature: feature, id: id)
    return Request(agent: agent, place: place, arguments: arguments)
  }

  private func newID() -> String {
    let digits = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
    return "01KH" + String((0..<22).map { _ in pick(digits) ?? "0" })
  }

  private func record(_ request: Request) throws -> Bool {
    let before = request.isForNextCommit ? try head(of: request.place) : nil
    let result = try shop.tool(request.arguments, at: request.place)
    guard let document = JSONValue(result.output)?.object else {
      throw Violation("emit of \(request.agent) ended with \(result.status) and no document: \(result.errorText)")
    }
    try accept(document, of: request, before: before, result.errorText)
    return true
  }

  /// Takes in the answer to a request.
  private func accept(
    _ document: JSONObject, of request: Request, before: (branch: String?, commit: String)?, _ errors: String
  ) throws {
    guard document["result"]?.text == "success", let id = document["event_id"]?.text,
      let node = document["node_id"]?.text, case .integer(let clock)? = document["lamport_clock"],
      let clock = clock.int64
    else { throw Violation("\(request.agent) was not recorded: \(errors)") }
    let commit = document["commit"]?.text
    guard commit != nil || before != nil else { throw Violation("\(request.agent) has no commit: \(errors)") }
    let waits = commit == nil ? before : nil
    try emissions.acknowledge(
      request.agent, id: id, clock: Int(clock), node: node, commit: commit,
      waits: waits.map { Emissions.Waiting(place: request.place.name, branch: $0.branch, head: $0.commit) })
  }

  private func head(of place: Workshop.Place) throws -> (branch: String?, commit: String)? {
    guard let commit = try shop.lines(["rev-parse", "HEAD"], at: place).first else { return nil }
    return (try shop.lines(["symbolic-ref", "--quiet", "HEAD"], at: place).first, commit)
  }

  /// Records one more event of a feature on `main`.
  func recordOneMore(of feature: String) throws {
    let agent = emissions.nextAgent()
    emissions.begin(agent, feature: feature, id: nil)
    let arguments = ["emit", "--json", "--role", "planner", "--agent", agent, "--feature", feature]
    _ = try record(Request(agent: agent, place: shop.main, arguments: arguments))
  }

  func emit() throws -> Bool {
    try record(request(at: anyPlace()))
  }

  func emitForNextCommit() throws -> Bool {
    var request = request(at: anyPlace(mainPercent: 15))
    request.arguments.append("--next-commit")
    request.isForNextCommit = true
    return try record(request)
  }

  func emitForAnotherCommit() throws -> Bool {
    guard let commit = pick(try shop.lines(["rev-list", "--max-count=20", "--branches"])) else { return false }
    var request = request(at: anyPlace())
    request.arguments += ["--commit", commit]
    return try record(request)
  }

  func emitMany() throws -> Bool {
    let place = anyPlace()
    let requests = (0..<4).map { _ in request(at: place, hasID: false) }
    let feature = emissions.all[requests[0].agent]?.feature ?? "f"
    let payloads = requests.map { #"{"role": "reviewer", "wp_id": "WP01", "agent": "\#($0.agent)"}"# }
    let file = shop.repository.folder.path + "/payloads"
    try Data((payloads.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: file))
    for request in requests { emissions.begin(request.agent, feature: feature, id: nil) }
    let result = try shop.tool(["emit", "--json", "--feature", feature, "--events", file], at: place)
    guard case .array(let documents)? = JSONValue(result.output), documents.count == requests.count else {
      throw Violation("emit --events ended with \(result.status): \(result.errorText)")
    }
    for (request, document) in zip(requests, documents) {
      try accept(document.object ?? JSONObject(), of: request, before: nil, result.errorText)
    }
    return true
  }

  /// Somebody who does not know that an event was recorded records it again, perhaps elsewhere.
  func emitAgain() throws -> Bool {
    // Whoever has lost the journal cannot know all events, and records some anew.
    guard !hasLostJournal, let known = pick(emissions.acknowledged), let id = known.id else { return false }
    let place = anyPlace()
    let result = try shop.tool(
      [
        "emit", "--json", "--role", "implementer", "--agent", known.agent, "--feature", known.feature, "--event-id", id,
      ],
      at: place)
    guard let document = JSONValue(result.output)?.object, document["result"]?.text == "success" else {
      throw Violation("emit of \(id) once more ended with \(result.status): \(result.errorText)")
    }
    guard document["duplicate"] == .bool(true) else { throw Violation("\(id) was not known any more") }
    return true
  }

  /// A recorder is killed at some moment; some ask again for the same event.
  func killEmit() throws -> Bool {
    let request = request(at: anyPlace())
    let process = try shop.startTool(request.arguments, at: request.place)
    let document = try kill(process, within: .milliseconds(60))
    if let document {
      shop.tell("# it was faster")
      try accept(document, of: request, before: nil, "")
    }
    guard request.arguments.contains("--event-id"), chance(50) else { return true }
    return try record(request)
  }

  /// Several recorders, and somebody who joins, commits or writes notes meanwhile.
  func emitAtOnce() throws -> Bool {
    let requests = (0..<Int.random(in: 2...4, using: &generator)).map { _ in request(at: anyPlace()) }
    let processes = try requests.map { try shop.startTool($0.arguments, at: $0.place) }
    switch Int.random(in: 0..<6, using: &generator) {
    case 0, 1: _ = try commit()
    case 2: _ = try amend()
    case 3:
      try shop.git(["notes", "--ref=kitty-telemetry", "append", "-m", "Meanwhile \(shop.minutes)"], at: anyPlace())
    case 4: try join(Join(), at: anyPlace())
    default: break
    }
    let results = try processes.map { try $0.wait() }
    for (request, result) in zip(requests, results) {
      guard let document = JSONValue(result.output)?.object else {
        throw Violation("\(request.agent) ended with \(result.status) and no document: \(result.errorText)")
      }
      try accept(document, of: request, before: nil, result.errorText)
    }
    return true
  }

  /// Git's lock on the notes is there, left by a process that was killed: the event is recorded all the same.
  func emitBehindLock() throws -> Bool {
    let lock = "\(shop.repository.path)/.git/\(Workshop.notes).lock"
    try shop.append("", to: lock)
    defer { shop.remove(lock) }
    let request = request(at: anyPlace(), hasID: true)
    let result = try shop.tool(request.arguments, at: request.place)
    guard let document = JSONValue(result.output)?.object, case .array(let stored)? = document["stored"],
      stored.contains(.string("journal")), let id = emissions.all[request.agent]?.id
    else { throw Violation("behind a lock \(request.agent) was not recorded: \(result.errorText)") }
    shop.remove(lock)
    // Asked again, it tells what it has recorded.
    var again = request
    again.arguments = request.arguments
    shop.tell("# \(id) is to be completed")
    return try record(again)
  }

  /// An event that happened elsewhere is taken in as it is.
  func emitFromElsewhere() throws -> Bool {
    let agent = emissions.nextAgent()
    let (id, clock, feature) = (newID(), Int.random(in: 1...300, using: &generator), pick(Workshop.features) ?? "f")
    let line = #"""
      {"aggregate_id":"\#(feature)","event_id":"\#(id)","event_type":"ExecutionEvent","lamport_clock":\#(clock),\#
      "node_id":"far:WP01","payload":{"agent":"\#(agent)","more":1.50},"timestamp":"2026-02-16T09:12:58Z"}

      """#
    let file = shop.repository.folder.path + "/elsewhere"
    try Data(line.utf8).write(to: URL(fileURLWithPath: file))
    emissions.begin(agent, feature: feature, id: id)
    let result = try shop.tool(["emit", "--json", "--feature", feature, "--events", file], at: anyPlace())
    guard case .array(let documents)? = JSONValue(result.output), let document = documents.first?.object,
      document["result"]?.text == "success"
    else { throw Violation("the event \(id) from elsewhere was not recorded: \(result.errorText)") }
    emissions.adopt(agent, commit: document["commit"]?.text)
    return true
  }

  func flush() throws -> Bool {
    let result = try shop.tool(["emit", "--flush", "--strict"], at: anyPlace())
    guard result.status == 0 else { throw Violation("emit --flush: \(result.errorText)") }
    return true
  }

  /// Kills a process at some moment, and returns what it had answered until then.
  func kill(_ process: ChildProcess, within longest: Duration) throws -> JSONObject? {
    let end = ContinuousClock.now + longest * Double.random(in: 0..<1, using: &generator)
    // Sleeping would make every moment one of few.
    while ContinuousClock.now < end {}
    _ = Foundation.kill(process.processIdentifier, SIGKILL)
    let result = try process.wait()
    // Git's own lock stays when its holder is killed; whoever meets it is told to delete it.
    shop.remove("\(shop.repository.path)/.git/\(Workshop.notes).lock")
    return JSONValue(result.output)?.object
  }
}
