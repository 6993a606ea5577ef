internal import Events
internal import Journal
internal import SystemPackage

/// What a join makes of one feature.
struct FeaturePlan {
  let feature: FeatureName
  /// Where the log is; below the top of the commit where there is no work tree.
  let folder: FilePath
  /// The log as it was read; `nil` where the work tree has none.
  let snapshot: LogFile.Snapshot?
  /// What the log holds.
  let present: EventSet
  /// What it shall hold.
  let merged: EventSet
  /// What the clock's file says.
  let clockBefore: ClockFile.Content
  /// What it shall say.
  let clock: ClockTable
  /// What the next event goes on from.
  let basis: ClockTable
  /// What the clock of this machine has given, for all worktrees.
  let truth: ClockTable
  /// Whether log or clock are conflicted in the index.
  let isConflicted: Bool

  /// Whether the log's file is to be written.
  var changesLog: Bool { !(snapshot.map { merged.isWritten(in: $0.storage) } ?? merged.isEmpty) }

  /// Whether the clock's file is to be written.
  var changesClock: Bool { if case .whole(let table) = clockBefore { table != clock } else { true } }

  /// The events that the log lacks.
  var missing: Set<EventID> {
    merged.count == present.count ? [] : merged.ids.subtracting(present.ids)
  }

  /// How many events have a variant that no conflict record tells of.
  var newConflicts: Int { max(0, merged.conflictCount - present.conflictRecords) }
}

extension MergeReport.Feature {
  init(_ plan: FeaturePlan, isPreview: Bool) {
    self.init(
      feature: plan.feature.description, events: plan.merged.count, added: plan.merged.count - plan.present.count,
      duplicates: plan.snapshot == nil ? 0 : plan.present.duplicates, conflicts: plan.merged.conflictCount,
      newConflicts: plan.newConflicts, unreadable: plan.merged.unreadableCount, clock: plan.clock,
      log: plan.folder.appending(LogFile.name), hasChanged: plan.changesLog || plan.changesClock,
      isResolved: plan.isConflicted, plan: isPreview ? plan : nil)
  }
}
