internal import Glibc
package import SystemPackage

// One lock per repository: `flock` on a file in the common git directory, or on the feature's folder outside of a
// repository. The kernel gives it back when its holder ends, however it ends, so there is no stale lock. It keeps our
// own writers from wasting work on each other; what other programs write is guarded by compare-and-swap and by
// checks of size and inode, never by this lock alone.

/// An exclusive lock between processes, held as long as the value lives.
package struct FileLock: ~Copyable {
  private let file: OpenFile

  /// Takes the lock on the file at `path`, which is created, or on the folder that stands there.
  ///
  /// - Throws: ``JournalError`` with `locked` when another process holds it for all of `patience`.
  package init(_ path: FilePath, within patience: Duration) throws(JournalError) {
    let start = ContinuousClock.now
    let deadline = start + patience
    // Waiters ask again after 0.2 ms at first and 8 ms at most, each after a time of its own; who has waited for a
    // second asks more often again, so that those who came later do not keep overtaking. All of them together must not
    // take the processor from the one that they wait for, so asking is one system call, and never more often than that.
    var pause: UInt32 = 200
    var candidate = try FileLock.open(path)
    while true {
      if try candidate.tryLock() {
        if try candidate.isStill(at: path) { break }
        // It was removed, or replaced, before it was locked: nobody else would see this lock.
        candidate = try FileLock.open(path)
      }
      let now = ContinuousClock.now
      guard now < deadline else { throw JournalError(.locked, "take the lock \(path)") }
      usleep(UInt32.random(in: pause / 2...pause))
      pause = now < start + .seconds(1) ? min(pause * 2, 8000) : 3000
    }
    file = candidate
  }

  private static func open(_ path: FilePath) throws(JournalError) -> OpenFile {
    FileSystem.isDirectory(path)
      ? try OpenFile(path, .readOnly, options: [.directory]) : try OpenFile(path, .readWrite, options: [.create])
  }
}

extension OpenFile {
  /// Whether the path still leads to this file.
  func isStill(at path: FilePath) throws(JournalError) -> Bool {
    let own = try status
    // A path that cannot be looked at leads nowhere.
    guard let there = FileSystem.status(of: path, followingLink: false) else { return false }
    return own.linkCount > 0 && there.inode == own.inode && there.deviceID == own.deviceID
  }
}
