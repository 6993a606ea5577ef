internal import ArgumentParser
internal import Events
internal import KittyGitTelemetry

/// Runs an agent and records what came of it.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run an agent as it is, and record what came of it.",
    discussion: """
      The agent gets standard input, output and error, signals and the terminal as if it ran alone, and its exit status \
      is that of this command: 126 or 127 where it cannot be run, and death by the same signal. Whatever happens is one \
      event: duration, outcome, and from the agent's output its model, tokens and cost.

      What is not given comes from KITTY_FEATURE, KITTY_WP_ID and KITTY_ROLE, from the header of the prompt, from \
      lanes.json, and from the names of branch and worktree. An agent that has made a commit is noted there, and so is \
      a reviewer on what it has read; other work waits for the commit that takes it in.
      """)

  @OptionGroup var common: CommonOptions

  @Option(name: [.customShort("f"), .long], parsing: .unconditional, help: "The feature's slug.")
  var feature: String?
  @Option(parsing: .unconditional, help: "The work package.")
  var wpId: String?
  @Option(name: [.customShort("r"), .long], parsing: .unconditional, help: "What the agent is asked to be.")
  var role: Role?
  @Option(parsing: .unconditional, help: "Who runs, instead of the program's name; it says how to read the output.")
  var agent: String?
  @Option(parsing: .unconditional, help: "The feature's folder, instead of kitty-specs/<feature>.")
  var featureDir: String?
  @Option(parsing: .unconditional, help: "Who records; the work package is appended.")
  var nodeId = "cli"
  @Flag(help: "Say nothing where the run cannot be recorded.")
  var quiet = false
  @Argument(parsing: .postTerminator, help: ArgumentHelp("The agent and its arguments.", valueName: "command"))
  var command: [String] = []

  func validate() throws {
    guard !command.isEmpty else { throw ValidationError("cannot run nothing; name the agent behind --") }
  }

  func run() throws {
    var options = AgentRun.Options()
    options.hints = FeatureLocation.Hints(feature: feature, folder: featureDir, wpID: wpId)
    options.role = role
    options.agent = agent
    options.node = nodeId
    RunRequest(directory: common.directory, options: options, isQuiet: quiet, wordCount: command.count).run()
  }
}
