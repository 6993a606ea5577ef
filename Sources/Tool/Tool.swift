internal import ArgumentParser
internal import Glibc

/// The command line.
@main
struct Tool: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kitty-git-telemetry",
    abstract: "Records every agent invocation in git itself.",
    discussion: """
      Each event is one JSON line in kitty-specs/<feature>/execution.events.jsonl and, on the commit of its work \
      package, in a git note. After branches have been merged, merge joins what every branch, worktree and note knows.

      Exit status: 0 done, 1 findings or failure, 64 usage. -C <dir> works from another folder, as with git.
      """,
    version: "0.1.0",
    groupedSubcommands: [
      CommandGroup(name: "Record", subcommands: [EmitCommand.self]),
      CommandGroup(name: "Join", subcommands: [MergeCommand.self]),
      CommandGroup(name: "Ask", subcommands: [CostCommand.self]),
      CommandGroup(name: "Learn", subcommands: [DemoCommand.self]),
    ])

  static func main() async {
    // A reader that has seen enough and closes the pipe is no failure.
    signal(SIGPIPE, SIG_IGN)
    await main(arranged(Array(CommandLine.arguments.dropFirst())))
  }

  /// The arguments with each leading `-C <dir>` moved behind the subcommand, where it is declared.
  private static func arranged(_ arguments: [String]) -> [String] {
    var rest = arguments[...]
    var directory: [String] = []
    while rest.first == "-C", rest.count >= 2 { directory += [rest.removeFirst(), rest.removeFirst()] }
    guard let command = rest.popFirst() else { return arguments }
    return [command] + directory + rest
  }
}
