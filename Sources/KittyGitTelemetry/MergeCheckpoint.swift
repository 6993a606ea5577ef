internal import Events
internal import Git
internal import Journal
internal import Notes

/// What a merge in a worktree found settled, so that the next one there looks at nothing but what is new since.
///
/// Nearly all notes and logs say what they said the last time, and to find that out by reading them costs as much as they
/// are long. A checkpoint names the notes' tree and the commit that were looked at; what differs from them is found by
/// comparing trees. Of the events that were settled then (see ``MergeSession/readNotes(in:_:)``) it has numbers alone.
/// They stay settled as long as their notes are the same, HEAD still leads to the commit, the logs still have their
/// lines, and nothing that is new speaks of them. Where any of that is in doubt the checkpoint is of no use, and a merge
/// looks at everything, as it does without one; so it may be lost, damaged or out of date without any harm.
struct MergeCheckpoint {
  /// How many lines there are of some kind, and the sum of their fingerprints, which does not depend on their order.
  struct Lines: Equatable {
    var count: UInt64 = 0
    var sum: UInt64 = 0

    mutating func add(_ fingerprint: UInt64) {
      count += 1
      sum &+= fingerprint
    }
  }

  /// A feature that had a folder.
  struct Folder {
    let name: FeatureName
    /// The folder in the commit; `nil` when the commit had none.
    var tree: ObjectID?
    /// The log in it.
    var log: ObjectID?
    /// The lines of settled events in that log.
    var committed = Lines()
    /// The lines of settled events that no log but the one in the work tree had.
    var uncommitted = Lines()
    /// What the log in the work tree looked like, as a fingerprint; 0 when that says nothing.
    var appearance: UInt64 = 0
    /// The features, by the slugs in envelopes, that the committed log has events of.
    var aggregates: Set<FeatureName> = []
  }

  /// Where an event's line was.
  struct Place {
    /// The number of the folder whose log had it; the last one of several.
    let folder: Int
    /// Whether the event was settled.
    var isSettled = false
    /// Whether only the log in the work tree had it.
    var isUncommitted = false
    /// Whether the logs of several folders had it.
    var isAmbiguous = false

    var word: UInt64 {
      UInt64(folder) << 8 | (isSettled ? 1 : 0) | (isUncommitted ? 2 : 0) | (isAmbiguous ? 4 : 0)
    }

    init(folder: Int) { self.folder = folder }

    init(word: UInt64) {
      folder = Int(word >> 8)
      (isSettled, isUncommitted, isAmbiguous) = (word & 1 != 0, word & 2 != 0, word & 4 != 0)
    }
  }

  /// The past of the notes as it was looked at.
  struct Past {
    /// The commit of the notes reference.
    let tip: ObjectID
    /// The commit up to which nothing was missing in it.
    let joined: ObjectID?
    /// The notes that there had been.
    let notes: [Note]
  }

  let fingerprints: Fingerprints
  /// The name of the notes reference.
  let ref: String
  let past: Past
  /// The tree of the notes.
  let notes: ObjectID?
  /// The commit that HEAD was at.
  let head: ObjectID
  /// The notes that had something to say, or could not be read.
  let unsettled: [Note]
  /// How many of them were not settled although the journal did not know their events.
  var unripeNotes = 0
  /// How many notes were settled, and what they had.
  var settledNotes = 0
  var unreadableLines = 0
  var clocks = ClockTable()
  var counts: [FeatureName: Int] = [:]
  /// The folders, by name.
  let folders: [Folder]
  /// The numbers of the events in committed logs, and of the settled ones, in ascending order.
  let events: [UInt64]
  /// The places of these events.
  let places: [UInt64]

  /// Where the line of an event was; `nil` of an event that was in no log and not settled.
  func place(of id: EventID) -> Place? {
    let wanted = fingerprints.number(of: id)
    var (low, high) = (0, events.count)
    while low < high {
      let middle = (low + high) / 2
      if events[middle] < wanted { low = middle + 1 } else { high = middle }
    }
    return low < events.count && events[low] == wanted ? Place(word: places[low]) : nil
  }

  /// The folder of that name.
  func folder(_ name: FeatureName) -> Folder? {
    var (low, high) = (0, folders.count)
    while low < high {
      let middle = (low + high) / 2
      if folders[middle].name < name { low = middle + 1 } else { high = middle }
    }
    return low < folders.count && folders[low].name == name ? folders[low] : nil
  }
}

/// What a checkpoint says does not hold any more: everything is to be looked at.
struct OutdatedCheckpoint: Error {}
