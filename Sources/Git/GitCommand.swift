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

  /// Asks git about the repository that `folder` lies in: something that it answers soon and that changes nothing.
  ///
  /// Of the environment it gets everything but what names another repository.
  ///
  /// - Throws: ``GitError`` with ``GitError/Code/unavailable`` when it cannot be started, or stands still for
  ///   `patience`, as it does before a FIFO in place of a file that it reads; one that fails is an ``Outcome``.
  package static func ask(
    _ arguments: [String], in folder: String, input: [UInt8] = [], within patience: Duration = CommandPlumbing.patience
  ) throws(GitError) -> Outcome {
    try outcome(of: arguments, in: folder, input, within: patience, "ask git about \(folder)")
  }

  /// Runs git with `arguments` in `folder` and waits for it to end, however long its hooks take, however it ends.
  ///
  /// Of the environment it gets everything but what names another repository.
  ///
  /// - Throws: ``GitError`` with ``GitError/Code/unavailable`` when it cannot be started; one that fails is an
  ///   ``Outcome``.
  package static func run(
    _ arguments: [String], in folder: String, input: [UInt8] = []
  ) throws(GitError) -> Outcome {
    try outcome(of: arguments, in: folder, input, within: nil, "run git in \(folder)")
  }

  private static func outcome(
    of arguments: [String], in folder: String, _ input: [UInt8], within patience: Duration?, _ attempt: String
  ) throws(GitError) -> Outcome {
    let process = try GitProcess(
      arguments, in: folder, environment: ownEnvironment { !variables.contains($0) }, within: patience, attempt)
    try process.send(input)
    return try process.finish()
  }
}
