internal import Events
internal import FoundationEssentials
internal import Glibc
internal import KittyGitTelemetry
internal import Processes
internal import SystemPackage

/// What `run` is asked to do.
///
/// Agents are started often, and the general parser takes as long as all of the recording. So the form in which shims
/// and orchestrators ask is read here; whatever else there is goes to ``RunCommand``, which says the same in words.
struct RunRequest {
  var directory: FilePath = "."
  var options = AgentRun.Options()
  var isQuiet = false
  /// How many of the program's arguments, from the last on, are the agent's command.
  let wordCount: Int

  init(directory: FilePath, options: AgentRun.Options, isQuiet: Bool, wordCount: Int) {
    self.directory = directory
    self.options = options
    self.isQuiet = isQuiet
    self.wordCount = wordCount
  }

  /// Reads `run`, long options with a value each, `--` and a command; `nil` for anything else.
  init?(plain arguments: [String]) {
    guard arguments.first == "run", let end = arguments.firstIndex(of: "--"), end < arguments.count - 1
    else { return nil }
    wordCount = arguments.count - 1 - end
    var words = arguments[1..<end]
    while let word = words.popFirst() {
      if word == "--quiet" {
        isQuiet = true
        continue
      }
      guard let value = words.popFirst(), !value.isEmpty, !value.hasPrefix("-") else { return nil }
      switch word {
      case "--feature": options.hints.feature = value
      case "--feature-dir": options.hints.folder = value
      case "--wp-id": options.hints.wpID = value
      case "--role":
        guard let role = Role(rawValue: value) else { return nil }
        options.role = role
      case "--agent": options.agent = value
      case "--node-id": options.node = value
      default: return nil
      }
    }
  }

  /// Runs the agent, and ends as it does.
  func run() -> Never {
    if directory != "." {
      do {
        try CurrentFolder.change(to: directory)
      } catch {
        Console.say("error: cannot work from \(printable(directory.string)): \(error)")
        exit(64)
      }
    }
    // The agent's own arguments are bytes, which need not be text.
    let words = Array(OwnArguments.words.suffix(wordCount))
    let environment = ProcessInfo.processInfo.environment
    guard let run = AgentRun(words, options, environment: environment, signals: Tool.signals) else { exit(64) }
    let (end, warning) = run.run()
    if let warning, !isQuiet { Console.say("warning: \(warning)") }
    switch end {
    case .success(let end): end.follow()
    case .failure(let failure):
      // A shell would say it, too.
      Console.say("error: \(failure)")
      exit(failure.status)
    }
  }
}
