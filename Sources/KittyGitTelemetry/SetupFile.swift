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

  /// Brings the block into the file, or takes it out, and returns what became of the file.
  ///
  /// Others may write the file at the same time; it is replaced in one step, and only if it is still what was read.
  func apply(installing: Bool, dryRun: Bool) throws -> SetupReport.Action {
    for _ in 0..<4 {
      let identity = FileIdentity.of(path)
      let before = try OpenFile.ifPresent(path)?.readAll()
      let folder = path.removingLastComponent()
      let hasFolder = FileSystem.isDirectory(folder)
      let after: MarkedBlock.Remainder
      if installing {
        after = MarkedBlock.Remainder(content: block.added(to: before, hasFolder: hasFolder))
      } else {
        after = before.map(block.removed) ?? MarkedBlock.Remainder(content: nil)
      }
      let action: SetupReport.Action =
        if before == after.content { .unchanged } else if before == nil { .created } else if after.content == nil {
          .deleted
        } else {
          .changed
        }
      guard !dryRun, action != .unchanged else { return action }
      do throws(JournalError) {
        if let content = after.content {
          try FileSystem.createDirectories(folder)
          try DurableWrite.replace(path, expecting: identity, .synchronised) { emit throws(JournalError) in
            try emit(content)
          }
        } else {
          try FileSystem.remove(path)
          if after.wasWithoutFolder { try FileSystem.removeEmptyFolder(folder) }
        }
        return action
      } catch {
        guard case .changedMeanwhile = error.code else { throw error }
      }
    }
    throw TelemetryError(.environment, "cannot write \(path): other programs kept changing it; run setup again")
  }
}
