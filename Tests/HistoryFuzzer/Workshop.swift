import Foundation
import TestSupport

/// A repository with its worktrees, and the programs that work on it.
///
/// It is a class because everything that acts on the repository adds to one story.
final class Workshop {
  /// The main work tree, or a linked one.
  struct Place: Hashable {
    /// The name of the worktree's folder, which is that of its first branch too; `main` for the main one.
    let name: String
    let path: String
    /// Where git keeps what is this work tree's own.
    let gitDirectory: String

    var isMain: Bool { name == "main" }
  }

  let repository: TestRepository
  let main: Place
  /// What was done so far: a line for each command, as one would type it.
  private(set) var story: [String] = []
  /// Goes on with each operation, so that commits of different operations differ.
  var minutes = 0
  private let toolPath: String

  /// Makes a repository for the program at `tool` to work in.
  init(tool: String) throws {
    repository = try TestRepository()
    main = Place(name: "main", path: repository.path, gitDirectory: repository.path + "/.git")
    toolPath = tool
  }

  /// The linked worktree of that name, which need not exist.
  func place(_ name: String) -> Place {
    Place(
      name: name, path: "\(repository.path)/.worktrees/\(name)",
      gitDirectory: "\(repository.path)/.git/worktrees/\(name)")
  }

  /// The linked worktrees whose folders exist.
  var lanes: [Place] {
    names(in: repository.path + "/.worktrees").map(place).filter { isFile($0.path + "/.git") }
  }

  /// Leaves the repository behind when the program ends, and tells where.
  func keep() {
    tell("# $R is \(repository.path)")
    _ = unsafe Unmanaged.passRetained(repository)
  }

  /// Adds a line to the story.
  func tell(_ line: String) { story.append(line) }
}

// Programs.
extension Workshop {
  /// Runs git for its effect, and tells.
  @discardableResult
  func git(_ arguments: [String], at place: Place? = nil, environment: [String: String] = [:]) throws -> Bool {
    let place = place ?? main
    let result = try run("git", arguments, at: place, environment: environment)
    tell("\(place.name)$ " + told(["git"] + arguments, environment) + (result.status == 0 ? "" : "  # refused"))
    return result.status == 0
  }

  /// Runs git for what it prints; `nil` when it refuses.
  func ask(_ arguments: [String], at place: Place? = nil, input: String = "") throws -> [UInt8]? {
    let result = try run("git", arguments, at: place ?? main, input: Array(input.utf8))
    return result.status == 0 ? result.output : nil
  }

  /// The lines that git prints; none when it refuses.
  func lines(_ arguments: [String], at place: Place? = nil) throws -> [String] {
    String(decoding: try ask(arguments, at: place) ?? [], as: UTF8.self).split(separator: "\n").map(String.init)
  }

  /// Runs the program under test, and tells.
  func tool(_ arguments: [String], at place: Place) throws -> ProcessResult {
    let result = try run(toolPath, arguments, at: place)
    tell("\(place.name)$ " + told(["kitty-git-telemetry"] + arguments, [:]) + "  # \(result.status)")
    return result
  }

  /// Starts the program under test, and tells.
  func startTool(_ arguments: [String], at place: Place) throws -> ChildProcess {
    tell("\(place.name)$ " + told(["kitty-git-telemetry"] + arguments, [:]) + " &")
    return try ChildProcess.start(toolPath, arguments, in: place.path, environment: environment([:]))
  }

  /// What git finds wrong with its repository.
  func findings() throws -> String {
    let result = try run("git", ["fsck", "--strict", "--no-dangling", "--no-progress"], at: main)
    return result.outputText + result.errorText + (result.status == 0 ? "" : "status \(result.status)")
  }

  private func run(
    _ program: String, _ arguments: [String], at place: Place, environment own: [String: String] = [:],
    input: [UInt8] = []
  ) throws -> ProcessResult {
    try ChildProcess.run(program, arguments, in: place.path, environment: environment(own), input: input)
  }

  private func environment(_ own: [String: String]) -> [String: String] {
    let date = "\(1_700_000_000 + minutes * 60) +0000"
    return repository.environment
      .merging(["GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date, "LLVM_PROFILE_FILE": "/dev/null"]) { $1 }
      .merging(own) { $1 }
  }

  private func told(_ words: [String], _ environment: [String: String]) -> String {
    let settings = environment.sorted { $0.key < $1.key }.map { "\($0.key)=\(quoted($0.value))" }
    return (settings + words.map(quoted)).joined(separator: " ").replacing(repository.path, with: "$R")
  }

  private func quoted(_ word: String) -> String {
    word.allSatisfy { $0.isLetter || $0.isNumber || "-_./=:~^$@".contains($0) } && !word.isEmpty ? word : "'\(word)'"
  }
}

// Files.
extension Workshop {
  /// The content of a file; `nil` when it cannot be read.
  func read(_ path: String) -> [UInt8]? { FileManager.default.contents(atPath: path).map { [UInt8]($0) } }

  /// Adds text to a file, and makes the folders that it lies in.
  func append(_ text: String, to path: String) throws {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data((read(path) ?? []) + Array(text.utf8)).write(to: URL(fileURLWithPath: path))
  }

  /// Removes a file or a folder with all that is in it.
  @discardableResult
  func remove(_ path: String) -> Bool {
    guard FileManager.default.fileExists(atPath: path) else { return false }
    tell("$ rm -rf " + path.replacing(repository.path, with: "$R"))
    // Whether it is gone shows when somebody looks for it.
    try? FileManager.default.removeItem(atPath: path)
    return true
  }

  /// Whether there is a file or a folder at `path`.
  func isFile(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

  /// The names in a folder, in order; none when there is no folder.
  func names(in folder: String) -> [String] {
    // A folder that is not there has no names.
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  }
}
