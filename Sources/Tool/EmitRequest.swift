internal import Agents
internal import Events
internal import KittyGitTelemetry
internal import Processes
internal import SystemPackage

/// What `emit` is asked to do.
///
/// Agents end often, and somebody waits each time, while the general parser takes longer than all of the recording. So
/// the usual forms of what ``EmitCommand`` declares are read without it.
struct EmitRequest: Equatable {
  var directories: [String] = []
  var feature: String?
  var role: Role?
  var agent: String?
  var model: String?
  var inputTokens: Int?
  var cacheReadTokens: Int?
  var cacheWriteTokens: Int?
  var outputTokens: Int?
  var reasoningTokens: Int?
  var costUsd: Double?
  var estimate = false
  var durationMs: Int?
  var succeeded = false
  var failed = false
  var error: String?
  var exitCode: Int?
  var sessionId: String?
  var wpId: String?
  var nodeId = "cli"
  var commit: String?
  var nextCommit = false
  var eventId: String?
  var featureDir: String?
  var flush = false
  var strict = false
  var json = false
  var from: AgentOutput?
  var events: String?

  /// The folder to work from.
  private var directory: FilePath { CommonOptions.directory(directories) }

  /// Why the options do not go together; `nil` when they do.
  var objection: String? {
    if role == nil, !flush, events == nil { return "cannot record an event without a role; give --role" }
    if succeeded, failed { return "--success and --failure exclude each other" }
    if commit != nil, nextCommit { return "--commit and --next-commit exclude each other" }
    if events != nil, eventId != nil {
      return "--events and --event-id exclude each other: each event brings its own id"
    }
    if from != nil, events != nil { return "--from and --events exclude each other" }
    if from != nil, role == nil { return "cannot record what an agent printed without a role; give --role" }
    return nil
  }

  /// Does it, tells what came of it, and returns the exit status.
  func run() -> Int32 {
    let recorder = Recorder(
      directory: directory, environment: OwnEnvironment.values(of: FeatureLocation.variables))
    do throws(TelemetryError) {
      let isComplete: Bool
      if let events {
        let batch = try EventBatch(events, from: directory, role: role, agent: agent ?? "unknown")
        isComplete = report(try batch.record(recorder, context))
      } else if let role {
        isComplete = report(try recorder.record(try content(role), context))
      } else {
        try recorder.flush()
        isComplete = true
      }
      return strict && !isComplete ? 1 : 0
    } catch {
      guard error.code == .environment else {
        Console.say("error: \(error.message)")
        return 64
      }
      Console.say("warning: \(error.message)")
      if json { _ = answer(EmitReport.failure(error.message)) }
      return strict ? 1 : 0
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
    let report = from.report(output: try Input.bytes(of: "-", from: directory))
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

  /// Tells what was recorded; answers whether it is in all replicas and the caller knows it.
  private func report(_ recording: Recording) -> Bool {
    for notice in recording.notices { Console.say("note: \(notice)") }
    if let warning = recording.warning { Console.say("warning: \(warning)") }
    let isTold = json ? answer(EmitReport.document(recording)) : answer(EmitReport.summary(recording))
    return isTold && recording.warning == nil
  }

  private func report(_ outcomes: [Outcome<Recording>]) -> Bool {
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
    let isTold = json ? answer(.array(outcomes.map(EmitReport.document))) : answer(EmitReport.summary(outcomes))
    return isTold && warnings.isEmpty
  }

  private func answer(_ document: JSONValue) -> Bool { answer(document.canonicalText + [0x0A]) }

  private func answer(_ line: String) -> Bool { answer(Array((line + "\n").utf8)) }

  /// Prints the answer; one that does not reach its reader is a warning like any other, since the event is recorded.
  private func answer(_ bytes: [UInt8]) -> Bool {
    guard let errno = Console.write(bytes), errno != .brokenPipe else { return true }
    Console.say("warning: cannot write to standard output: \(errno)")
    return false
  }
}
