/// A disagreement between replicas, or something else that is worth knowing about them.
package struct Finding: Hashable, Sendable {
  /// What kinds there are; the raw values are what scripts see.
  package enum Kind: String, Sendable, CaseIterable {
    /// The log lacks an event that is due in it.
    case notLogged = "not_logged"
    /// A commit's note lacks an event that belongs to the commit.
    case notNoted = "not_noted"
    /// The log has an event on more than one line.
    case duplicate
    /// An event has another value that no conflict record tells of.
    case conflict
    /// The log still has what git puts around the sides of a conflict, or is conflicted in the index.
    case conflicted
    /// The clock's file is missing, broken or behind its log.
    case clockBehind = "clock_behind"
    /// The notes are laid out as git would not.
    case flatTree = "flat_tree"
    /// The notes are laid out in two ways at once.
    case mixedTree = "mixed_tree"
    /// A fetch would overwrite the notes.
    case forcedRefspec = "forced_refspec"
    /// A replica could not be read.
    case unavailable

    /// Several values of an event are on record.
    case recordedConflict = "recorded_conflict"
    /// Lines that are no events; they are kept.
    case unreadable
    /// An event waits for the commit that takes its work in.
    case waiting
    /// A note is about a commit that is gone.
    case vanishedCommit = "vanished_commit"
    /// The log of this worktree is left alone, so that it stays clean; the journal has the event.
    case leftAlone = "left_alone"
    /// The clock has given values that no known event has.
    case lost
    /// Something else that a merge would tell.
    case notice
  }

  /// What it is.
  package let kind: Kind
  /// The feature's folder, where it is about one.
  package var feature: String?
  /// The event, where it is about one.
  package var eventID: String?
  /// The commit, where it is about one.
  package var commit: String?
  /// A sentence: what was found, and what to do about it.
  package let message: String
}

/// What a comparison of the replicas found.
package struct VerifyReport: Sendable {
  /// What a command can mend.
  package internal(set) var findings: [Finding] = []
  /// What needs no mending.
  package internal(set) var information: [Finding] = []
  /// How many events the logs shall have.
  package internal(set) var events = 0
  /// How many features these are of.
  package internal(set) var features = 0

  /// Whether nothing has to be mended.
  package var isContent: Bool { findings.isEmpty }
}
