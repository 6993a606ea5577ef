internal import ArgumentParser
internal import KittyGitTelemetry

/// Joins everything that any replica of this machine knows.
struct RepairCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "repair",
    abstract: "Heal every disagreement that verify finds, in both directions.",
    discussion: """
      Does what merge does, and more: reads the logs of all worktrees and what the parents of earlier merges had, gives \
      a note to every event that only a log has, and lays the notes out as git does. Nothing is ever removed.

      What cannot be healed is said, and makes the exit status 1.
      """)

  @OptionGroup var common: CommonOptions

  @Option(name: [.customShort("f"), .long], parsing: .unconditional, help: "Only this feature.")
  var feature: String?
  @Flag(name: .customLong("no-remote"), help: "Write notes although those of the remote were not fetched.")
  var ignoresRemotes = false
  @Flag(help: "Print one JSON document.")
  var json = false

  func run() throws {
    var scope = MergeScope.repair
    scope.feature = feature
    scope.ignoresRemotes = ignoresRemotes
    let report: MergeReport
    do {
      report = try Merger(directory: common.directory).join(scope, progress: Progress.shown)
    } catch {
      throw Console.failure(error)
    }
    MergeOutput(report: report, isPreview: false, tellsAll: false).show(asJSON: json)
    if report.hasFindings { throw ExitCode(1) }
  }
}
