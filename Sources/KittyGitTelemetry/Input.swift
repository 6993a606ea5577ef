internal import Journal
package import SystemPackage

/// What a command is told to read.
package enum Input {
  /// The bytes of the file `name` below `directory`, or of standard input for `-`.
  ///
  /// Who waits for a FIFO that nobody writes to, or reads a device, never comes to an end; what a shell hands over as
  /// `/dev/fd/…` is a pipe like standard input.
  ///
  /// - Throws: ``TelemetryError`` with `usage` when it cannot be read.
  package static func bytes(of name: String, from directory: FilePath) throws(TelemetryError) -> [UInt8] {
    func refusal(_ reason: String) -> TelemetryError {
      TelemetryError(.usage, "cannot read \(printable(name)): \(reason); give a file that can be read, or -")
    }
    do {
      guard name != "-" else { return try FileSystem.readToEnd(.standardInput) }
      let path = directory.pushing(FilePath(name))
      let isHanded = ["/dev/fd/", "/dev/stdin", "/proc/self/fd/"].contains { path.string.hasPrefix($0) }
      let file = try FileDescriptor.open(
        path, .readOnly, options: isHanded ? .closeOnExec : [.closeOnExec, .nonBlocking])
      return try file.closeAfter {
        let status = try file.stat()
        guard status.type == .regular || isHanded || path == "/dev/null" else {
          throw refusal("it is no regular file")
        }
        guard status.size <= maximumSize else { throw refusal("it is longer than 1 GiB") }
        return try FileSystem.readToEnd(file)
      }
    } catch let error as TelemetryError {
      throw error
    } catch {
      throw refusal("\(error)")
    }
  }

  /// How much is read into memory.
  private static let maximumSize: Int64 = 1 << 30
}
