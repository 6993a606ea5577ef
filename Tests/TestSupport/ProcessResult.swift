/// What a program did.
package struct ProcessResult: Sendable {
  /// Its exit status, or the signal that ended it.
  package let status: Int32
  /// What it wrote to standard output.
  package let output: [UInt8]
  /// What it wrote to standard error.
  package let errors: [UInt8]

  /// Creates what a program did that something else ran.
  package init(status: Int32, output: [UInt8], errors: [UInt8]) {
    self.status = status
    self.output = output
    self.errors = errors
  }

  /// Standard output as text.
  package var outputText: String { String(decoding: output, as: UTF8.self) }
  /// Standard error as text.
  package var errorText: String { String(decoding: errors, as: UTF8.self) }
}

/// A program that was expected to succeed and did not.
package struct ProcessFailure: Error, CustomStringConvertible {
  /// The command line.
  package let command: String
  /// What it did instead.
  package let result: ProcessResult

  /// Creates a failure.
  package init(command: String, result: ProcessResult) {
    self.command = command
    self.result = result
  }

  package var description: String { "\(command) exited with \(result.status): \(result.errorText)" }
}
