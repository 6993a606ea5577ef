/// Why something could not be recorded, joined or reported.
public struct TelemetryError: Error, CustomStringConvertible, Sendable {
  /// What a caller can act on.
  public enum Code: Sendable {
    /// The caller asked for something that cannot be; nothing was written.
    case usage
    /// The repository, the disk or another process stood in the way.
    case environment
  }

  /// What kind of failure it is.
  public let code: Code
  /// A sentence: what could not be done, why, and what to do.
  public let message: String

  /// Creates an error.
  package init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  /// The sentence.
  public var description: String { message }
}

/// Runs `body` and gives what a lower room throws as an error of this one.
///
/// The rooms below say what they could not do in a sentence that needs nothing added.
func environmental<Result: ~Copyable>(_ body: () throws -> Result) throws(TelemetryError) -> Result {
  do {
    return try body()
  } catch let error as TelemetryError {
    throw error
  } catch {
    throw TelemetryError(.environment, "\(error)")
  }
}
