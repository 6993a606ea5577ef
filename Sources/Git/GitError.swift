internal import CLibgit2

/// What went wrong when something was asked of a repository.
package struct GitError: Error, Equatable, CustomStringConvertible {
  /// The kinds of failure a caller can act on.
  package enum Code: Sendable {
    /// The repository, object or reference does not exist.
    case notFound
    /// Something is already where a new thing was to go.
    case alreadyExists
    /// The reference no longer points to where the caller saw it point.
    case changedMeanwhile
    /// The reference leads to a place that is not to be written to.
    case misdirected
    /// Another process holds the lock, or left it behind.
    case locked
    /// The repository belongs to another user, who has not been declared trustworthy.
    case notOwned
    /// The repository uses a format that cannot be read here.
    case unsupported
    /// The git executable is needed, and cannot be run or does not answer.
    case unavailable
    /// Anything else.
    case other
  }

  /// The kind of failure.
  package let code: Code
  /// What was attempted, as a verb phrase: `read tree 1234`.
  package let attempt: String
  /// Why it failed and, where that is known, what to do about it.
  package let reason: String

  init(_ code: Code, _ attempt: String, _ reason: String) {
    self.code = code
    self.attempt = attempt
    self.reason = reason
  }

  /// The sentence for people: what could not be done, and why.
  package var description: String { "cannot \(attempt): \(reason)" }

  /// The same failure as another kind, told in other words.
  func retold(as code: Code, _ reason: String) -> GitError {
    GitError(code, attempt, reason)
  }
}

extension GitError {
  /// Describes the failure that libgit2 has just reported with `status`.
  ///
  /// libgit2 keeps one message per thread and overwrites it with the next failure, so it is read before anything else
  /// is called.
  fileprivate init(status: CInt, _ attempt: () -> String) {
    let last = unsafe git_error_last()
    let message = unsafe last?.pointee.message.map { unsafe String(cString: $0) }
    self.init(Code(status: status), attempt(), message ?? "libgit2 failed with status \(status) and no message")
  }
}

extension GitError.Code {
  fileprivate init(status: CInt) {
    self =
      switch status {
      case GIT_ENOTFOUND.rawValue: .notFound
      case GIT_EEXISTS.rawValue: .alreadyExists
      case GIT_EMODIFIED.rawValue: .changedMeanwhile
      case GIT_ELOCKED.rawValue: .locked
      case GIT_EOWNER.rawValue: .notOwned
      default: .other
      }
  }
}

/// Throws what libgit2 has to say about `status` when it means failure.
///
/// Every status goes through here or through ``found(_:_:absence:)``, right after the call that returned it.
func check(_ status: CInt, _ attempt: @autoclosure () -> String) throws(GitError) {
  guard status < 0 else { return }
  throw GitError(status: status, attempt)
}

/// The ways in which libgit2 says that something does not exist.
struct Absence: OptionSet {
  let rawValue: UInt8

  static let notFound = Absence(rawValue: 1)
  /// What was asked for has no name that anything could have.
  static let invalidName = Absence(rawValue: 2)
  /// It leads to nothing of the kind that was asked for.
  static let otherKind = Absence(rawValue: 4)
  /// There is no further one.
  static let end = Absence(rawValue: 8)

  fileprivate func covers(_ status: CInt) -> Bool {
    switch status {
    case GIT_ENOTFOUND.rawValue: contains(.notFound)
    case GIT_EINVALIDSPEC.rawValue: contains(.invalidName)
    case GIT_EPEEL.rawValue: contains(.otherKind)
    case GIT_ITEROVER.rawValue: contains(.end)
    default: false
    }
  }
}

/// Answers false when `status` is one that says that something does not exist, and throws when it means failure.
func found(
  _ status: CInt, _ attempt: @autoclosure () -> String, absence: Absence = .notFound
) throws(GitError) -> Bool {
  guard !absence.covers(status) else { return false }
  try check(status, attempt())
  return true
}
