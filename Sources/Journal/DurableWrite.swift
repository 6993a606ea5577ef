internal import Glibc
package import SystemPackage

/// Which file stands at a path, and how much of it there was when it was looked at.
package struct FileIdentity: Equatable, Sendable {
  let inode: Inode
  let device: DeviceID
  let size: Int64

  init(_ status: Stat) {
    inode = status.inode
    device = status.deviceID
    size = status.size
  }

  /// The identity of what stands at `path`; `nil` when nothing does.
  package static func of(_ path: FilePath) -> FileIdentity? {
    FileSystem.status(of: path, followingLink: false).map(FileIdentity.init)
  }
}

/// Replaces files in one step.
package enum DurableWrite {
  /// Whether the new content must survive a crash of the machine before the call returns.
  package enum Durability: Sendable {
    /// Readers see the old content or the new one; after a power cut they may see either.
    case atomic
    /// The new content is on the disk.
    case synchronised
  }

  /// Who may do what with a file that takes the place of another one.
  package enum Permissions: Sendable {
    /// Those who may with the old one; where there is none, those who usually may.
    case asBefore
    /// The usual ones, and whoever may read it may execute it.
    case executable
  }

  /// Replaces the file at `path` by what `write` hands over, piece by piece.
  ///
  /// The bytes go to a temporary file in the same folder, which then takes the path's name; a crash leaves the old file
  /// whole and at worst the temporary one beside it. `expected` is what stood at the path when the new content was
  /// made from it.
  ///
  /// - Throws: ``JournalError`` with `changedMeanwhile` when something else stands there now.
  package static func replace(
    _ path: FilePath, expecting expected: FileIdentity?, _ durability: Durability,
    permissions: Permissions = .asBefore,
    _ write: (_ emit: ([UInt8]) throws(JournalError) -> Void) throws(JournalError) -> Void
  ) throws(JournalError) {
    try replace(
      path, expecting: expected, durability, permissions: permissions,
      filling: { file throws(JournalError) in
        try write { bytes throws(JournalError) in try file.writeAll(bytes) }
      })
  }

  /// Replaces the file at `path` in the same way by what `fill` writes into a new one.
  static func replace(
    _ path: FilePath, expecting expected: FileIdentity?, _ durability: Durability,
    permissions: Permissions = .asBefore,
    filling fill: (borrowing OpenFile) throws(JournalError) -> Void
  ) throws(JournalError) {
    let temporary = temporaryPath(for: path, in: path.enclosingFolder)
    do throws(JournalError) {
      let file = try OpenFile(temporary, .writeOnly, options: [.create, .exclusiveCreate])
      switch permissions {
      case .asBefore: try keepOwnership(of: path, on: file)
      case .executable: try file.makeExecutable()
      }
      try fill(file)
      if durability == .synchronised { try file.synchronise() }
      guard FileIdentity.of(path) == expected else { throw JournalError(.changedMeanwhile, "replace \(path)") }
      try FileSystem.rename(temporary, to: path)
    } catch {
      // The first failure is the one to tell; a temporary file that stays is only litter.
      try? FileSystem.remove(temporary)
      throw error
    }
    if durability == .synchronised { try FileSystem.synchronise(directory: path.enclosingFolder) }
  }

  /// Replaces the file at `path` by `bytes`, whatever stands there.
  ///
  /// The new content is made in `workshop`, if one is given and on the same file system: a folder where git does not
  /// look, so that no temporary file ever gets into anybody's `git add`.
  package static func replace(
    _ path: FilePath, with bytes: [UInt8], workshop: FilePath? = nil
  ) throws(JournalError) {
    if let workshop, try isReplaced(path, with: bytes, from: workshop) { return }
    try replace(path, expecting: FileIdentity.of(path), .atomic) { emit throws(JournalError) in try emit(bytes) }
  }

  /// Creates the file at `path` with `bytes`, whole and lasting from the moment on that it is there.
  ///
  /// - Throws: ``JournalError`` with `system(.fileExists)` when something stands there.
  package static func create(_ path: FilePath, with bytes: [UInt8]) throws(JournalError) {
    let folder = path.enclosingFolder
    let temporary = temporaryPath(for: path, in: folder)
    do {
      let file = try OpenFile(temporary, .writeOnly, options: [.create, .exclusiveCreate])
      try file.writeAll(bytes)
      try file.synchronise()
      try FileSystem.link(temporary, to: path)
    } catch {
      // The first failure is the one to tell; a temporary file that stays is only litter.
      try? FileSystem.remove(temporary)
      throw error
    }
    try FileSystem.remove(temporary)
    try FileSystem.synchronise(directory: folder)
  }

  static func temporaryPath(for path: FilePath, in folder: FilePath) -> FilePath {
    folder.appending(".\(path.lastComponent?.string ?? "").\(getpid()).\(UInt32.random(in: .min ... .max))")
  }

  /// Gives a new file the owner and the permissions of the one that it takes the place of.
  static func keepOwnership(of path: FilePath, on file: borrowing OpenFile) throws(JournalError) {
    guard let status = FileSystem.status(of: path, followingLink: false) else { return }
    guard status.type == .regular else { throw JournalError(.notRegular, "replace \(path)") }
    let own = try file.status
    guard own.userID != status.userID || own.groupID != status.groupID || own.permissions != status.permissions
    else { return }
    // Where these cannot be set the content still can be. The owner comes first: changing it may cost mode bits.
    _ = fchown(file.descriptor.rawValue, status.userID.rawValue, status.groupID.rawValue)
    _ = fchmod(file.descriptor.rawValue, status.permissions.rawValue)
  }
}
