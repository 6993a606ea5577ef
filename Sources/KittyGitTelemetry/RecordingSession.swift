internal import Events
internal import Git
internal import Journal
internal import SystemPackage

/// Events on their way into the replicas.
///
/// The order of the steps is what makes it safe to be killed between any two of them: the clock first, so that a value
/// is never given twice; then the lines that the note lacks; then the journal, from where on the events cannot be lost;
/// then log and note, which can both be made again from the journal. The disk is still at work on the journal while the
/// log is written; nothing is said to be recorded before it is done.
///
/// It is a class because its steps run inside closures that report their failures into the recordings.
final class RecordingSession {
  /// Where the events were recorded.
  struct Origin {
    /// The name of the linked worktree, empty in the main one.
    let worktree: String
    let branch: String?
    let head: ObjectID?
    /// The commit that carries the events; `nil` when they wait for one.
    let carrier: ObjectID?
  }

  /// How far the replicas can be written.
  enum Access {
    /// All of them, under the journal's lock.
    case full(CommonJournal)
    /// Another process keeps the lock: records become files of their own, clock values may be given twice, notes wait.
    case unlocked(CommonJournal)
    /// There is no journal: outside of a repository, or where its folder cannot be used.
    case withoutJournal

    var journal: CommonJournal? {
      switch self {
      case .full(let journal), .unlocked(let journal): journal
      case .withoutJournal: nil
      }
    }

    var isUnlocked: Bool { if case .unlocked = self { true } else { false } }
  }

  let context: RecordingContext
  let origin: Origin?
  let access: Access
  /// The folders whose logs and clocks stay as they are.
  let foldersLeftAlone: Set<FilePath>
  /// What the note of the carrier holds, where ids were given.
  let noted: EventSet
  var drafts: [EventDraft]
  var recordings: [Recording]
  /// The lines of the drafts, once they are final.
  var lines: [[UInt8]]
  /// How much was held for each commit before, in bytes.
  var heldBefore: [(commit: String, size: Int64)] = []
  /// Whether clock files may be written: only under the lock.
  var storesClocks: Bool
  /// The drafts whose lines are kept for the note.
  var isHeld: [Bool]
  /// The drafts that nothing is missing of.
  var isSettled: [Bool]

  init(
    _ drafts: [EventDraft], _ context: RecordingContext, from origin: Origin?, access: Access,
    foldersLeftAlone: Set<FilePath>, noted: EventSet = EventSet(), troubles: [String]
  ) {
    self.context = context
    self.origin = origin
    self.access = access
    self.foldersLeftAlone = foldersLeftAlone
    self.noted = noted
    storesClocks = if case .unlocked = access { false } else { true }
    self.drafts = drafts
    lines = drafts.map(\.line)
    isHeld = drafts.map { _ in false }
    isSettled = isHeld
    recordings = drafts.map { draft in
      var recording = Recording(
        id: draft.event.id, feature: draft.location.feature,
        wpID: draft.event.payload["wp_id"]?.text ?? draft.location.wpID, payload: draft.event.payload,
        nodeID: draft.event.nodeID.description, log: LogFile(in: draft.location.folder).path)
      recording.commit = origin?.carrier?.description
      recording.troubles = troubles
      return recording
    }
  }

  var unsettled: [Int] { drafts.indices.filter { !isSettled[$0] } }

  /// Records the events everywhere but in notes.
  func store() {
    if case .full(let journal) = access { attempt(drafts.indices) { try journal.adoptLateRecords() } }
    let known = knownEvents()
    for (folder, members) in grouped(drafts.indices, by: { drafts[$0].location.folder }) {
      if !foldersLeftAlone.contains(folder) {
        attempt(members) { try FileSystem.createDirectories(folder) }
      }
      adopt(known, among: members)
      give(clockTo: members.filter { known[$0] == nil }, in: folder)
    }
    holdForNotes()
    appendToJournal(except: known) {
      for (folder, members) in grouped(drafts.indices, by: { drafts[$0].location.folder }) {
        appendToLog(members, in: folder, known)
      }
    }
  }

  /// Records the events in logs alone, under the lock of their folder: that of the first where there are several.
  func storeWithoutJournal(lockPatience: Duration) {
    guard let folder = drafts.first?.location.folder else { return }
    var lock: FileLock?
    if !foldersLeftAlone.contains(folder),
      attempt(drafts.indices, { try FileSystem.createDirectories(folder) }) != nil
    {
      do throws(JournalError) {
        lock = try FileLock(folder, within: lockPatience)
      } catch {
        // Without the lock a clock value may be given twice; the event counts more.
        storesClocks = false
        for index in drafts.indices { recordings[index].troubles.append("\(error)") }
      }
    }
    store()
    _ = consume lock
  }

  /// Groups drafts by what `key` finds for each.
  ///
  /// Those that are recorded together mostly have one key. Then no dictionary is made of them: to the runtime, a new
  /// type of dictionary alone is as much work as writing a file.
  func grouped<Key: Hashable>(_ members: some Collection<Int>, by key: (Int) -> Key) -> [(key: Key, members: [Int])] {
    guard let first = members.first.map(key) else { return [] }
    if members.allSatisfy({ key($0) == first }) { return [(first, Array(members))] }
    return Dictionary(grouping: members, by: key).map { ($0.key, $0.value) }
  }

  /// Runs a step that may fail without ending the recording; its failure becomes a trouble of `members`.
  @discardableResult
  func attempt<Result>(_ members: some Sequence<Int>, _ step: () throws -> Result) -> Result? {
    do {
      return try step()
    } catch {
      // Two steps may meet the same obstacle; it is told once.
      for member in members where !recordings[member].troubles.contains("\(error)") {
        recordings[member].troubles.append("\(error)")
      }
      return nil
    }
  }
}
