/// Who does two pieces of work; whether at once is up to them, and makes no difference to what comes out.
package protocol Workers: Sendable {
  /// Does both and returns when both are done.
  func both<First: Sendable, Second: Sendable>(
    _ first: @escaping @Sendable () -> First, _ second: @escaping @Sendable () -> Second
  ) -> (First, Second)

  /// Whether it is worth it to cut work on so many bytes in two.
  func share(_ bytes: Int) -> Bool
}

/// One thing after the other.
package struct OneWorker: Workers {
  /// Creates the worker.
  package init() {}

  package func both<First: Sendable, Second: Sendable>(
    _ first: @escaping @Sendable () -> First, _ second: @escaping @Sendable () -> Second
  ) -> (First, Second) { (first(), second()) }

  package func share(_ bytes: Int) -> Bool { false }
}
