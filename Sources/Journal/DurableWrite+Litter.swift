internal import Glibc
package import SystemPackage

// A process that is killed while it replaces a file leaves the temporary one: `.<name>.<process>.<random number>` beside
// the file, or in the journal's folder. A lock that git or libgit2 takes on a reference stays in the same way. Whoever
// is at work needs neither for longer than a moment, so what nobody has touched for a while belongs to nobody.

extension DurableWrite {
  /// Removes the temporary files that were left in `folder` more than `age` ago, for files whose names `isOurs` knows.
  ///
  /// What cannot be removed is only litter, and stays.
  package static func removeLitter(
    in folder: FilePath, olderThan age: Duration, of isOurs: (Substring) -> Bool = { _ in true }
  ) {
    for name in FileSystem.names(in: folder) {
      guard let target = target(ofTemporary: name), isOurs(target) else { continue }
      let path = folder.appending(name)
      if FileSystem.isUntouched(path, for: age) { try? FileSystem.remove(path) }
    }
  }

  /// The name of the file that a temporary one was to become; `nil` when `name` is not that of a temporary file.
  private static func target(ofTemporary name: String) -> Substring? {
    guard name.hasPrefix(".") else { return nil }
    var rest = name.dropFirst()
    for _ in ["random number", "process"] {
      guard let dot = rest.lastIndex(of: ".") else { return nil }
      let number = rest[rest.index(after: dot)...]
      guard !number.isEmpty, number.utf8.allSatisfy({ 0x30...0x39 ~= $0 }) else { return nil }
      rest = rest[..<dot]
    }
    return rest.isEmpty ? nil : rest
  }
}

extension CommonJournal {
  /// Removes the temporary files that killed processes left here more than `age` ago.
  package func removeLitter(olderThan age: Duration) {
    for place in [folder] + ["clocks", "late", "settled", "squashes", "views"].map({ folder.appending($0) }) {
      DurableWrite.removeLitter(in: place, olderThan: age)
    }
  }
}

extension FileSystem {
  /// Whether a regular file stands at `path` that nobody has written to, or replaced, for `age`.
  package static func isUntouched(_ path: FilePath, for age: Duration) -> Bool {
    guard let status = FileSystem.status(of: path, followingLink: false), status.type == .regular else { return false }
    return Int64(time(nil)) - Int64(status.st_mtim.tv_sec) > age.components.seconds
  }

  /// Removes the file at `path` if nobody has touched it for `age`, nor does while we look; answers whether it did.
  package static func removeAbandoned(_ path: FilePath, after age: Duration) throws(JournalError) -> Bool {
    guard isUntouched(path, for: age) else { return false }
    let before = appearance(of: path)
    usleep(20_000)
    guard appearance(of: path) == before else { return false }
    try remove(path)
    return true
  }
}
