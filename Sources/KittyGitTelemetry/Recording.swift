package import Events
package import SystemPackage

/// Where events come from and where they shall go; one for all events that are recorded together.
package struct RecordingContext: Sendable {
  /// Which commit carries the events.
  package enum Target: Hashable, Sendable {
    /// The one that is checked out.
    case head
    /// The next one that is made in the work tree.
    case next
    /// The one that a revision names.
    case revision(String)
    /// The one that is checked out where that is not this one any more; else the next.
    case since(String?)

    /// Whether it is as it should be when there is no commit yet.
    var mayWait: Bool {
      switch self {
      case .next, .since: true
      case .head, .revision: false
      }
    }
  }

  /// Where the events belong, as far as the caller says.
  package var hints: FeatureLocation.Hints
  /// Who records; the node's id is this, a colon and the work package.
  package var node = "cli"
  /// Which commit carries the events.
  package var target = Target.head
  /// Whether notes must not lag behind.
  package var flush = false
  /// Whether a cost that is not given is estimated and recorded as an estimate.
  package var estimatesCosts = false

  /// Creates a context.
  package init(hints: FeatureLocation.Hints) { self.hints = hints }
}

/// What shall be recorded.
package enum RecordingContent: Sendable {
  /// A new event with this payload.
  ///
  /// Recording an id that was recorded before completes what is missing and changes nothing else; without one the
  /// event gets a new id. Without a time it happens now.
  case payload(JSONObject, id: EventID?, time: Timestamp? = nil)
  /// An event that happened elsewhere, as its line: id, clock, node and time are kept, byte for byte.
  case event(line: [UInt8])

  /// A new event for a run of an agent.
  package static func invocation(_ invocation: Invocation, id: EventID? = nil) -> RecordingContent {
    .payload(invocation.payload, id: id)
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
  /// What happened.
  package internal(set) var payload: JSONObject
  /// The logical clock of the event.
  package internal(set) var lamportClock = LamportValue(0)
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
  /// What is worth knowing although nothing went wrong, a sentence each.
  package internal(set) var notices: [String] = []
}

extension Recording {
  /// One sentence about what went wrong and what was stored all the same; `nil` when nothing went wrong.
  package var warning: String? {
    guard !troubles.isEmpty else { return nil }
    let places = stored.map(\.rawValue).joined(separator: ", ")
    guard !stored.isEmpty else { return troubles.joined(separator: "; ") + "; nothing was stored" }
    // Recording the event once more would count it twice.
    let remedy = stored.contains(.journal) && note == .waiting ? "; emit --flush or merge completes it" : ""
    return troubles.joined(separator: "; ") + "; stored in: \(places)\(remedy)"
  }
}
