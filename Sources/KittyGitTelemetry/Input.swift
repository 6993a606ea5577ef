package import Events
internal import Journal
package import SystemPackage

/// What a command is told to read.
package enum Input {
  /// The bytes of the file `name` below `directory`, or of standard input for `-`.
  ///
  /// - Throws: ``TelemetryError`` with `usage` when it cannot be read.
  package static func bytes(of name: String, from directory: FilePath) throws(TelemetryError) -> [UInt8] {
    do {
      guard name != "-" else { return try FileSystem.readToEnd(.standardInput) }
      let file = try FileDescriptor.open(directory.pushing(FilePath(name)), .readOnly, options: .closeOnExec)
      return try file.closeAfter { try FileSystem.readToEnd(file) }
    } catch {
      throw TelemetryError(.usage, "cannot read \(printable(name)): \(error); give a file that can be read, or -")
    }
  }

  /// The lines of the file `name` below `directory`; a large file is not read into memory.
  ///
  /// - Throws: ``TelemetryError`` with `usage` when it cannot be read.
  package static func lines(of name: String, from directory: FilePath) throws(TelemetryError) -> any LineStorage {
    let path = directory.pushing(FilePath(name))
    do {
      let file = try FileDescriptor.open(path, .readOnly, options: .closeOnExec)
      return try file.closeAfter { try MappedFile(file, of: path) }
    } catch {
      throw TelemetryError(.usage, "cannot read \(printable(name)): \(error); give a file that can be read, or -")
    }
  }
}
