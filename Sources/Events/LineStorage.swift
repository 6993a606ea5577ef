/// Bytes that lines are read from and that stay as they are: a file mapped into memory, a blob, a buffer.
///
/// A set of events keeps references into its sources instead of copies, so that a join of large logs needs a few dozen
/// bytes of memory a line.
package protocol LineStorage: AnyObject, Sendable {
  /// Calls `body` with the bytes.
  func withBytes<Result, Failure>(
    _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result
}

/// Lines in memory.
package final class LineBuffer: LineStorage {
  private let bytes: [UInt8]

  /// Creates a storage of `bytes`.
  package init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Creates a storage of lines, each of which is given without its end.
  package convenience init(lines: [[UInt8]]) {
    self.init(lines.reduce(into: []) { $0 += $1 + [0x0A] })
  }

  package func withBytes<Result, Failure>(
    _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let bytes = bytes
    return try body(bytes.span)
  }
}
