internal import ArgumentParser
internal import Events
internal import FoundationEssentials
internal import KittyGitTelemetry
internal import SystemPackage

/// Sets a repository up for recording, and undoes that.
struct SetupCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "setup",
    abstract: "Set the repository up for recording, for all its worktrees.",
    discussion: """
      Logs and clocks get out of git's sight, so that worktrees stay clean, and merge without conflicts wherever they \
      are committed. Hooks give events the commits that took their work in, and notes follow commits that are amended \
      or rebased. All of that lies inside the git directory, in marked blocks between whatever others have in the same \
      files; hooks that are there already are called as before. Running it again completes what is missing. --undo \
      takes the blocks out and leaves every file as it was.

      --shims lets orchestrators that call claude, codex and the like by name be recorded unchanged.

      Where branches commit their logs, --track-log keeps them in sight and writes .gitattributes, which is to be \
      committed.
      """)

  @OptionGroup var common: CommonOptions

  @Flag(help: "Take everything out again.")
  var undo = false
  @Flag(help: "Say what would be done, and do nothing.")
  var dryRun = false
  @Flag(help: "Let branches commit their logs.")
  var trackLog = false
  @Flag(help: "Let git log show the notes.")
  var displayNotes = false
  @Flag(help: "Let scripts stand in for agents on PATH, which record their runs; prints the line to add.")
  var shims = false
  @Option(
    parsing: .unconditionalSingleValue,
    help: "A program that gets a shim although it is not known, or not installed yet.")
  var agent: [String] = []
  @Flag(help: "Print one JSON document.")
  var json = false

  func validate() throws {
    guard !undo || !trackLog && !displayNotes && !shims else {
      throw ValidationError("--undo takes everything out: give it without --track-log, --display-notes and --shims")
    }
    guard shims || agent.isEmpty else { throw ValidationError("--agent names programs for --shims: give both") }
  }

  func run() throws {
    let report: SetupReport
    do {
      let setup = Setup(directory: common.directory, environment: ProcessInfo.processInfo.environment)
      if undo {
        report = try setup.undo(dryRun: dryRun)
      } else {
        var options = Setup.Options()
        options.tracksLog = trackLog
        options.displaysNotes = displayNotes
        options.makesShims = shims
        options.agents = agent
        options.isDryRun = dryRun
        report = try setup.install(options)
      }
    } catch {
      throw Console.failure(error)
    }
    for notice in report.notices { Console.say("note: \(notice)") }
    for trouble in report.troubles { Console.say("warning: \(trouble)") }
    json ? Console.show(document(report)) : show(report)
    if !report.troubles.isEmpty { throw ExitCode(1) }
  }

  private func show(_ report: SetupReport) {
    let changed = report.changes.filter { $0.action != .unchanged }
    if changed.isEmpty { Console.show(undo ? "nothing to undo" : "everything is set up") }
    for change in changed {
      let action = dryRun ? "would be \(change.action)" : "\(change.action)"
      let reason = undo ? "" : ": \(change.purpose)"
      Console.show("\(action)  \(Console.plain(change.path.string))\(reason)")
    }
    if let line = report.pathLine {
      Console.show("\nAdd this line to the environment of whatever calls the agents:\n\n  \(Console.plain(line))")
    }
  }

  private func document(_ report: SetupReport) -> JSONValue {
    let changes = report.changes.map { change -> JSONValue in
      .object(
        JSONObject([
          ("path", .string(change.path.string)), ("action", .string(change.action.rawValue)),
          ("purpose", .string(change.purpose)),
        ]))
    }
    return .object(
      JSONObject([
        ("changes", .array(changes)), ("dry_run", .bool(dryRun)),
        ("notices", .array(report.notices.map { .string($0) })),
        ("path_line", report.pathLine.map { .string($0) } ?? .null),
        ("warnings", .array(report.troubles.map { .string($0) })),
      ]))
  }
}
