package import SystemPackage

/// Why a file of the journal, a log or a clock could not be read or written.
package struct JournalError: Error, CustomStringConvertible {
  /// What a caller can act on.
  package enum Code: Sendable {
    /// Another process held the lock for the whole of the bounded wait.
    case locked
    /// The file was replaced or changed while it was being rewritten.
    case changedMeanwhile
    /// The system refused; the error number says why.
    case system(Errno)
    /// What stands at the path is no regular file.
    case notRegular
    /// The file is longer than such a file can be.
    case tooLong
    /// Only a part of the bytes reached the file.
    case incomplete
  }

  /// What happened.
  package let code: Code
  /// What could not be done, in the words of "cannot …".
  package let attempt: String

  /// Creates an error about an attempt.
  package init(_ code: Code, _ attempt: String) {
    self.code = code
    self.attempt = attempt
  }

  /// The sentence for people.
  package var description: String { "cannot \(attempt): \(reason)" }

  private var reason: String {
    switch code {
    case .locked: "another process holds the lock"
    case .changedMeanwhile: "other programs kept changing it"
    case .system(.tooManySymbolicLinkLevels): "it is a symbolic link, which is not followed; put a file there"
    case .system(let errno): "\(errno)"
    case .notRegular: "it is no regular file; move it away"
    case .tooLong: "it is too long for such a file; move it away"
    case .incomplete: "the disk took only a part of it; free some space"
    }
  }
}

/// Runs `body` and gives its error as one of the journal's, about `attempt`.
func attempting<Result: ~Copyable>(
  _ attempt: @autoclosure () -> String, _ body: () throws -> Result
) throws(JournalError) -> Result {
  do {
    return try body()
  } catch let error as JournalError {
    throw error
  } catch let errno as Errno {
    throw JournalError(.system(errno), attempt())
  } catch {
    // Only `Errno` and `JournalError` leave the calls that are made in this room.
    throw JournalError(.system(.ioError), attempt())
  }
}
