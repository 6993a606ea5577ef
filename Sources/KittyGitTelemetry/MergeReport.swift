package import Events
internal import Git
package import SystemPackage

/// What a merge found and did.
package struct MergeReport: Sendable {
  /// One feature's part.
  package struct Feature: Sendable {
    /// The feature's slug.
    package let feature: String
    /// How many events the log has now.
    package let events: Int
    /// How many of them it did not have before.
    package let added: Int
    /// How many lines of the log, as git had left it, repeated an event.
    package let duplicates: Int
    /// How many events have another variant that lost.
    package let conflicts: Int
    /// How many of these are new.
    package let newConflicts: Int
    /// How many lines are no events; they are kept.
    package let unreadable: Int
    /// How many notes gained events of the feature.
    package internal(set) var notesWritten = 0
    /// The clock's values.
    package let clock: ClockTable
    /// Where the log is.
    package let log: FilePath
    /// Whether log or clock have changed on disk.
    package let hasChanged: Bool
    /// Whether the two were conflicted, and are resolved and staged now.
    package let isResolved: Bool
    /// The commit that has log and clock, where one was asked for.
    package internal(set) var commit: String?
    /// How this was found, where nothing was to be changed; otherwise it would keep all logs in memory.
    let plan: FeaturePlan?
  }

  /// The features, by name.
  package internal(set) var features: [Feature] = []
  /// The replicas that were read.
  package internal(set) var sources: [String] = []
  /// What could not be read or written, a sentence each.
  package internal(set) var troubles: [String] = []

  /// Adds a trouble that several attempts may meet.
  mutating func tell(_ trouble: String) {
    if !troubles.contains(trouble) { troubles.append(trouble) }
  }

  /// What is worth knowing although nothing is wrong, a sentence each.
  package internal(set) var notices: [String] = []

  /// Where events seem to be in no replica any more, a sentence each.
  package internal(set) var lost: [String] = []

  /// The features that have no folder here, and how many of their events notes and the journal know.
  package internal(set) var withoutFolder: [(feature: String, events: Int)] = []

  /// How many notes have gained events.
  package internal(set) var notesWritten = 0

  /// The commits whose notes have an event, by the event.
  var noted: [EventID: Set<ObjectID>] = [:]

  /// Whether anything has changed, or would.
  package var hasChanges: Bool { notesWritten > 0 || features.contains { $0.hasChanged || $0.isResolved } }

  /// Whether somebody should look at the result.
  package var hasFindings: Bool { !troubles.isEmpty || features.contains { $0.newConflicts > 0 } }
}
