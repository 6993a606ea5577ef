internal import ArgumentParser
internal import FoundationEssentials
internal import Glibc
internal import KittyGitTelemetry
internal import SystemPackage

/// What the hooks of a repository call.
struct HookCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hook",
    abstract: "Do what is to be done after git has done something; git's hooks call it.",
    discussion: """
      Events that waited for a commit get it, and notes what they lack; commits that git has made from others take over \
      their notes; logs that git does not see, and has swept away, come back. setup installs the hooks.

      It ends within seconds, and always with 0: nothing that git does fails because of it.
      """)

  @OptionGroup var common: CommonOptions

  @Argument(help: "post-commit, post-merge, post-rewrite or post-checkout.")
  var name: String
  @Argument(parsing: .captureForPassthrough, help: "What git has given to the hook.")
  var arguments: [String] = []

  func validate() throws {
    guard HookRunner.Hook(rawValue: name) != nil else {
      throw ValidationError("there is nothing to be done in a hook \(printable(name))")
    }
  }

  func run() throws {
    guard let hook = HookRunner.Hook(rawValue: name) else { return }
    HookCommand.run(hook, arguments, in: common.directory)
  }

  /// Runs the hook that `arguments` name, without parsing them, since git waits for it.
  ///
  /// Answers false when they name none.
  static func runsDirectly(_ arguments: ArraySlice<String>) -> Bool {
    guard arguments.first == "hook", let hook = arguments.dropFirst().first.flatMap(HookRunner.Hook.init) else {
      return false
    }
    run(hook, Array(arguments.dropFirst(2)), in: ".")
    return true
  }

  /// The longest that git is kept waiting, in seconds, even by a disk that does not answer.
  private static let bound: UInt32 = 3

  private static func run(_ hook: HookRunner.Hook, _ arguments: [String], in directory: FilePath) {
    signal(SIGALRM) { _ in _exit(0) }
    alarm(bound)
    do {
      let runner = HookRunner(directory: directory, environment: ProcessInfo.processInfo.environment)
      try runner.run(hook, arguments) { try Input.bytes(of: "-", from: ".") }
    } catch {
      Console.say("kitty-git-telemetry: \(error.message)")
    }
  }
}
