internal import ArgumentParser
internal import Events
internal import KittyGitTelemetry
internal import SystemPackage

/// Sets a repository up for recording, and undoes that.
struct SetupCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "setup",
    abstract: "Set the repository up for recording, for all its worktrees.",
    discussion: """
      Logs and clocks get out of git's sight, so that worktrees stay clean, and merge without conflicts wherever they \
      are committed. Hooks give events the commits that took their work in, and notes follow commits that are amended \
      or rebased. All of that lies inside the git directory, in marked blocks between whatever others have in the same \
      files; hooks that are there already are called as before. Running it again completes what is missing. --undo \
      takes the blocks out and leaves every file as it was.

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
  @Flag(help: "Print one JSON document.")
  var json = false

  func validate() throws {
    guard !undo || !trackLog && !displayNotes else {
      throw ValidationError("--undo takes everything out: give it without --track-log and --display-notes")
    }
  }

  func run() async throws {
    let report: SetupReport
    do {
      let setup = Setup(directory: common.directory)
      if undo {
        report = try await setup.undo(dryRun: dryRun)
      } else {
        var options = Setup.Options()
        options.tracksLog = trackLog
        options.displaysNotes = displayNotes
        options.isDryRun = dryRun
        report = try await setup.install(options)
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
    guard !changed.isEmpty else { return Console.show(undo ? "nothing to undo" : "everything is set up") }
    for change in changed {
      let action = dryRun ? "would be \(change.action)" : "\(change.action)"
      let reason = undo ? "" : ": \(change.purpose)"
      Console.show("\(action)  \(Console.plain(change.path.string))\(reason)")
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
        ("warnings", .array(report.troubles.map { .string($0) })),
      ]))
  }
}
