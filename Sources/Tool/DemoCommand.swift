internal import ArgumentParser
internal import FoundationEssentials
internal import SystemPackage

/// Shows the tool at work on a repository made for it.
struct DemoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "Play an orchestrator in a throwaway repository and show each command.",
    discussion: """
      Three work packages are done in linked worktrees by a scripted agent, merged by different means and cleaned up, \
      as orchestrators do it. Nothing outside of the folder is read or written, and no git configuration counts.
      """)

  @Option(
    parsing: .unconditional, help: ArgumentHelp("Make the repository here, and leave it.", valueName: "dir"))
  var keep: String?

  func run() throws {
    let folder = try makeFolder()
    DemoStage.prepareEnvironment()
    do {
      try DemoScript(stage: DemoStage(root: folder)).play()
    } catch {
      try remove(folder)
      throw error
    }
    if let keep {
      Console.show("\nThe repository is in \(Console.plain(keep)).")
    } else {
      try remove(folder)
    }
  }

  private func makeFolder() throws -> FilePath {
    let path = keep ?? "\(FileManager.default.temporaryDirectory.path)/kitty-git-telemetry-\(UUID().uuidString)"
    guard !FileManager.default.fileExists(atPath: path) else {
      Console.say("error: cannot make the demo in \(Console.plain(path)): something is there; name a new folder")
      throw ExitCode(1)
    }
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    return FilePath(FileManager.default.currentDirectoryPath).pushing(FilePath(path))
  }

  private func remove(_ folder: FilePath) throws {
    guard keep == nil else { return }
    try FileManager.default.removeItem(atPath: folder.string)
  }
}
