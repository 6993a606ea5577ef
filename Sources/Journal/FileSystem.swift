internal import Glibc
package import SystemPackage

/// The system calls on paths that this project needs and swift-system does not offer.
package enum FileSystem {
  /// Creates the folder at `path` and those above it that do not exist; `synchronised` ones survive a crash.
  package static func createDirectories(_ path: FilePath, synchronised: Bool = false) throws(JournalError) {
    if isDirectory(path) { return }
    let parent = path.enclosingFolder
    if !parent.isEmpty, parent != path { try createDirectories(parent, synchronised: synchronised) }
    let status = unsafe path.withPlatformString { unsafe mkdir($0, 0o777) }
    // Another process may have been faster.
    guard status == 0 || isDirectory(path) else { throw failure("create the folder \(path)") }
    if status == 0, let shared = sharedPermissions(of: parent) {
      guard unsafe path.withPlatformString({ unsafe chmod($0, shared) }) == 0 else { throw failure("share \(path)") }
    }
    if synchronised { try synchronise(directory: parent.isEmpty ? "." : parent) }
  }

  /// The permissions of the folder at `path` if it is shared by a group, `nil` if not.
  ///
  /// Such a folder hands its group on to what is made in it, and lets the group write: so git makes the folders of a
  /// repository with `core.sharedRepository`, whatever the users' masks say.
  static func sharedPermissions(of path: FilePath) -> mode_t? {
    guard let mode = status(of: path)?.permissions.rawValue, mode & 0o2020 == 0o2020 else { return nil }
    return mode
  }

  /// What the system knows of what stands at `path`; `nil` when nothing does, or nobody may look.
  ///
  /// What swift-system has for this is generic over its error; to make that type takes the runtime longer than looking.
  static func status(of path: FilePath, followingLink: Bool = true) -> Stat? {
    var status = Glibc.stat()
    let result = unsafe path.withPlatformString {
      followingLink ? unsafe stat($0, &status) : unsafe lstat($0, &status)
    }
    return result == 0 ? Stat(rawValue: status) : nil
  }

  /// Whether a folder stands at `path`, also through a symbolic link.
  package static func isDirectory(_ path: FilePath) -> Bool {
    status(of: path)?.type == .directory
  }

  /// Whether anything stands at `path`.
  package static func exists(_ path: FilePath) -> Bool {
    status(of: path, followingLink: false) != nil
  }

  /// Which file stands at `path` and when it was written last, as text that another state of it does not have.
  static func appearance(of path: FilePath) -> String {
    guard let status = status(of: path, followingLink: false) else { return "none" }
    let written = status.st_mtim
    return "\(status.inode.rawValue) \(status.size) \(written.tv_sec).\(written.tv_nsec)"
  }

  /// The same of a file that nobody has touched for a moment; `nil` of another one, and where there is none.
  ///
  /// Who writes to a file twice within a tick of the system's clock does not change how it looks; after a while any
  /// further change does, also one whose writer sets the time back.
  package static func lastingAppearance(of path: FilePath) -> String? {
    guard let status = status(of: path, followingLink: false) else { return nil }
    let changed = status.st_ctim
    guard abs(Int64(time(nil)) - Int64(changed.tv_sec)) > 1 else { return nil }
    return "\(appearance(of: path)) \(changed.tv_sec).\(changed.tv_nsec) \(status.deviceID.rawValue)"
  }

  /// Removes the file at `path`; none there is no failure.
  package static func remove(_ path: FilePath) throws(JournalError) {
    let status = unsafe path.withPlatformString { unsafe unlink($0) }
    guard status == 0 || errno == ENOENT else { throw failure("remove \(path)") }
  }

  /// Removes the folder at `path` if there is nothing in it; another, or none, is no failure.
  package static func removeEmptyFolder(_ path: FilePath) throws(JournalError) {
    let status = unsafe path.withPlatformString { unsafe rmdir($0) }
    guard status == 0 || [ENOENT, ENOTEMPTY, EEXIST].contains(errno) else { throw failure("remove the folder \(path)") }
  }

  /// Gives the file at `source` the name `target` in one step; a file of that name is gone afterwards.
  package static func rename(_ source: FilePath, to target: FilePath) throws(JournalError) {
    let status = unsafe source.withPlatformString { old in
      unsafe target.withPlatformString { new in unsafe Glibc.rename(old, new) }
    }
    guard status == 0 else { throw failure("replace \(target)") }
  }

  /// Gives the file at `source` the second name `target`, which must not exist.
  package static func link(_ source: FilePath, to target: FilePath) throws(JournalError) {
    let status = unsafe source.withPlatformString { old in
      unsafe target.withPlatformString { new in unsafe Glibc.link(old, new) }
    }
    guard status == 0 else { throw failure("create \(target)") }
  }

  /// Creates a symbolic link at `path` that says `target`.
  package static func link(_ path: FilePath, saying target: FilePath) throws(JournalError) {
    let status = unsafe target.withPlatformString { text in
      unsafe path.withPlatformString { name in unsafe symlink(text, name) }
    }
    guard status == 0 else { throw failure("create \(path)") }
  }

  /// What the symbolic link at `path` says; `nil` when none stands there.
  package static func target(ofLink path: FilePath) -> FilePath? {
    var text = [CChar](repeating: 0, count: Int(PATH_MAX))
    let length = unsafe path.withPlatformString { name in unsafe readlink(name, &text, text.count) }
    guard length > 0 else { return nil }
    return FilePath(String(decoding: text[..<length].map(UInt8.init(bitPattern:)), as: UTF8.self))
  }

  /// Whether the file at `path` may be executed by its owner, also through a symbolic link.
  package static func isExecutable(_ path: FilePath) -> Bool {
    guard let status = status(of: path), status.type == .regular else { return false }
    return status.permissions.contains(.ownerExecute)
  }

  /// The names of what stands in the folder at `path`, in no order; none when there is no such folder.
  package static func names(in path: FilePath) -> [String] {
    var names: [String] = []
    guard let stream = unsafe path.withPlatformString({ unsafe opendir($0) }) else { return names }
    while let entry = unsafe readdir(stream) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    unsafe closedir(stream)
    return names
  }

  /// The bytes that `descriptor` still gives, about as many as `expected`, from where it stands; it may be a pipe.
  package static func readToEnd(
    _ descriptor: FileDescriptor, expecting expected: Int = 0
  ) throws(JournalError) -> [UInt8] {
    try attempting("read to the end") {
      // What is expected is read to where it stays. A file that has grown meanwhile, or a pipe, goes on in pieces.
      var isAtEnd = false
      var bytes = try unsafe [UInt8](unsafeUninitializedCapacity: expected > 0 ? expected + 1 : 1 << 16) {
        buffer, filled in
        while filled < buffer.count, !isAtEnd {
          let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...])
          let count = try unsafe descriptor.read(into: rest)
          isAtEnd = count == 0
          filled += count
        }
      }
      if isAtEnd { return bytes }
      var chunk = [UInt8](repeating: 0, count: 1 << 16)
      while true {
        let count = try unsafe chunk.withUnsafeMutableBytes { try unsafe descriptor.read(into: $0) }
        if count == 0 { return bytes }
        bytes += chunk[..<count]
      }
    }
  }

  /// Makes the names in the folder at `path` survive a crash of the machine.
  static func synchronise(directory path: FilePath) throws(JournalError) {
    let folder = try OpenFile(path, .readOnly, options: [.directory, .closeOnExec])
    try folder.synchronise()
  }

  private static func failure(_ attempt: String) -> JournalError {
    JournalError(.system(Errno(rawValue: errno)), attempt)
  }
}

