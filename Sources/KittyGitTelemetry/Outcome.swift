/// What became of one of several things that were asked for together.
///
/// It is a `Result` whose error needs no looking for: to make a type of that, the runtime searches all conformances of
/// the program for the one of the error, which takes a recorder longer than writing a file.
package enum Outcome<Value> {
  case success(Value)
  case failure(TelemetryError)

  /// What `body` returns or throws.
  init(catching body: () throws(TelemetryError) -> Value) {
    do {
      self = .success(try body())
    } catch {
      self = .failure(error)
    }
  }

  /// Returns what there is, or throws why there is nothing.
  func get() throws(TelemetryError) -> Value {
    switch self {
    case .success(let value): return value
    case .failure(let error): throw error
    }
  }
}

extension Outcome: Sendable where Value: Sendable {}
