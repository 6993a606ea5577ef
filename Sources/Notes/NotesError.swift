internal import Git

/// What went wrong with the notes.
package struct NotesError: Error, CustomStringConvertible {
  /// The kinds of failure a caller can act on.
  package enum Code: Sendable {
    /// Other processes kept the reference from being moved for as long as the caller would wait.
    case contended
    /// The reference leads to something that is no commit, so it holds no notes.
    case malformed
    /// The caller's own function threw; ``NotesError/cause`` is what it threw.
    case refused
    /// The repository failed; ``NotesError/cause`` is the ``GitError``.
    case repository
  }

  /// The kind of failure.
  package let code: Code
  /// What was attempted, as a verb phrase: `read refs/notes/commits`.
  package let attempt: String
  /// Why it failed and, where that is known, what to do about it.
  package let reason: String
  /// The failure below this one.
  package let cause: (any Error)?

  init(_ code: Code, _ attempt: String, _ reason: String, cause: (any Error)? = nil) {
    self.code = code
    self.attempt = attempt
    self.reason = reason
    self.cause = cause
  }

  init(_ error: GitError, _ attempt: String) {
    self.init(.repository, attempt, "\(error)", cause: error)
  }

  /// The sentence for people: what could not be done, and why.
  package var description: String { "cannot \(attempt): \(reason)" }
}
