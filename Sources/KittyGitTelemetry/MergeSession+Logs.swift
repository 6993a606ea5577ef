internal import Events
internal import Git
internal import Journal
internal import SystemPackage

// Writing logs and clocks.
extension MergeSession {
  /// Writes a feature's log and clock, and stages them where a merge waits for that; `nil` when there is nothing to.
  mutating func write(
    _ sources: FeatureSources, of feature: FeatureName, in repository: borrowing Repository
  ) throws -> MergeReport.Feature? {
    let folder = workTree.appending(FeatureLocation.root).appending(feature.description)
    let log = LogFile(in: folder)
    let view = ClockFile(in: folder)
    let directory = "\(FeatureLocation.root)/\(feature)/"
    for _ in 0..<4 {
      let snapshot = try log.read()
      let present = snapshot.map { EventSet([$0.storage]) } ?? sources.committed
      let merged = sources.events.joined(with: present)
      let before = try view.read()
      let truth = try journal.clockBasis(of: feature.description)
      let isConflicted =
        try conflict(at: directory + LogFile.name, in: repository) != nil
        || conflict(at: directory + ClockFile.name, in: repository) != nil
      guard !merged.isEmpty || isConflicted else { return nil }
      guard try FileSystem.isDirectory(folder) || !LogVisibility.isSparse(repository) else {
        report.troubles.append(
          "cannot write \(log.path): the sparse checkout leaves it out; run: git sparse-checkout add \(directory)")
        return nil
      }
      let clocks = before.table.joined(with: sources.clocks).joined(with: truth).joined(with: merged.clocks())
      let changesLog = !(snapshot.map { merged.isWritten(in: $0.storage) } ?? false)
      let changesClock = if case .whole(let table) = before { table != clocks } else { true }
      do throws(JournalError) {
        try FileSystem.createDirectories(folder)
        if changesLog, !merged.isEmpty { try log.replace(snapshot, by: merged) }
      } catch {
        guard case .changedMeanwhile = error.code else { throw error }
        continue
      }
      if changesClock { try view.write(clocks, workshop: journal.folder) }
      let basis = before.table.trusted.joined(with: sources.basis).joined(with: truth)
      try journal.store(basis.joined(with: merged.clocks(countingOnly: \.isTrusted)), clockOf: feature.description)
      if isConflicted || isMerging { try stage(directory, in: repository) }
      return MergeReport.Feature(
        feature: feature.description, events: merged.count, added: merged.count - present.count,
        duplicates: snapshot == nil ? 0 : present.duplicates, conflicts: merged.conflictCount,
        newConflicts: max(0, merged.conflictCount - present.conflictRecords), unreadable: merged.unreadableCount,
        clock: clocks, log: log.path, hasChanged: changesLog || changesClock, isResolved: isConflicted)
    }
    throw TelemetryError(
      .environment, "cannot write \(log.path): other programs kept changing it; run merge again")
  }

  /// Stages log and clock, as far as git tracks them: a merge that is being made takes them from the index.
  private func stage(_ directory: String, in repository: borrowing Repository) throws {
    var paths: [String] = []
    for path in [directory + LogFile.name, directory + ClockFile.name] where try repository.isTracked(path) {
      paths.append(path)
    }
    if !paths.isEmpty { try repository.stage(paths) }
  }
}
