internal import ArgumentParser
internal import FoundationEssentials
internal import KittyGitTelemetry
internal import Processes
internal import SystemPackage

/// Runs the demo's commands, each shown before its output.
struct DemoStage {
  /// The folder of the repository, from the root of the file system.
  let root: FilePath

  /// The name under which the tool is shown.
  static let tool = "kitty-git-telemetry"

  /// Says what comes next.
  func say(_ text: String) {
    Console.show("\n# \(text)")
  }

  /// Writes a file of the repository, as the scripted agent would.
  func write(_ text: String, to path: String) throws {
    let file = root.appending(FilePath(path).components)
    try FileManager.default.createDirectory(
      atPath: file.removingLastComponent().string, withIntermediateDirectories: true)
    try Data(text.utf8).write(to: URL(filePath: file.string))
  }

  /// Records an event with the tool.
  func record(_ options: String..., in folder: String) throws {
    try record(options, in: folder)
  }

  /// Records an event with the tool.
  func record(_ options: [String], in folder: String) throws {
    try run([DemoStage.tool, "emit"] + options, in: folder)
  }

  /// Shows a command and runs it in `folder`.
  func run(_ command: String..., in folder: String = "") throws {
    try run(command, in: folder)
  }

  private func run(_ command: [String], in folder: String) throws {
    Console.show("\(folder)$ \(command.map(shellWord).joined(separator: " "))")
    try CurrentFolder.change(to: root.appending(FilePath(folder).components))
    // The name that the program was called by need not lead to it; the system knows where it is.
    let program = command[0] == DemoStage.tool ? "/proc/self/exe" : command[0]
    var supervisor = Supervisor(
      ([program] + command.dropFirst()).map { Array($0.utf8) }, marks: [], signals: Tool.signals)
    switch supervisor.run(path: DemoStage.path, meanwhile: {}).end {
    case .success(.exited(0)): return
    case .success(let end): Console.say("error: cannot go on with the demo: \(command[0]) ended with \(end.status)")
    case .failure(let failure): Console.say("error: cannot go on with the demo: \(failure)")
    }
    throw ExitCode(1)
  }

  private static let path = OwnEnvironment.values(of: ["PATH"])["PATH"] ?? "/usr/bin:/bin"

  /// Gives the commands an environment with an identity of its own, and no configuration of the user or the machine.
  static func prepareEnvironment() {
    OwnEnvironment.replace(with: [
      "PATH": path,
      "HOME": "/nonexistent", "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "GIT_PAGER": "cat",
      "GIT_AUTHOR_NAME": "Orchestrator", "GIT_AUTHOR_EMAIL": "orchestrator@example.org",
      "GIT_COMMITTER_NAME": "Orchestrator", "GIT_COMMITTER_EMAIL": "orchestrator@example.org",
    ])
  }
}
