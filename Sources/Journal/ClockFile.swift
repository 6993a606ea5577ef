package import Events
package import SystemPackage

/// A file of clock values: the view in a feature's folder, or what the common git directory knows of a feature.
package struct ClockFile: Sendable {
  /// The name of the view in a feature's folder.
  package static let name = ".telemetry-clock.json"

  /// Where the file is.
  package let path: FilePath

  /// Creates the clock file at `path`.
  package init(_ path: FilePath) { self.path = path }

  /// Creates the view of the feature in `folder`.
  package init(in folder: FilePath) { path = folder.appending(ClockFile.name) }

  /// What the file says.
  package enum Content: Sendable {
    /// There is no file.
    case absent
    /// The file is one whole object.
    case whole(ClockTable)
    /// The file is torn, or holds the sides of a conflict; this much could be read.
    case broken(ClockTable)

    /// What could be read.
    package var table: ClockTable {
      switch self {
      case .absent: ClockTable()
      case .whole(let table), .broken(let table): table
      }
    }
  }

  /// Reads the file.
  package func read() throws(JournalError) -> Content {
    guard let file = try OpenFile.ifPresent(path) else { return .absent }
    let reading = ClockTable.read(try file.readAll(atMost: 16 << 20))
    return reading.isWhole ? .whole(reading.table) : .broken(reading.table)
  }

  /// Replaces the file by `table`.
  ///
  /// Readers never see half of it. A power cut may undo it: the log and the journal tell what it said.
  package func write(_ table: ClockTable, workshop: FilePath? = nil) throws(JournalError) {
    try DurableWrite.replace(path, with: table.bytes, workshop: workshop)
  }
}
