internal import CSystemCalls
internal import Glibc
internal import SystemPackage

// ext4 brings a new file to the disk as soon as it takes the name of another one, and who renames it waits for that: a
// third of a millisecond, most of what recording an event takes. Not so when two files exchange their names. So a small
// file that is replaced again and again exchanges its name with a spare one, which is what it was the time before last,
// written over. Readers see the old content or the new one, as after a rename.

extension DurableWrite {
  /// The name of the spare file in a workshop.
  static let spareName = "spare"

  /// Replaces the file at `path` by one from `workshop`; `false` when that is on another file system.
  ///
  /// The caller holds a lock on the workshop: two of them would write over the same spare file.
  static func isReplaced(
    _ path: FilePath, with bytes: [UInt8], from workshop: FilePath
  ) throws(JournalError) -> Bool {
    let spare = workshop.appending(spareName)
    if try isExchanged(path, with: spare, holding: bytes) { return true }
    let temporary = temporaryPath(for: path, in: workshop)
    do {
      let file = try OpenFile(temporary, .writeOnly, options: [.create, .exclusiveCreate])
      try keepOwnership(of: path, on: file)
      try file.overwrite(with: bytes)
      if FileSystem.exchange(temporary, path) {
        // Without a spare the next one makes a new file, as the first one did.
        do { try FileSystem.rename(temporary, to: spare) } catch { try? FileSystem.remove(temporary) }
      } else {
        try FileSystem.rename(temporary, to: path)
      }
      return true
    } catch {
      // The first failure is the one to tell; a temporary file that stays is only litter.
      try? FileSystem.remove(temporary)
      if case .system(.improperLink) = error.code { return false }
      throw error
    }
  }

  /// Whether the file at `path` has exchanged its name with the spare one, written over by `bytes`; not so where there
  /// is no spare, or it is longer, or has another name somewhere.
  private static func isExchanged(
    _ path: FilePath, with spare: FilePath, holding bytes: [UInt8]
  ) throws(JournalError) -> Bool {
    // What stands in its place and cannot be opened is no spare.
    guard let file = (try? OpenFile.ifPresent(spare, .writeOnly)) ?? nil, let status = try? file.status,
      status.linkCount == 1, status.size <= bytes.count
    else { return false }
    try keepOwnership(of: path, on: file)
    try file.overwrite(with: bytes)
    return FileSystem.exchange(spare, path)
  }
}

extension FileSystem {
  /// Whether the files at both paths have taken each other's names; not so where one is missing, or the file system
  /// cannot do it.
  static func exchange(_ one: FilePath, _ other: FilePath) -> Bool {
    unsafe one.withPlatformString { one in
      unsafe other.withPlatformString { other in
        unsafe exchange_names(one, other) == 0
      }
    }
  }
}