extension FileSystem {
  /// `path` as an absolute path without symbolic links, as far as it exists; the rest of it follows as it is.
  package static func resolved(_ path: FilePath) -> FilePath {
    var existing = path.isEmpty ? FilePath(".") : path
    var missing: [FilePath.Component] = []
    while true {
      let real = unsafe existing.withPlatformString { name -> FilePath? in
        guard let resolved = unsafe realpath(name, nil) else { return nil }
        defer { unsafe free(resolved) }
        return unsafe FilePath(platformString: resolved)
      }
      if let real { return real.appending(missing.reversed()) }
      guard let last = existing.removingLastElement() else { return path }
      missing.append(last)
    }
  }
}

extension FilePath {
  /// The folder that the path is in, as `removingLastComponent` gives it; empty for a relative path of one component.
  ///
  /// That goes through generic collections, and to make their types takes the runtime longer than to write a file.
  var enclosingFolder: FilePath {
    unsafe withPlatformString { name in
      guard let slash = unsafe strrchr(name, CInt(UInt8(ascii: "/"))) else { return FilePath() }
      let length = unsafe slash - UnsafeMutablePointer(mutating: name)
      let folder = unsafe UnsafeBufferPointer(start: name, count: max(length, 1))
      return unsafe FilePath(platformString: Array(folder) + [0])
    }
  }

  /// Removes the last component and returns it, leaving `.` where a relative path would become empty.
  fileprivate mutating func removingLastElement() -> Component? {
    guard let last = lastComponent, last.kind == .regular || last.kind == .parentDirectory else { return nil }
    removeLastComponent()
    if isEmpty { self = "." }
    return last
  }
}
