package import Events
package import SystemPackage

/// What shall be recorded.
package struct RecordingRequest: Sendable {
  /// Which commit carries the event.
  package enum Target: Hashable, Sendable {
    /// The one that is checked out.
    case head
    /// The next one that is made in the work tree.
    case next
    /// The one that a revision names.
    case revision(String)
  }

  /// Where the event belongs.
  package var hints: FeatureLocation.Hints
  /// What happened; the work package in it is the location's.
  package var invocation: Invocation
  /// Who records; the node's id is this, a colon and the work package.
  package var node = "cli"
  /// Which commit carries the event.
  package var target = Target.head
  /// The event's identity; `nil` for a new one.
  ///
  /// Recording the same id again completes what is missing and changes nothing else.
  package var id: EventID?
  /// Whether notes must not lag behind.
  package var flush = false

  /// Creates a request.
  package init(hints: FeatureLocation.Hints, invocation: Invocation) {
    self.hints = hints
    self.invocation = invocation
  }
}

/// What was recorded, and where.
package struct Recording: Sendable {
  /// A place that holds events.
  package enum Replica: String, Sendable {
    case journal, log, note
  }

  /// What became of the note.
  package enum Note: String, Sendable {
    case written, waiting, none
  }

  /// The event's identity.
  package let id: EventID
  /// The feature's slug.
  package let feature: String
  /// The work package.
  package let wpID: String
  /// The logical clock of the event.
  package internal(set) var lamportClock: LamportValue
  /// Who recorded.
  package let nodeID: String
  /// The log that the event belongs to.
  package let log: FilePath
  /// The commit that carries the event.
  package internal(set) var commit: String?
  /// What became of the note.
  package internal(set) var note = Note.none
  /// The places that hold the event.
  package internal(set) var stored: [Replica] = []
  /// Whether an event of this id had been recorded before.
  package internal(set) var isDuplicate = false
  /// What went wrong, a sentence each; empty when all was done that was asked for.
  package internal(set) var troubles: [String] = []
}

extension Recording {
  /// One sentence about what went wrong and what was stored all the same; `nil` when nothing went wrong.
  package var warning: String? {
    guard !troubles.isEmpty else { return nil }
    let places = stored.map(\.rawValue).joined(separator: ", ")
    return troubles.joined(separator: "; ") + (stored.isEmpty ? "; nothing was stored" : "; stored in: \(places)")
  }

  func adding(_ trouble: String) -> Recording {
    var recording = self
    recording.troubles.append(trouble)
    return recording
  }
}
