package import SystemPackage

/// The lock that git takes on a file of its own before it writes it: a file beside it, which is there or is not.
///
/// It is given back when it goes out of scope. Other than a ``FileLock`` it outlives a process that is killed; whoever
/// finds one left behind is told which file to delete.
package struct GitFileLock: ~Copyable {
  private let path: FilePath

  /// Takes the lock on the file at `path`.
  ///
  /// - Throws: ``JournalError`` with `system(.fileExists)` when another process has it.
  package init(_ path: FilePath) throws(JournalError) {
    let lock = FilePath(path.string + ".lock")
    _ = try OpenFile(lock, .writeOnly, options: [.create, .exclusiveCreate])
    self.path = lock
  }

  deinit {
    // One that cannot be removed is told by whoever meets it next.
    try? FileSystem.remove(path)
  }
}
