package import SystemPackage

/// How far somebody has come in reading a file that others append to and replace.
package struct ReadingMark: Sendable {
  private var identity: FileIdentity?
  private var offset: Int64 = 0

  /// Creates the mark of somebody who has read nothing.
  package init() {}

  /// Reads the whole lines that have come to the file at `path` since the last call.
  ///
  /// They are all of its lines where it has been replaced or cut, and none where there is no file.
  package mutating func linesAdded(to path: FilePath) throws(JournalError) -> [UInt8] {
    guard FileIdentity.of(path) != identity, let file = try OpenFile.ifPresent(path) else { return [] }
    let now = FileIdentity(try file.status)
    if identity?.inode != now.inode || identity?.device != now.device || now.size < offset { offset = 0 }
    identity = now
    let added = try file.read(offset..<now.size)
    // A line that is still being written has its turn when it is whole.
    let whole = added.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    offset += Int64(whole)
    return Array(added[..<whole])
  }
}
