internal import ArgumentParser
internal import FoundationEssentials
internal import KittyGitTelemetry
internal import Subprocess
internal import SystemPackage

/// Runs the demo's commands, each shown before its output.
struct DemoStage {
  /// The folder of the repository.
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
  func record(_ options: String..., in folder: String) async throws {
    try await record(options, in: folder)
  }

  /// Records an event with the tool.
  func record(_ options: [String], in folder: String) async throws {
    try await run([DemoStage.tool, "emit"] + options, in: folder)
  }

  /// Shows a command and runs it in `folder`.
  func run(_ command: String..., in folder: String = "") async throws {
    try await run(command, in: folder)
  }

  private func run(_ command: [String], in folder: String) async throws {
    Console.show("\(folder)$ \(command.map(shellWord).joined(separator: " "))")
    let executable: Executable = command[0] == DemoStage.tool ? .path(try DemoStage.ownPath()) : .name(command[0])
    let result = try await Subprocess.run(
      executable, arguments: Arguments(Array(command.dropFirst())), environment: .custom(DemoStage.environment),
      workingDirectory: root.appending(FilePath(folder).components), output: .currentStandardOutput,
      error: .currentStandardError)
    guard result.terminationStatus.isSuccess else {
      Console.say("error: cannot go on with the demo: \(command[0]) ended with \(result.terminationStatus)")
      throw ExitCode(1)
    }
  }

  /// The environment of the commands: an identity of its own, and no configuration of the user or the machine.
  private static var environment: [Environment.Key: String] {
    [
      "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
      "HOME": "/nonexistent", "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "GIT_PAGER": "cat",
      "GIT_AUTHOR_NAME": "Orchestrator", "GIT_AUTHOR_EMAIL": "orchestrator@example.org",
      "GIT_COMMITTER_NAME": "Orchestrator", "GIT_COMMITTER_EMAIL": "orchestrator@example.org",
    ]
  }

  private static func ownPath() throws -> FilePath {
    // The name that the program was called by need not lead to it; the system knows where it is.
    let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
    return FilePath(own)
  }
}
