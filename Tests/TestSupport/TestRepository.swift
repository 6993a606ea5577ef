internal import Foundation

/// A scratch repository that real git works in, with an identity, dates and a configuration of its own.
///
/// It is a class because tests name it inside `#expect`, which takes no values that cannot be copied.
package final class TestRepository {
  /// The folder for everything the test makes; worktrees are put here, next to the repository.
  package let folder: ScratchDirectory
  /// The repository's folder.
  package let path: String
  private var commits = 0

  /// Creates an empty repository on the branch `main`; `options` are further arguments of `git init`.
  package convenience init(_ options: String...) throws {
    try self.init(options)
  }

  /// Creates an empty repository on the branch `main`; `options` are further arguments of `git init`.
  package init(_ options: [String]) throws {
    folder = try ScratchDirectory()
    path = folder.path + "/repository"
    for folder in [path, folder.path + "/home"] {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }
    try git(["init", "--quiet", "--initial-branch=main"] + options)
    try git("config", "user.name", "Test Person")
    try git("config", "user.email", "test@example.com")
  }

  /// The whole environment git gets: nothing of the user's, and a clock that goes on with each commit.
  package var environment: [String: String] {
    let date = "\(1_700_000_000 + commits * 60) +0000"
    return [
      "PATH": TestRepository.searchPath,
      "HOME": folder.path + "/home", "LC_ALL": "C", "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1",
      "GIT_TERMINAL_PROMPT": "0", "GIT_EDITOR": "true", "GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date,
    ]
  }

  /// The user's `PATH` without the folders of an installed `kitty-git-telemetry`: hooks find the one that a test names.
  private static let searchPath: String = {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    return path.split(separator: ":", omittingEmptySubsequences: false).filter { folder in
      !FileManager.default.isExecutableFile(atPath: "\(folder)/kitty-git-telemetry")
    }.joined(separator: ":")
  }()

  /// Runs git and returns what it printed, without the last line's end.
  ///
  /// - Throws: ``ProcessFailure`` when git fails.
  @discardableResult
  package func git(_ arguments: String..., in directory: String? = nil, input: [UInt8] = []) throws -> String {
    try git(arguments, in: directory, input: input)
  }

  /// Runs git and returns what it printed, without the last line's end.
  ///
  /// - Throws: ``ProcessFailure`` when git fails.
  @discardableResult
  package func git(_ arguments: [String], in directory: String? = nil, input: [UInt8] = []) throws -> String {
    let result = try attempt(arguments, in: directory, input: input)
    guard result.status == 0 else {
      throw ProcessFailure(command: "git " + arguments.joined(separator: " "), result: result)
    }
    let text = result.outputText
    return text.hasSuffix("\n") ? String(text.dropLast()) : text
  }

  /// Runs git and returns what it did, whether it succeeded or not.
  @discardableResult
  package func attempt(
    _ arguments: [String], in directory: String? = nil, input: [UInt8] = []
  ) throws -> ProcessResult {
    try ChildProcess.run("git", arguments, in: directory ?? path, environment: environment, input: input)
  }

  /// Writes a file, and the folders it lies in, below `directory` or else the repository's folder.
  package func write(_ file: String, _ text: String, in directory: String? = nil) throws {
    let url = URL(fileURLWithPath: (directory ?? path) + "/" + file)
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }

  /// Commits everything in the work tree, or nothing, and returns the commit's name; each is a minute newer.
  @discardableResult
  package func commit(_ message: String, in directory: String? = nil) throws -> String {
    commits += 1
    try git("add", "--all", in: directory)
    try git("commit", "--quiet", "--allow-empty", "-m", message, in: directory)
    return try git("rev-parse", "HEAD", in: directory)
  }

  /// Adds a linked worktree on a new branch and returns its path.
  package func addWorktree(_ name: String, branch: String) throws -> String {
    let worktree = folder.path + "/" + name
    try git("worktree", "add", "--quiet", "-b", branch, worktree)
    return worktree
  }
}
