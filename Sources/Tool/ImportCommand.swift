internal import ArgumentParser
internal import Events
internal import FoundationEssentials
internal import KittyGitTelemetry
internal import SystemPackage

/// Records what orchestrators kept in logs of their own.
struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Record the runs that orchestrators kept in .kittify/logs.",
    discussion: """
      Each log becomes one event, also when it is imported again; a run that was recorded when it happened is known by \
      its session and left out. Feature, work package and role are taken from the log's name, tokens and cost from \
      what the agent printed.

      Exit status 1: a log could not be read or recorded.
      """)

  @OptionGroup var common: CommonOptions

  @Argument(help: "Logs, or folders of logs.")
  var logs: [String]
  @Option(
    name: [.customShort("f"), .long], parsing: .unconditional,
    help: "The feature's slug, where the logs' names do not say it.")
  var feature: String?
  @Option(parsing: .unconditional, help: "The feature's folder, instead of kitty-specs/<feature>.")
  var featureDir: String?
  @Option(parsing: .unconditional, help: "Who records; the work package is appended.")
  var nodeId = "cli"
  @Option(parsing: .unconditional, help: "The commit that carries the events, instead of HEAD.")
  var commit: String?
  @Flag(help: "Print one JSON document.")
  var json = false

  func run() throws {
    var context = RecordingContext(hints: FeatureLocation.Hints(feature: feature, folder: featureDir))
    context.node = nodeId
    context.target = commit.map { .revision($0) } ?? .head
    let outcomes: [(path: String, outcome: LogImporter.Outcome)]
    do {
      let environment = ProcessInfo.processInfo.environment
      outcomes = try LogImporter(directory: common.directory, environment: environment).importLogs(at: logs, context)
    } catch {
      throw Console.failure(error)
    }
    for case (_, .refused(let error)) in outcomes { Console.say("warning: \(error.message)") }
    for case (_, .recorded(let recording)) in outcomes {
      if let warning = recording.warning { Console.say("warning: \(warning)") }
    }
    if json {
      Console.show(.array(outcomes.map { document($0.path, $0.outcome) }))
    } else {
      Console.show(summary(outcomes.map(\.outcome)))
    }
    let isRefused = outcomes.contains { if case .refused = $0.outcome { true } else { false } }
    if isRefused { throw ExitCode(1) }
  }

  private func document(_ path: String, _ outcome: LogImporter.Outcome) -> JSONValue {
    var members: JSONObject
    switch outcome {
    case .recorded(let recording): members = EmitReport.document(recording).object ?? JSONObject()
    case .refused(let error): members = EmitReport.failure(error.message).object ?? JSONObject()
    case .known(let id):
      members = JSONObject([
        ("result", .string("success")), ("event_id", .string(id)), ("duplicate", .bool(true)),
      ])
    }
    members["path"] = .string(path)
    return .object(members)
  }

  private func summary(_ outcomes: [LogImporter.Outcome]) -> String {
    var imported = 0
    var known = 0
    var refused = 0
    for outcome in outcomes {
      switch outcome {
      case .recorded(let recording): recording.isDuplicate ? (known += 1) : (imported += 1)
      case .known: known += 1
      case .refused: refused += 1
      }
    }
    var text = "imported \(counted(imported, "event"))"
    if known > 0 { text += ", \(known.grouped) known already" }
    if refused > 0 { text += ", refused \(refused.grouped)" }
    return text
  }
}
