internal import ArgumentParser
internal import Events
internal import FoundationEssentials
internal import KittyGitTelemetry
internal import SystemPackage

/// Records one event.
struct EmitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "emit",
    abstract: "Record one event.",
    discussion: """
      The event goes into the feature's log, into the journal and into the note of the commit that is checked out. \
      Feature and work package are taken from the branch or the worktree's name where they are not given.

      What cannot be stored is a warning: the exit status is 0, so that recording never breaks who calls it. \
      --strict makes it 1.
      """)

  @OptionGroup var common: CommonOptions

  @Option(name: [.customShort("f"), .long], parsing: .unconditional, help: "The feature's slug.")
  var feature: String?
  @Option(name: [.customShort("r"), .long], parsing: .unconditional, help: "What the agent was asked to be.")
  var role: Role?
  @Option(parsing: .unconditional, help: "Who ran.")
  var agent = "unknown"
  @Option(parsing: .unconditional, help: "The model that answered.")
  var model: String?
  @Option(parsing: .unconditional, help: "Tokens read, cache excluded.")
  var inputTokens: Int?
  @Option(parsing: .unconditional, help: "Tokens written, reasoning included.")
  var outputTokens: Int?
  @Option(parsing: .unconditional, help: "What the run cost in US dollars.")
  var costUsd: Double?
  @Option(parsing: .unconditional, help: "Wall time in milliseconds.")
  var durationMs = 0
  @Flag(name: .customLong("success"), help: "The agent did what it was asked to (default).")
  var succeeded = false
  @Flag(name: [.customLong("failure"), .customLong("failed")], help: "The agent failed.")
  var failed = false
  @Option(parsing: .unconditional, help: "The first error.")
  var error: String?
  @Option(parsing: .unconditional, help: "The exit status of the agent's process.")
  var exitCode = 0
  @Option(parsing: .unconditional, help: "The work package.")
  var wpId: String?
  @Option(parsing: .unconditional, help: "Who records; the work package is appended.")
  var nodeId = "cli"
  @Option(parsing: .unconditional, help: "The commit that carries the event, instead of HEAD.")
  var commit: String?
  @Flag(help: "Let the next commit in this worktree carry the event.")
  var nextCommit = false
  @Option(parsing: .unconditional, help: "The event's id; given twice, the second only completes what is missing.")
  var eventId: String?
  @Option(parsing: .unconditional, help: "The feature's folder, instead of kitty-specs/<feature>.")
  var featureDir: String?
  @Flag(help: "Leave no event without its note; without --role, do only that.")
  var flush = false
  @Flag(help: "Exit with 1 when something could not be stored.")
  var strict = false
  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    guard role != nil || flush else {
      throw ValidationError("cannot record an event without a role; give --role")
    }
    guard !(succeeded && failed) else { throw ValidationError("--success and --failure exclude each other") }
    guard commit == nil || !nextCommit else { throw ValidationError("--commit and --next-commit exclude each other") }
  }

  func run() throws {
    let recorder = Recorder(directory: common.directory, environment: ProcessInfo.processInfo.environment)
    do {
      guard let role else { return try recorder.flush() }
      try report(try recorder.record(try request(role)), as: role)
    } catch let error as TelemetryError where error.code == .environment {
      Console.say("warning: \(error.message)")
      if json { Console.show(trouble(error.message, stored: [])) }
      if strict { throw ExitCode(1) }
    } catch let error as TelemetryError {
      throw Console.failure(error)
    }
  }

  private func request(_ role: Role) throws(TelemetryError) -> RecordingRequest {
    var request = RecordingRequest(
      hints: FeatureLocation.Hints(feature: feature, folder: featureDir, wpID: wpId),
      invocation: Invocation(
        wpID: "", agent: agent, role: role, model: model, inputTokens: inputTokens, outputTokens: outputTokens,
        costUSD: costUsd, durationMS: durationMs, success: !failed, error: error, exitCode: exitCode))
    request.node = nodeId
    request.target = nextCommit ? .next : commit.map { .revision($0) } ?? .head
    request.flush = flush
    if let eventId {
      guard let id = EventID(eventId) else {
        throw TelemetryError(.usage, "cannot use \(printable(eventId)) as an event id: give a ULID or a UUID")
      }
      request.id = id
    }
    return request
  }

  private func report(_ recording: Recording, as role: Role) throws {
    if let warning = recording.warning { Console.say("warning: \(warning)") }
    if json {
      var members = facts(recording, role)
      if let warning = recording.warning {
        members += [
          ("result", .string("error")), ("error", .string(warning)),
          ("stored", .array(recording.stored.map { .string($0.rawValue) })),
        ]
      }
      Console.show(.object(JSONObject(members)))
    } else {
      Console.show(summary(recording, role))
    }
    if strict, recording.warning != nil { throw ExitCode(1) }
  }

  private func facts(_ recording: Recording, _ role: Role) -> [(JSONString, JSONValue)] {
    var members: [(JSONString, JSONValue)] = [
      ("result", .string("success")),
      ("event_id", .string(recording.id.description)),
      ("feature", .string(recording.feature)),
      ("wp_id", .string(recording.wpID)),
      ("role", .string(role.rawValue)),
      ("agent", .string(agent)),
      ("model", model.map { .string($0) } ?? .null),
      ("lamport_clock", JSONValue(Array(recording.lamportClock.description.utf8)) ?? .null),
      ("node_id", .string(recording.nodeID)),
      ("log", .string(recording.log.string)),
      ("commit", recording.commit.map { .string($0) } ?? .null),
      ("note", .string(recording.note.rawValue)),
    ]
    if recording.isDuplicate { members.append(("duplicate", .bool(true))) }
    return members
  }

  private func trouble(_ message: String, stored: [String]) -> JSONValue {
    .object(
      JSONObject([
        ("result", .string("error")), ("error", .string(message)), ("stored", .array(stored.map { .string($0) })),
      ]))
  }

  private func summary(_ recording: Recording, _ role: Role) -> String {
    let verb = recording.isDuplicate ? "completed" : "recorded"
    let place = Console.plain("\(recording.wpID) of \(recording.feature)")
    let note =
      switch recording.note {
      case .written: ", noted on \(recording.commit?.prefix(8) ?? "")"
      case .waiting: ", its note waits"
      case .none: ""
      }
    return "\(verb) \(role.rawValue) \(recording.id) for \(place), clock \(recording.lamportClock)\(note)"
  }
}
