package import Events
package import SystemPackage

// A log is `execution.events.jsonl`: lines as LineScanner describes them, appended by whoever records and rewritten in
// canonical order by a join. Appending keeps to these rules, since the reference, git and people write the file too:
//
//   - one `write` for a line and its end, at the end of the file, so that lines never interleave;
//   - a last line without its end is closed first; it stays as a line of its own and is never glued to ours;
//   - after a short write the file is cut back, but only if it has exactly the size that we left it with; if somebody
//     else appended meanwhile, our fragment is closed by a line end instead;
//   - git replaces files by removing and creating them, so the path is looked at again after the write, and the line is
//     written once more when the file we wrote to is no longer there. A repeat does no harm: readers join by id.

/// The log of one feature in a work tree.
package struct LogFile: Sendable {
  /// The name of a log in its feature's folder.
  package static let name = "execution.events.jsonl"

  /// Where the log is.
  package let path: FilePath

  /// Creates the log of the feature in `folder`.
  package init(in folder: FilePath) {
    path = folder.appending(LogFile.name)
  }

  /// Creates the log at `path`, whatever its name.
  package init(at path: FilePath) { self.path = path }

  /// Appends lines, each given without its end.
  package func append(_ lines: [[UInt8]]) throws(JournalError) {
    for _ in 0..<4 {
      let file = try OpenFile(path, .readWrite, options: [.create, .append])
      try file.requireRegular()
      try LogFile.append(lines, to: file)
      if try file.isStill(at: path) { return }
    }
    throw JournalError(.changedMeanwhile, "append to \(path)")
  }

  static func append(_ lines: [[UInt8]], to file: borrowing OpenFile) throws(JournalError) {
    let size = try file.status.size
    var text: [UInt8] = []
    if size > 0, try file.read(size - 1..<size) != [0x0A] { text.append(0x0A) }
    for line in lines {
      text += line
      text.append(0x0A)
    }
    let written = try file.write(text)
    guard written < text.count else { return }
    if try file.status.size == size + Int64(written) {
      try file.truncate(to: size)
    } else {
      _ = try file.write([0x0A])
    }
    throw JournalError(.incomplete, "append to \(file.path)")
  }

  /// The last whole lines within `bytes` bytes of the end, empty when no line is that short; `nil` when there is no
  /// line at all.
  package func tail(bytes: Int64) throws(JournalError) -> [UInt8]? {
    guard let file = try OpenFile.ifPresent(path) else { return nil }
    let size = try file.status.size
    guard size > 0 else { return nil }
    let tail = try file.read(max(0, size - bytes)..<size)
    guard size > bytes else { return tail }
    return tail.firstIndex(of: 0x0A).map { Array(tail[($0 + 1)...]) } ?? []
  }

  /// A log as it was when it was read.
  package struct Snapshot: Sendable {
    /// The lines.
    package let storage: any LineStorage
    let identity: FileIdentity
  }

  /// Reads the log; `nil` when there is none.
  package func read() throws(JournalError) -> Snapshot? {
    guard let file = try OpenFile.ifPresent(path) else { return nil }
    return Snapshot(storage: try MappedFile(file), identity: FileIdentity(try file.status))
  }

  /// Replaces the log by the written form of `events`, which was made from `snapshot`.
  ///
  /// What another program appends to the old file while it is being replaced is appended to the new one.
  ///
  /// - Throws: ``JournalError`` with `changedMeanwhile` when the log is no longer the one that was read.
  package func replace(
    _ snapshot: Snapshot?, by events: EventSet, with workers: some Workers = Threads()
  ) throws(JournalError) {
    let old = try OpenFile.ifPresent(path)
    try DurableWrite.replace(
      path, expecting: snapshot?.identity, .synchronised,
      filling: { file throws(JournalError) in try LogText(events).write(to: file, by: workers) })
    guard let old, let identity = snapshot?.identity else { return }
    let size = try old.status.size
    guard size > identity.size else { return }
    let late = try old.read(identity.size..<size)
    try append([late.last == 0x0A ? Array(late.dropLast()) : late])
  }
}
