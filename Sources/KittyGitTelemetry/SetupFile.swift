internal import Journal
internal import SystemPackage

/// A file that setup has a block in.
struct SetupFile {
  /// Where the file is.
  let path: FilePath
  /// The block.
  let block: MarkedBlock
  /// What the block is for, in the report.
  let purpose: String
  /// Who may execute the file.
  var permissions = DurableWrite.Permissions.asBefore
  /// Whether git locks the file before it writes it.
  var isLockedByGit = false

  /// Whether the file has the block as it is to be.
  var isCurrent: Bool {
    get throws(JournalError) { try content().map(block.isCurrent) ?? false }
  }

  /// Whether the file has the block in any form.
  var isPresent: Bool {
    get throws(JournalError) { try content().map(block.isPresent) ?? false }
  }

  func content() throws(JournalError) -> [UInt8]? { try OpenFile.ifPresent(path)?.readAll() }

  /// Brings the block into the file, or takes it out, and returns what became of the file.
  ///
  /// Others may write the file at the same time; it is replaced in one step, and only if it is still what was read.
  func apply(installing: Bool, dryRun: Bool) throws -> SetupReport.Action {
    for _ in 0..<4 {
      let (before, after) = try change(installing: installing)
      let action = SetupReport.Action(from: before, to: after.content)
      guard !dryRun, action != .unchanged else { return action }
      let lock = try gitLock()
      let identity = FileIdentity.of(path)
      // Only under the lock is what was read what will be replaced.
      guard try content() == before else { continue }
      do throws(JournalError) {
        try write(after, over: identity)
        _ = consume lock
        return action
      } catch {
        guard case .changedMeanwhile = error.code else { throw error }
      }
    }
    throw TelemetryError(.environment, "cannot write \(path): other programs kept changing it; run setup again")
  }

  private func change(installing: Bool) throws(JournalError) -> (before: [UInt8]?, after: MarkedBlock.Remainder) {
    let before = try content()
    guard installing else { return (before, before.map(block.removed) ?? MarkedBlock.Remainder(content: nil)) }
    let hasFolder = FileSystem.isDirectory(path.removingLastComponent())
    return (before, MarkedBlock.Remainder(content: block.added(to: before, hasFolder: hasFolder)))
  }

  private func gitLock() throws -> GitFileLock? {
    guard isLockedByGit else { return nil }
    do throws(JournalError) {
      return try GitFileLock(path)
    } catch {
      guard case .system(.fileExists) = error.code else { throw error }
      throw TelemetryError(
        .environment,
        "cannot write \(path): git is writing it; run setup again, and if no git command is running, delete \(path).lock"
      )
    }
  }

  private func write(_ after: MarkedBlock.Remainder, over identity: FileIdentity?) throws(JournalError) {
    let folder = path.removingLastComponent()
    guard let content = after.content else {
      try FileSystem.remove(path)
      if after.wasWithoutFolder { try FileSystem.removeEmptyFolder(folder) }
      return
    }
    try FileSystem.createDirectories(folder)
    try DurableWrite.replace(
      path, expecting: identity, .synchronised, permissions: permissions
    ) { emit throws(JournalError) in try emit(content) }
  }
}

extension SetupReport.Action {
  fileprivate init(from before: [UInt8]?, to after: [UInt8]?) {
    self =
      switch (before, after) {
      case let (before, after) where before == after: .unchanged
      case (nil, _): .created
      case (_, nil): .deleted
      default: .changed
      }
  }
}
