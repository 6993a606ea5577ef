internal import Events
internal import Git
internal import Journal
internal import Notes
internal import Processes
internal import Reports
internal import SystemPackage

// What is to be recorded, before anything is written.
extension Recorder {
  /// The drafts of `contents`, each at the place that `locate` finds for it.
  func drafts(
    of contents: [RecordingContent], _ context: RecordingContext, prices: PriceTable, redaction: Redaction?,
    _ locate: (FeatureLocation.Hints) throws(TelemetryError) -> FeatureLocation
  ) -> [Outcome<EventDraft>] {
    let now = Recorder.now
    // Mostly all are of one feature; then no table is made.
    var first: (feature: String?, outcome: Outcome<FeatureLocation>)?
    var others: [String: Outcome<FeatureLocation>] = [:]
    func location(of feature: String?) throws(TelemetryError) -> FeatureLocation {
      if let first, first.feature == feature { return try first.outcome.get() }
      // No feature is another one than the empty one, which is refused.
      let key = feature.map { "=\($0)" } ?? ""
      if let outcome = others[key] { return try outcome.get() }
      var hints = context.hints
      hints.feature = feature
      let outcome = Outcome { () throws(TelemetryError) in try locate(hints) }
      if first == nil { first = (feature, outcome) } else { others[key] = outcome }
      return try outcome.get()
    }
    return contents.map { content in
      Outcome { () throws(TelemetryError) in
        switch content {
        case .payload(let payload, let id, let time):
          return try EventDraft(
            payload: context.estimatesCosts ? prices.freezing(payload) : payload, id: id,
            at: try location(of: context.hints.feature), node: context.node, now: time ?? now, redaction: redaction)
        case .event(let line):
          guard let event = Event(line: line) else {
            throw TelemetryError(.usage, "cannot record a line that is no event")
          }
          let feature = context.hints.feature ?? event.aggregateID.description
          return try EventDraft(event, line: line, at: try location(of: feature))
        }
      }
    }
  }

  /// The commit that shall carry the event; `nil` when the event waits for one.
  func carrier(
    of context: RecordingContext, _ head: Head, in repository: borrowing Repository
  ) throws(TelemetryError) -> ObjectID? {
    switch context.target {
    case .head: return head.commit
    case .next: return nil
    case .since(let before): return head.commit?.description == before ? nil : head.commit
    case .revision(let name):
      guard let commit = try beforeStoring({ try repository.commit(named: name) }) else {
        throw TelemetryError(.usage, "cannot find the commit \(printable(name)); give a revision of this repository")
      }
      return commit
    }
  }

  /// The events in the note of `carrier`, if one of the drafts may be among them.
  func noted(
    _ drafts: [EventDraft], on carrier: ObjectID?, in repository: borrowing Repository
  ) -> EventSet {
    guard let carrier, drafts.contains(where: \.hasGivenID) else { return EventSet() }
    // A note that cannot be read is met again when it is written, and told then.
    let bodies = try? NoteWriter.ref(of: repository).bodies(of: carrier, in: repository)
    return EventSet((bodies ?? []).map(LineBuffer.init))
  }

  /// Throws when `folder` would have to be created where a linked worktree has vanished.
  ///
  /// An orchestrator removes worktrees while agents still run in them; a folder that comes back keeps the next
  /// `git worktree add` from using the path.
  func requireLive(_ folder: FilePath, in repository: borrowing Repository) throws(TelemetryError) {
    guard !FileSystem.isDirectory(folder) else { return }
    let existing = nearestFolder(to: folder)
    let worktrees = try beforeStoring { try repository.worktrees() }
    var missing = folder
    _ = missing.removePrefix(existing)
    let hasVanished =
      existing.lastComponent?.string == ".worktrees" || missing.components.contains(".worktrees")
      || worktrees.contains { !$0.isPresent && folder.starts(with: FilePath($0.path)) }
    guard !hasVanished else {
      throw TelemetryError(
        .environment,
        "cannot record in \(folder): the worktree is gone; nothing was stored; record from a worktree that exists")
    }
  }

  private static var now: Timestamp {
    // A clock outside the years 1 to 9999 is no clock to go by.
    Timestamp(microsecondsSince1970: WallClock.microsecondsSince1970) ?? Timestamp.epoch
  }
}

extension [Outcome<EventDraft>] {
  /// The drafts that could be made, each once: of one id there may be several that differ.
  var distinct: [EventDraft] {
    // Of one draft no table is made: to the runtime, a new type of table is as much work as writing a file.
    if count == 1, case .success(let draft)? = first { return [draft] }
    var seen: Set<[UInt8]> = []
    return compactMap {
      guard case .success(let draft) = $0, seen.insert(draft.key).inserted else { return nil }
      return draft
    }
  }

  /// Gives each draft its outcome; `recordings` are those of the distinct drafts.
  func outcomes(_ recordings: [Recording]) -> [Outcome<Recording>] {
    if count == 1, case .success? = first { return recordings.map { .success($0) } }
    var byKey = Dictionary(uniqueKeysWithValues: zip(distinct.map(\.key), recordings))
    return compactMap { draft in
      switch draft {
      case .failure(let error): return .failure(error)
      case .success(let draft):
        let recording = byKey[draft.key]
        // Whoever comes with the same event again is a duplicate of the first.
        byKey[draft.key]?.isDuplicate = true
        return recording.map { .success($0) }
      }
    }
  }
}

extension RecordingContent {
  /// Whether it may hold a secret of whoever records; what others recorded stays as it is.
  var mayHoldSecrets: Bool {
    if case .payload(let payload, _, _) = self { EventDraft.mayHoldSecrets(payload) } else { false }
  }
}

extension EventDraft {
  /// What tells drafts apart: the id of a new event, what an event from elsewhere says.
  fileprivate var key: [UInt8] { isNew ? event.id.ascii : CanonicalLine.spelling(of: line) }
}
