internal import Events
internal import Git
internal import Journal
internal import SystemPackage

// Writing logs and clocks.
extension MergeSession {
  /// Makes a feature's log and clock what they shall be, and stages them where a merge waits for that; `nil` when there
  /// is nothing to join.
  mutating func joined(
    _ sources: FeatureSources, of feature: FeatureName, in repository: borrowing Repository
  ) throws -> FeaturePlan? {
    for _ in 0..<4 {
      guard let plan = try plan(sources, of: feature, in: repository) else { return nil }
      if scope.isPreview { return plan }
      do throws(JournalError) {
        try FileSystem.createDirectories(plan.folder)
        if plan.changesLog { try LogFile(in: plan.folder).replace(plan.snapshot, by: plan.merged) }
      } catch {
        guard case .changedMeanwhile = error.code else { throw error }
        continue
      }
      if plan.changesClock { try ClockFile(in: plan.folder).write(plan.clock, workshop: journal.folder) }
      try journal.store(plan.basis, clockOf: feature.description)
      if plan.isConflicted || isMerging { try stage(directory(of: feature), in: repository) }
      return plan
    }
    throw TelemetryError(
      .environment,
      "cannot write the log of \(printable(feature.description)): other programs kept changing it; run merge again")
  }

  /// A feature's folder below the top of a work tree, with a slash at its end.
  func directory(of feature: FeatureName) -> String { "\(FeatureLocation.root)/\(feature)/" }

  /// What a feature's log and clock shall be; `nil` when there is nothing to join.
  private mutating func plan(
    _ sources: FeatureSources, of feature: FeatureName, in repository: borrowing Repository
  ) throws -> FeaturePlan? {
    let directory = directory(of: feature)
    let folder = (workTree ?? "").appending(FeatureLocation.root).appending(feature.description)
    let snapshot = try workTree == nil ? nil : LogFile(in: folder).read()
    let present = snapshot.map { EventSet([$0.storage]) } ?? sources.committed
    let merged = sources.events.joined(with: present)
    let before = try workTree == nil ? sources.committedClock : ClockFile(in: folder).read()
    let truth = try journal.clockBasis(of: feature.description)
    let isConflicted = try workTree != nil && isConflicted(directory, in: repository)
    guard !merged.isEmpty || isConflicted else { return nil }
    if let workTree, !FileSystem.isDirectory(folder), try LogVisibility.isSparse(repository) {
      report.troubles.append(
        "cannot write \(folder.appending(LogFile.name)): the sparse checkout leaves it out; "
          + "run: git -C \(workTree) sparse-checkout add \(directory)")
      return nil
    }
    let logged = merged.clocks()
    return FeaturePlan(
      feature: feature, folder: folder, snapshot: snapshot, present: present, merged: merged, clockBefore: before,
      clock: before.table.joined(with: sources.clocks).joined(with: truth).joined(with: logged),
      basis: before.table.trusted.joined(with: sources.basis).joined(with: truth)
        .joined(with: merged.clocks(countingOnly: \.isTrusted)),
      truth: truth, isConflicted: isConflicted)
  }

  /// Says where a clock of this machine has given values that no event has.
  mutating func tellLost(_ plan: FeaturePlan) {
    let known = plan.merged.clocks().joined(with: events.clocks)
    for (node, value) in plan.truth.withoutWitness.sorted where value > known[node] ?? LamportValue(0) {
      report.lost.append(
        "\(printable(plan.feature.description)): the clock of \(printable(node.description)) has given \(value), and the "
          + "last event that is known has \(known[node] ?? LamportValue(0)): what was recorded since is in no replica any "
          + "more, or its recorder was stopped before it could answer")
    }
  }

  private func isConflicted(_ directory: String, in repository: borrowing Repository) throws(GitError) -> Bool {
    if try conflict(at: directory + LogFile.name, in: repository) != nil { return true }
    return try conflict(at: directory + ClockFile.name, in: repository) != nil
  }

  /// Stages log and clock, as far as git tracks them: a merge that is being made takes them from the index.
  private func stage(_ directory: String, in repository: borrowing Repository) throws(GitError) {
    var paths: [String] = []
    for path in [directory + LogFile.name, directory + ClockFile.name] where try repository.isTracked(path) {
      paths.append(path)
    }
    if !paths.isEmpty { try repository.stage(paths) }
  }
}
