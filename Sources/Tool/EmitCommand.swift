internal import Agents
internal import ArgumentParser
internal import Events

/// Records an event, or many: what `emit` can be asked, in words.
///
/// Who adds an option here teaches it to ``EmitRequest`` too; a test compares the two.
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
    if let objection = request.objection { throw ValidationError(objection) }
  }

  func run() throws {
    let status = request.run()
    guard status == 0 else { throw ExitCode(status) }
  }

  /// What the options ask for.
  var request: EmitRequest {
    var request = EmitRequest()
    request.directories = common.directories
    request.feature = feature
    request.role = role
    request.agent = agent
    request.model = model
    request.inputTokens = inputTokens
    request.cacheReadTokens = cacheReadTokens
    request.cacheWriteTokens = cacheWriteTokens
    request.outputTokens = outputTokens
    request.reasoningTokens = reasoningTokens
    request.costUsd = costUsd
    request.estimate = estimate
    request.durationMs = durationMs
    request.succeeded = succeeded
    request.failed = failed
    request.error = error
    request.exitCode = exitCode
    request.sessionId = sessionId
    request.wpId = wpId
    request.nodeId = nodeId
    request.commit = commit
    request.nextCommit = nextCommit
    request.eventId = eventId
    request.featureDir = featureDir
    request.flush = flush
    request.strict = strict
    request.json = json
    request.from = from
    request.events = events
    return request
  }
}
