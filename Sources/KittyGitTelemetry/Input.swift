package import Events
internal import Journal
package import SystemPackage

/// What a command is told to read.
///
/// Who waits for a FIFO that nobody writes to, or reads a device, never comes to an end; what a shell hands over as
/// `/dev/fd/…` is a pipe like standard input.
package enum Input {
  /// The bytes of the file `name` below `directory`, or of standard input for `-`.
  ///
  /// - Throws: ``TelemetryError`` with `usage` when it cannot be read.
  package static func bytes(of name: String, from directory: FilePath) throws(TelemetryError) -> [UInt8] {
    try reading(name) {
      guard name != "-" else { return try FileSystem.readToEnd(.standardInput) }
      return try withFile(name, below: directory) { file, _ in
        guard try file.stat().size <= maximumSize else { throw refusal(of: name, "it is longer than 1 GiB") }
        return try FileSystem.readToEnd(file)
      }
    }
  }

  /// The lines of the file `name` below `directory`; a large file is not read into memory.
  ///
  /// - Throws: ``TelemetryError`` with `usage` when it cannot be read.
  package static func lines(of name: String, from directory: FilePath) throws(TelemetryError) -> any LineStorage {
    try reading(name) { try withFile(name, below: directory) { file, path in try MappedFile(file, of: path) } }
  }

  /// How much is read into memory.
  private static let maximumSize: Int64 = 1 << 30

  private static func withFile<Result>(
    _ name: String, below directory: FilePath, _ body: (FileDescriptor, FilePath) throws -> Result
  ) throws -> Result {
    let path = directory.pushing(FilePath(name))
    let isHanded = ["/dev/fd/", "/dev/stdin", "/proc/self/fd/"].contains { path.string.hasPrefix($0) }
    let options: FileDescriptor.OpenOptions = isHanded ? .closeOnExec : [.closeOnExec, .nonBlocking]
    let file = try FileDescriptor.open(path, .readOnly, options: options)
    return try file.closeAfter {
      guard try file.stat().type == .regular || isHanded || path == "/dev/null" else {
        throw refusal(of: name, "it is no regular file")
      }
      return try body(file, path)
    }
  }

  /// Runs what reads `name`, and says what went wrong in terms of it.
  private static func reading<Result>(_ name: String, _ body: () throws -> Result) throws(TelemetryError) -> Result {
    do {
      return try body()
    } catch let error as TelemetryError {
      throw error
    } catch {
      throw refusal(of: name, "\(error)")
    }
  }

  private static func refusal(of name: String, _ reason: String) -> TelemetryError {
    TelemetryError(.usage, "cannot read \(printable(name)): \(reason); give a file that can be read, or -")
  }
}
