internal import ArgumentParser
internal import Events
internal import KittyGitTelemetry
internal import SystemPackage

/// Joins what branches, notes and the journal know.
struct MergeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Join what branches, notes and the journal know, after branches were merged.",
    discussion: """
      Run it after git merge, finished or stopped by a conflict in a log, which it resolves and stages. After a \
      squash, name the branches or commits that were squashed where their commits are not listed in its message.

      Logs and clocks in this work tree are rewritten, each event once and in order; events whose commit is gone get \
      their note on a commit that is not. Exit status 1: events disagree or something could not be read or written; \
      with --check also when a merge would change something.
      """)

  @OptionGroup var common: CommonOptions

  @Argument(help: "Branches or commits whose events are due here although no merge led to them.")
  var revisions: [String] = []
  @Option(name: [.customShort("f"), .long], parsing: .unconditional, help: "Only this feature.")
  var feature: String?
  @Flag(help: "Tell also of features that have no folder here.")
  var all = false
  @Flag(help: "Read the logs of all worktrees too.")
  var allWorktrees = false
  @Flag(help: "Commit exactly the logs and clocks.")
  var commit = false
  @Flag(help: "Change nothing, and exit with 1 when a merge would.")
  var check = false
  @Flag(help: "Change nothing, and tell what a merge would do.")
  var dryRun = false
  @Flag(help: "Print one JSON document.")
  var json = false

  func validate() throws {
    if commit, check || dryRun { throw ValidationError("--commit changes something, --check and --dry-run do not") }
  }

  func run() throws {
    var scope = MergeScope()
    scope.revisions = revisions
    scope.feature = feature
    scope.readsWorktrees = allWorktrees
    scope.isPreview = check || dryRun
    var report: MergeReport
    do {
      let merger = Merger(directory: common.directory)
      report = try merger.join(scope, progress: Progress.shown)
      if commit { try merger.commit(&report) }
    } catch {
      throw Console.failure(error)
    }
    MergeOutput(report: report, isPreview: scope.isPreview, tellsAll: all).show(asJSON: json)
    if report.hasFindings || check && report.hasChanges { throw ExitCode(1) }
  }
}
