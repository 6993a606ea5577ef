internal import CSystemCalls
internal import Glibc
package import SystemPackage

/// Sole ownership of an open file, closed when it goes out of scope.
package struct OpenFile: ~Copyable {
  /// The path that was opened, for messages.
  package let path: FilePath
  let descriptor: FileDescriptor

  /// Opens the file at `path`; a symbolic link in its last component is refused, and a FIFO does not block.
  package init(
    _ path: FilePath, _ mode: FileDescriptor.AccessMode,
    options: FileDescriptor.OpenOptions = [.closeOnExec]
  ) throws(JournalError) {
    self.path = path
    // The system does not say whether it made the file or found it, as it mostly does.
    if options.contains(.create), !options.contains(.exclusiveCreate),
      let descriptor = try OpenFile.openIfPresent(path, mode, options.subtracting(.create))
    {
      self.descriptor = descriptor
      return
    }
    descriptor = try OpenFile.open(path, mode, options)
    if options.contains(.create) { share() }
  }

  private static func openIfPresent(
    _ path: FilePath, _ mode: FileDescriptor.AccessMode, _ options: FileDescriptor.OpenOptions
  ) throws(JournalError) -> FileDescriptor? {
    do {
      return try open(path, mode, options)
    } catch {
      if case .system(.noSuchFileOrDirectory) = error.code { return nil }
      throw error
    }
  }

  private static func open(
    _ path: FilePath, _ mode: FileDescriptor.AccessMode, _ options: FileDescriptor.OpenOptions
  ) throws(JournalError) -> FileDescriptor {
    try attempting("open \(path)") {
      try FileDescriptor.open(
        path, mode, options: options.union([.noFollow, .closeOnExec, .nonBlocking]),
        permissions: options.contains(.create) ? [.ownerReadWrite, .groupReadWrite, .otherReadWrite] : nil)
    }
  }

  /// Gives a file that was just made in a shared folder to the folder's group.
  private func share() {
    guard let own = try? descriptor.stat(), own.size == 0, own.type == .regular,
      let shared = FileSystem.sharedPermissions(of: path.enclosingFolder)
    else { return }
    // Whoever may not set them has a file of somebody else's before them.
    _ = fchmod(descriptor.rawValue, shared & 0o666)
  }

  /// Opens the file at `path`; `nil` when there is none.
  package static func ifPresent(
    _ path: FilePath, _ mode: FileDescriptor.AccessMode = .readOnly
  ) throws(JournalError) -> OpenFile? {
    do {
      let file = try OpenFile(path, mode)
      try file.requireRegular()
      return file
    } catch {
      if case .system(let errno) = error.code, errno == .noSuchFileOrDirectory || errno == .notDirectory { return nil }
      throw error
    }
  }

  deinit {
    // A failed close loses nothing here: what must last has been synchronised before.
    try? descriptor.close()
  }

  /// What the system knows of the file.
  package var status: Stat {
    get throws(JournalError) {
      try attempting("look at \(path)") { try descriptor.stat() }
    }
  }

  /// When the file was last written, in microseconds since 1970.
  package var modificationTime: Int64 {
    get throws(JournalError) {
      let time = try status.st_mtim
      return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
    }
  }

  /// Throws when the file is a folder, a device, a FIFO or a socket.
  package func requireRegular() throws(JournalError) {
    guard try status.type == .regular else { throw JournalError(.notRegular, "use \(path)") }
  }

  /// Writes with one call and returns how many bytes the system took.
  func write(_ bytes: [UInt8]) throws(JournalError) -> Int {
    try attempting("write to \(path)") {
      try unsafe bytes.withUnsafeBytes { unsafe try descriptor.write(UnsafeRawBufferPointer($0)) }
    }
  }

  /// Puts `bytes` in place of what the file begins with.
  func overwrite(with bytes: [UInt8]) throws(JournalError) {
    try unsafe write(all: bytes) { offset, rest in try unsafe descriptor.write(toAbsoluteOffset: Int64(offset), rest) }
  }

  /// Writes all of `bytes`, with as many calls as it takes.
  func writeAll(_ bytes: [UInt8]) throws(JournalError) {
    try unsafe write(all: bytes) { _, rest in try unsafe descriptor.write(rest) }
  }

  /// Calls `write` with what has not been written yet, and where that begins, until nothing is left.
  ///
  /// What swift-system has for this is generic over the bytes and its error; to make those types takes the runtime longer
  /// than the system takes to write.
  private func write(
    all bytes: [UInt8], _ write: (_ offset: Int, _ rest: UnsafeRawBufferPointer) throws -> Int
  ) throws(JournalError) {
    try attempting("write to \(path)") {
      try unsafe bytes.withUnsafeBytes { bytes in
        var done = 0
        while done < bytes.count {
          done += try unsafe write(done, UnsafeRawBufferPointer(rebasing: bytes[done...]))
        }
      }
    }
  }

  /// The bytes of `range`, or fewer where the file ends.
  func read(_ range: Range<Int64>) throws(JournalError) -> [UInt8] {
    let count = Int(range.upperBound - range.lowerBound)
    return try attempting("read \(path)") {
      try unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
        while filled < count {
          let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...])
          let taken = try unsafe descriptor.read(fromAbsoluteOffset: range.lowerBound + Int64(filled), into: rest)
          if taken == 0 { break }
          filled += taken
        }
      }
    }
  }

  /// Puts the bytes of `range`, or fewer where the file ends, in place of what is in `buffer`.
  func read(_ range: Range<Int64>, into buffer: inout [UInt8]) throws(JournalError) {
    let count = Int(range.upperBound - range.lowerBound)
    if buffer.count < count { buffer += [UInt8](repeating: 0, count: count - buffer.count) }
    var filled = 0
    try attempting("read \(path)") {
      try unsafe buffer.withUnsafeMutableBytes { buffer in
        while filled < count {
          let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[filled..<count])
          let taken = try unsafe descriptor.read(fromAbsoluteOffset: range.lowerBound + Int64(filled), into: rest)
          if taken == 0 { break }
          filled += taken
        }
      }
    }
    buffer.removeSubrange(filled...)
  }

  /// All bytes of the file.
  ///
  /// - Throws: ``JournalError`` with `tooLong` for more than `limit`: a file may say that it has terabytes.
  package func readAll(atMost limit: Int64 = 1 << 30) throws(JournalError) -> [UInt8] {
    let size = try status.size
    guard size <= limit else { throw JournalError(.tooLong, "read \(path)") }
    return try read(0..<size)
  }

  /// The last `count` bytes of the file, or all of it.
  package func tail(bytes count: Int64) throws(JournalError) -> [UInt8] {
    let size = try status.size
    return try read(max(0, size - count)..<size)
  }

  /// Lets whoever may read the file execute it.
  func makeExecutable() throws(JournalError) {
    let permissions = try status.permissions
    let readers = permissions.rawValue & 0o444
    guard fchmod(descriptor.rawValue, permissions.rawValue | readers >> 2) == 0 else {
      throw JournalError(.system(Errno(rawValue: errno)), "make \(path) executable")
    }
  }

  /// Cuts the file to `size` bytes.
  func truncate(to size: Int64) throws(JournalError) {
    try attempting("shorten \(path)") { try descriptor.resize(to: size) }
  }

  /// Has the disk begin with what was written from `offset` on, and does not wait for it.
  func beginToStore(from offset: Int64) { begin_to_store(descriptor.rawValue, offset, 0) }

  /// Makes the bytes written so far survive a crash of the machine.
  func synchronise() throws(JournalError) {
    var status = fdatasync(descriptor.rawValue)
    while status != 0, errno == EINTR { status = fdatasync(descriptor.rawValue) }
    guard status == 0 else {
      // Some file systems have nothing to synchronise and say so.
      guard errno == EINVAL || errno == EROFS else {
        throw JournalError(.system(Errno(rawValue: errno)), "synchronise \(path)")
      }
      return
    }
  }

  /// Takes the exclusive lock of the file if nobody holds it.
  func tryLock() throws(JournalError) -> Bool {
    guard flock(descriptor.rawValue, LOCK_EX | LOCK_NB) == 0 else {
      guard errno == EWOULDBLOCK || errno == EINTR else {
        throw JournalError(.system(Errno(rawValue: errno)), "lock \(path)")
      }
      return false
    }
    return true
  }
}
