internal import ArgumentParser
internal import Glibc
internal import Processes

/// The command line.
@main
struct Tool: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kitty-git-telemetry",
    abstract: "Records every agent invocation in git itself.",
    discussion: """
      Each event is one JSON line in kitty-specs/<feature>/execution.events.jsonl and, on the commit of its work \
      package, in a git note. After branches have been merged, merge joins what branches, notes and the journal know.

      Exit status: 0 done, 1 findings or failure, 64 usage. -C <dir> works from another folder, as with git.
      """,
    version: "0.1.0",
    groupedSubcommands: [
      CommandGroup(name: "Record", subcommands: [EmitCommand.self, RunCommand.self, ImportCommand.self]),
      CommandGroup(
        name: "Join", subcommands: [MergeCommand.self, VerifyCommand.self, RepairCommand.self, MergeFileCommand.self]),
      CommandGroup(name: "Ask", subcommands: [QueryCommand.self, CostCommand.self]),
      CommandGroup(name: "Set up", subcommands: [SetupCommand.self, DoctorCommand.self, HookCommand.self]),
      CommandGroup(name: "Learn", subcommands: [DemoCommand.self]),
    ])

  /// What this program was told about signals when it began.
  ///
  /// From then on it ignores two of them: a reader that has seen enough and closes the pipe is no failure, and a file
  /// that may not grow is a short write, which is dealt with, and no reason to die.
  static let signals = InheritedSignals(ignoring: [SIGPIPE, SIGXFSZ])

  static func main() {
    _ = signals
    let arguments = Array(CommandLine.arguments.dropFirst())
    if let request = EmitRequest(plain: arguments) {
      OwnMemory.keepFreed()
      Glibc.exit(request.run())
    }
    if let request = RunRequest(plain: arguments) { request.run() }
    guard !HookCommand.runsDirectly(arguments[...]) else { return }
    do {
      var command = try command(arguments)
      try command.run()
    } catch {
      leave(error)
    }
  }

  /// The command that the arguments name.
  static func command(_ arguments: [String]) throws -> any ParsableCommand { try parseAsRoot(arranged(arguments)) }

  /// Ends the program as the parser would, but for the control characters of arguments that it quotes.
  private static func leave(_ error: any Error) -> Never {
    let code = exitCode(for: error)
    let message = fullMessage(for: error)
    if !message.isEmpty {
      let lines = message.split(separator: "\n", omittingEmptySubsequences: false).map { Console.plain(String($0)) }
      code.isSuccess ? Console.show(lines.joined(separator: "\n")) : Console.say(lines.joined(separator: "\n"))
    }
    Glibc.exit(code.rawValue)
  }

  /// The arguments with each leading `-C <dir>` moved behind the subcommand, where it is declared, and each `--name=`
  /// as a name and an empty value: the parser would take the next argument for the value.
  private static func arranged(_ arguments: [String]) -> [String] {
    var rest: ArraySlice<String> = []
    var isValue = false
    for (index, argument) in arguments.enumerated() {
      // Behind this, arguments are those of another program.
      if argument == "--", !isValue {
        rest += arguments[index...]
        break
      }
      let names = !isValue && isNameOfEmptyValue(argument)
      rest += names ? [String(argument.dropLast()), ""] : [argument]
      // An option that is no flag takes whatever comes next for its value.
      isValue = !isValue && argument.hasPrefix("--") && !argument.contains("=") && !flags.contains(argument)
    }
    var directory: [String] = []
    while rest.first == "-C", rest.count >= 2 { directory += [rest.removeFirst(), rest.removeFirst()] }
    guard let command = rest.popFirst() else { return arguments }
    return [command] + directory + rest
  }

  /// The options that take no value; a test compares them with those that the commands declare.
  static let flags: Set<String> = [
    "--all", "--all-worktrees", "--check", "--commit", "--csv", "--display-notes", "--dry-run", "--estimate",
    "--failed", "--failure", "--flush", "--follow", "--help", "--json", "--jsonl", "--next-commit", "--no-remote",
    "--quiet", "--reverse", "--shims", "--strict", "--success", "--track-log", "--undo", "--version",
  ]

  private static func isNameOfEmptyValue(_ argument: String) -> Bool {
    argument.hasPrefix("--") && argument.hasSuffix("=")
      && argument.dropFirst(2).dropLast().utf8.allSatisfy { $0 == UInt8(ascii: "-") || 0x61...0x7A ~= $0 }
  }
}
