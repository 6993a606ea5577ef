import Events
import Foundation
import TestSupport
import Testing

/// Git with hooks that call the built program.
extension TestRepository {
  /// The folder `hooks` of this package.
  static func hooks(file: String = #filePath) -> URL {
    URL(filePath: file).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "hooks")
  }

  /// `PATH` with the folder of the built program in front.
  func toolOnPath() throws -> String {
    let folder = URL(filePath: try toolPath()).deletingLastPathComponent().path
    return "\(folder):\(environment["PATH"] ?? "/usr/bin:/bin")"
  }

  /// Puts the hooks of this package into the repository, as they are.
  func copyHooks() throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: TestRepository.hooks().path) {
      try FileManager.default.copyItem(
        atPath: TestRepository.hooks().appending(path: name).path, toPath: "\(path)/.git/hooks/\(name)")
    }
  }

  /// Runs git with the built program on `PATH`, and returns what it did.
  func attemptHooked(
    _ arguments: [String], in directory: String? = nil, environment changes: [String: String] = [:]
  ) throws -> ProcessResult {
    let environment = environment.merging(toolEnvironment) { $1 }.merging(["PATH": try toolOnPath()]) { $1 }
    return try ChildProcess.run(
      "git", arguments, in: directory ?? path, environment: environment.merging(changes) { $1 })
  }

  /// Runs git with the built program on `PATH`; neither may have anything to complain about.
  @discardableResult
  func hooked(
    _ arguments: String..., in directory: String? = nil, environment: [String: String] = [:],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> String {
    let result = try attemptHooked(arguments, in: directory, environment: environment)
    #expect(result.status == 0, "\(arguments): \(result.errorText)", sourceLocation: sourceLocation)
    #expect(!result.errorText.contains("kitty"), "\(result.errorText)", sourceLocation: sourceLocation)
    return result.outputText.trimmingCharacters(in: .newlines)
  }

  /// Commits a file in a work tree, with hooks, and returns the commit.
  @discardableResult
  func hookedWork(
    in directory: String? = nil, _ file: String, _ text: String? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> String {
    try write(file, "\(text ?? file)\n", in: directory)
    try git("add", file, in: directory)
    try hooked("commit", "-q", "-m", "feat: \(file)", in: directory, sourceLocation: sourceLocation)
    return try git("rev-parse", "HEAD", in: directory)
  }

  /// The ids of the events in the note of a commit.
  func notedIDs(on commit: String, in directory: String? = nil) throws -> [String] {
    let name = try git("rev-parse", commit, in: directory)
    return events(try notedLines(name)).map(\.id.description)
  }

  /// The ids of the events that the log of `f` in a work tree holds.
  func loggedIDs(in directory: String) -> [String] {
    events(lines("\(directory)/\(log())")).map(\.id.description)
  }

  /// Records an event in a work tree and returns its id.
  func recorded(_ arguments: String..., in directory: String? = nil) throws -> String {
    let result = try startTool(
      ["emit", "--role", "implementer", "--json", "--feature", "f"] + arguments, in: directory
    ).wait()
    return try #require(result.document?["event_id"]?.text, "\(result.errorText)")
  }
}
