internal import Agents
internal import ArgumentParser
internal import Events
internal import FoundationEssentials
internal import KittyGitTelemetry
internal import SystemPackage

/// Records an event, or many.
struct EmitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "emit",
    abstract: "Record an event, or many.",
    discussion: """
      The event goes into the feature's log, into the journal and into the note of the commit that is checked out. \
      Feature and work package are taken from the branch or the worktree's name where they are not given. With --from, \
      what is not given is taken from the agent's own output on standard input.

      What cannot be stored is a warning: the exit status is 0, so that recording never breaks who calls it. \
      --strict makes it 1.
      """)

  @OptionGroup var common: CommonOptions

  @Option(name: [.customShort("f"), .long], parsing: .unconditional, help: "The feature's slug.")
  var feature: String?
  @Option(name: [.customShort("r"), .long], parsing: .unconditional, help: "What the agent was asked to be.")
  var role: Role?
  @Option(parsing: .unconditional, help: "Who ran.")
  var agent: String?
  @Option(parsing: .unconditional, help: "The model that answered.")
  var model: String?
  @Option(parsing: .unconditional, help: "Tokens read, cache excluded.")
  var inputTokens: Int?
  @Option(parsing: .unconditional, help: "Tokens read from a cache.")
  var cacheReadTokens: Int?
  @Option(parsing: .unconditional, help: "Tokens read and put into a cache.")
  var cacheWriteTokens: Int?
  @Option(parsing: .unconditional, help: "Tokens written, reasoning included.")
  var outputTokens: Int?
  @Option(parsing: .unconditional, help: "The part of the tokens written that is reasoning.")
  var reasoningTokens: Int?
  @Option(parsing: .unconditional, help: "What the run cost in US dollars.")
  var costUsd: Double?
  @Flag(help: "Where no cost is given, record an estimate from the tokens and the model's price.")
  var estimate = false
  @Option(parsing: .unconditional, help: "Wall time in milliseconds.")
  var durationMs: Int?
  @Flag(name: .customLong("success"), help: "The agent did what it was asked to (default).")
  var succeeded = false
  @Flag(name: [.customLong("failure"), .customLong("failed")], help: "The agent failed.")
  var failed = false
  @Option(parsing: .unconditional, help: "The first error.")
  var error: String?
  @Option(parsing: .unconditional, help: "The exit status of the agent's process.")
  var exitCode: Int?
  @Option(parsing: .unconditional, help: "The agent's name for the conversation.")
  var sessionId: String?
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

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Read what this agent printed from standard input: "
        + AgentOutput.allCases.map(\.rawValue).joined(separator: ", ") + ".",
      valueName: "agent"))
  var from: AgentOutput?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Record many events: one JSON object a line, a payload or a whole event; - is standard input.",
      valueName: "file"))
  var events: String?

  func validate() throws {
    guard role != nil || flush || events != nil else {
      throw ValidationError("cannot record an event without a role; give --role")
    }
    guard !(succeeded && failed) else { throw ValidationError("--success and --failure exclude each other") }
    guard commit == nil || !nextCommit else { throw ValidationError("--commit and --next-commit exclude each other") }
    guard events == nil || eventId == nil else {
      throw ValidationError("--events and --event-id exclude each other: each event brings its own id")
    }
    guard from == nil || events == nil else { throw ValidationError("--from and --events exclude each other") }
    guard from == nil || role != nil else {
      throw ValidationError("cannot record what an agent printed without a role; give --role")
    }
  }

  func run() throws {
    let recorder = Recorder(directory: common.directory, environment: ProcessInfo.processInfo.environment)
    do {
      if let events {
        let batch = try EventBatch(events, from: common.directory, role: role, agent: agent ?? "unknown")
        try report(try batch.record(recorder, context))
      } else if let role {
        try report(try recorder.record(try content(role), context))
      } else {
        try recorder.flush()
      }
    } catch let error as TelemetryError where error.code == .environment {
      Console.say("warning: \(error.message)")
      if json { try answer(EmitReport.failure(error.message)) }
      if strict { throw ExitCode(1) }
    } catch let error as TelemetryError {
      throw Console.failure(error)
    }
  }

  private var context: RecordingContext {
    var context = RecordingContext(hints: FeatureLocation.Hints(feature: feature, folder: featureDir, wpID: wpId))
    context.node = nodeId
    context.target = nextCommit ? .next : commit.map { .revision($0) } ?? .head
    context.flush = flush
    context.estimatesCosts = estimate
    return context
  }

  private func content(_ role: Role) throws(TelemetryError) -> RecordingContent {
    var id: EventID?
    if let eventId {
      guard let given = EventID(eventId) else {
        throw TelemetryError(.usage, "cannot use \(printable(eventId)) as an event id: give a ULID or a UUID")
      }
      id = given
    }
    return .invocation(try invocation(role), id: id)
  }

  /// What the options say, and beyond them what the agent's output says.
  private func invocation(_ role: Role) throws(TelemetryError) -> Invocation {
    var invocation = Invocation(
      wpID: wpId ?? "", agent: agent ?? "unknown", role: role, model: model, inputTokens: inputTokens,
      outputTokens: outputTokens, costUSD: costUsd, durationMS: durationMs ?? 0, success: !failed, error: error,
      exitCode: exitCode ?? 0)
    invocation.cacheReadTokens = cacheReadTokens
    invocation.cacheWriteTokens = cacheWriteTokens
    invocation.reasoningTokens = reasoningTokens
    invocation.sessionID = sessionId
    guard let from else { return invocation }
    let report = from.report(output: try Input.bytes(of: "-", from: common.directory))
    invocation.complete(with: report)
    invocation.agent = agent ?? from.rawValue
    invocation.durationMS = durationMs ?? report.durationMS ?? 0
    invocation.exitCode = exitCode ?? report.exitCode ?? 0
    let hasEndedWell = invocation.exitCode == 0 && (report.outcome ?? .succeeded) == .succeeded
    invocation.success = succeeded || !failed && hasEndedWell
    if !invocation.success {
      let unfinished = report.outcome == .unfinished ? "the agent's output ends before its result" : nil
      invocation.error = error ?? report.error ?? unfinished
    }
    return invocation
  }

  private func report(_ recording: Recording) throws {
    for notice in recording.notices { Console.say("note: \(notice)") }
    if let warning = recording.warning { Console.say("warning: \(warning)") }
    try json ? answer(EmitReport.document(recording)) : answer(EmitReport.summary(recording))
    if strict, recording.warning != nil { throw ExitCode(1) }
  }

  private func report(_ outcomes: [Result<Recording, TelemetryError>]) throws {
    let warnings = outcomes.compactMap { outcome in
      switch outcome {
      case .success(let recording): recording.warning
      case .failure(let error): error.message
      }
    }
    // Many events may meet one obstacle; it is told once.
    var told: Set<String> = []
    for case .success(let recording) in outcomes {
      for notice in recording.notices where told.insert(notice).inserted { Console.say("note: \(notice)") }
    }
    for warning in warnings where told.insert(warning).inserted { Console.say("warning: \(warning)") }
    try json ? answer(.array(outcomes.map(EmitReport.document))) : answer(EmitReport.summary(outcomes))
    if strict, !warnings.isEmpty { throw ExitCode(1) }
  }

  private func answer(_ document: JSONValue) throws { try answer(document.canonicalText + [0x0A]) }

  private func answer(_ line: String) throws { try answer(Array((line + "\n").utf8)) }

  /// Prints the answer; one that does not reach its reader is a warning like any other, since the event is recorded.
  private func answer(_ bytes: [UInt8]) throws {
    guard let errno = Console.write(bytes), errno != .brokenPipe else { return }
    Console.say("warning: cannot write to standard output: \(errno)")
    if strict { throw ExitCode(1) }
  }
}
