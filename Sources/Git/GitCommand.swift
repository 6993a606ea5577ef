internal import Subprocess
internal import SystemPackage

/// Runs the git executable, for what libgit2 cannot do, or does by other rules than git.
package enum GitCommand {
  /// What git did.
  package struct Outcome: Sendable {
    /// Its exit status; of one that a signal ended, 128 and the signal's number, as shells have it.
    package let status: Int32
    /// What it wrote to standard output.
    package let output: [UInt8]
    /// What it wrote to standard error.
    package let complaint: String

    /// Standard output as text, without the end of the last line.
    package var text: String {
      let text = String(decoding: output, as: UTF8.self)
      return text.hasSuffix("\n") ? String(text.dropLast()) : text
    }

    /// The last line of its complaint, which says why it failed.
    package var reason: String {
      complaint.split(separator: "\n").last.map(String.init) ?? "git ended with status \(status)"
    }
  }

  /// What git sets for hooks, about a repository that need not be the one in `folder`.
  private static let variables = [
    "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_COMMON_DIR", "GIT_CONFIG", "GIT_DIR", "GIT_GRAFT_FILE",
    "GIT_IMPLICIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_INTERNAL_SUPER_PREFIX", "GIT_NO_REPLACE_OBJECTS",
    "GIT_OBJECT_DIRECTORY", "GIT_PREFIX", "GIT_REPLACE_REF_BASE", "GIT_SHALLOW_FILE", "GIT_WORK_TREE",
  ]

  /// More output than this, in bytes, is a failure.
  private static let outputLimit = 64 << 20

  /// Asks git about the repository that `folder` lies in: something that it answers soon and that changes nothing.
  ///
  /// Of the environment it gets everything but what names another repository.
  ///
  /// - Throws: ``GitError`` with ``GitError/Code/unavailable`` when it cannot be started, or stands still for
  ///   `patience`, as it does before a FIFO in place of a file that it reads; one that fails is an ``Outcome``.
  package static func ask(
    _ arguments: [String], in folder: String, input: [UInt8] = [], within patience: Duration = CommandPlumbing.patience
  ) throws(GitError) -> Outcome {
    let process = try GitProcess(
      arguments, in: folder, environment: ownEnvironment { !variables.contains($0) }, within: patience,
      "ask git about \(folder)")
    try process.send(input)
    return try process.finish()
  }

  /// Runs git with `arguments` in `folder` and waits for it to end, however it ends.
  ///
  /// Of the environment it gets everything but what names another repository; `environment` is added to that.
  ///
  /// - Throws: ``GitError`` when git cannot be started; one that fails is an ``Outcome``.
  package static func run(
    _ arguments: [String], in folder: String, environment: [String: String] = [:], input: [UInt8] = []
  ) async throws(GitError) -> Outcome {
    var changes = Dictionary(uniqueKeysWithValues: variables.map { (Environment.Key(stringLiteral: $0), String?.none) })
    for (name, value) in environment { changes[Environment.Key(stringLiteral: name)] = value }
    do {
      let result = try await Subprocess.run(
        .name("git"), arguments: Arguments(arguments), environment: .inherit.updating(changes),
        workingDirectory: FilePath(folder), input: .array(input), output: .bytes(limit: outputLimit),
        error: .bytes(limit: outputLimit))
      let status: Int32 =
        switch result.terminationStatus {
        case .exited(let status): status
        case .signaled(let signal): 128 + signal
        }
      return Outcome(
        status: status, output: result.standardOutput, complaint: String(decoding: result.standardError, as: UTF8.self))
    } catch {
      let isMissing = (error as? SubprocessError)?.code == .executableNotFound
      throw GitError(
        .other, "run git in \(folder)", isMissing ? "it is not on PATH; install it, or put it there" : "\(error)")
    }
  }
}
