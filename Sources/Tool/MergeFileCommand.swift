internal import ArgumentParser
internal import KittyGitTelemetry

/// Joins three versions of a log or a clock.
struct MergeFileCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge-file",
    abstract: "Join three versions of a log or a clock; a merge driver, or a mergetool.",
    discussion: """
      The join of all three replaces <ours>, in one step. Nothing but the three files is read, so it works on any \
      files, in a repository or not.

      As a merge driver, for paths with the attribute merge=kitty-telemetry:

        git config merge.kitty-telemetry.driver 'if command -v kitty-git-telemetry >/dev/null; then \
      kitty-git-telemetry merge-file %O %A %B; else git merge-file --union %A %O %B; fi'

      As a mergetool:

        git config mergetool.kitty-telemetry.cmd 'kitty-git-telemetry merge-file "$BASE" "$LOCAL" "$REMOTE" && \
      cat "$LOCAL" >"$MERGED"'
        git config mergetool.kitty-telemetry.trustExitCode true

      Exit status: 0 joined; 1 joined, and events disagree: both variants are in <ours>, and git marks a conflict; 129 \
      nothing was joined and <ours> is as it was: git stops the merge, or, before 2.42, marks a conflict.
      """)

  @OptionGroup var common: CommonOptions

  @Argument(help: "The common ancestor; it need not exist.")
  var base: String
  @Argument(help: "Our version, which is replaced.")
  var ours: String
  @Argument(help: "Their version.")
  var theirs: String

  /// git takes a status above 128 for a driver that broke down, and lower ones for conflicts that are in the file.
  private static let breakdown = ExitCode(129)

  func run() throws {
    do {
      let merge = FileMerge(base: base, ours: ours, theirs: theirs, from: common.directory)
      guard case .log(_, let conflicts) = try merge.run(), conflicts > 0 else { return }
      Console.say("warning: \(counted(conflicts, "event")) with different contents; all of them were kept in \(ours)")
    } catch {
      Console.say("error: \(error.message)")
      throw Self.breakdown
    }
    throw ExitCode(1)
  }
}
