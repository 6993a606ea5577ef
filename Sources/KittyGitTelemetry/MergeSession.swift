internal import Events
internal import Git
internal import Journal
internal import Notes
internal import SystemPackage

/// One join at work, under the journal's lock.
struct MergeSession {
  let scope: MergeScope
  let head: Head
  /// The work tree that is written to; `nil` where a commit is looked at.
  let workTree: FilePath?
  let journal: CommonJournal
  let writer: NoteWriter
  /// The commits whose logs are joined, each with the name that the report gives it.
  let commits: [(name: String, id: ObjectID)]
  /// Those of them that are neither HEAD nor its parents.
  let named: [ObjectID]
  /// The commits that an open merge is bringing in.
  let mergeHeads: [ObjectID]
  var isMerging: Bool { !mergeHeads.isEmpty }
  let worktrees: [Worktree]
  let patience: Duration
  let progress: MergeProgress
  /// The commit of the notes that has been read, and all before it.
  let notesTip: ObjectID?
  /// What an earlier merge here found settled; `nil` where everything is looked at.
  let checkpoint: MergeCheckpoint?
  /// Which notes there are, and what they are about; `nil` when that is not known.
  var notes: NotesIndex?
  /// With a checkpoint, the notes that are to be read.
  let unsettledNotes: [Note]
  /// The past of the notes as it was looked at.
  let past: MergeCheckpoint.Past?
  /// Without one, the events that are settled now.
  var settled: SettledEvents?
  var events: KnownEvents
  var report = MergeReport()
  /// What a log has and no replica knows a commit for, by the feature's folder.
  var loggedOnly: [FeatureName: [EventID: [UInt8]]] = [:]
  /// The lines that notes lack, by the commits they belong to.
  var additions: [ObjectID: [EventID: Set<[UInt8]>]] = [:]

  /// The commits whose notes are known to be too large, which is told once.
  private var oversized: Set<ObjectID> = []
  /// The commits whose notes are known to be full, which is told once.
  private var overfull: Set<ObjectID> = []

  /// Where a session takes place.
  struct Place {
    let head: Head
    let workTree: FilePath?
    /// The named revisions and their commits.
    let named: [(String, ObjectID)]
  }

  init(
    _ scope: MergeScope, at place: Place, early: NotedEvents?, since checkpoint: MergeCheckpoint? = nil,
    journal: CommonJournal,
    in repository: borrowing Repository, within patience: Duration, _ progress: @escaping MergeProgress
  ) throws {
    self.scope = scope
    self.checkpoint = checkpoint
    self.journal = journal
    self.patience = patience
    self.progress = progress
    head = place.head
    workTree = place.workTree
    writer = try NoteWriter(journal: journal, repository: repository)
    mergeHeads = place.workTree == nil ? [] : try repository.mergeHeads()
    commits = try MergeSession.commits(of: place, mergeHeads, scope, in: repository)
    named = mergeHeads + place.named.map(\.1)
    worktrees = try repository.worktrees()
    let settled = try WaitingEvents.settled(in: journal, worktrees)
    var unwritten = NoteWriter.Unwritten()
    if !scope.isPreview {
      if scope.healsAll, let notice = try LeftBehind.removeLock(of: writer.ref, in: repository) {
        report.notices.append(notice)
      }
      try journal.adoptLateRecords()
      try WaitingEvents.settle(settled, in: journal)
      do {
        unwritten = try writer.settleAll(in: repository, within: patience)
      } catch {
        report.tell("\(error)")
      }
    }
    do {
      try writer.ref.requireNotes(in: repository)
    } catch {
      report.tell("\(error)")
    }
    var noted = early
    do {
      let joined = try MergeSession.joinedNotes(of: writer.ref, journal)
      if let checkpoint {
        noted = try NotedEvents(writer.ref, since: checkpoint, joined: joined, in: repository)
      } else if noted == nil {
        noted = try NotedEvents(writer.ref, joined: joined, journal, in: repository, progress)
      }
      try noted?.catchUp(with: writer.ref, joined: joined, in: repository)
    } catch {
      guard checkpoint == nil else { throw OutdatedCheckpoint() }
      // Without the notes the logs and the journal can still be joined.
      report.troubles.append("\(error)")
    }
    notesTip = noted?.tip
    notes = noted?.index
    unsettledNotes = noted?.unsettled ?? []
    past = noted?.past
    events = noted?.events ?? KnownEvents()
    tell(oversized: unwritten.oversized, overfull: unwritten.overfull)
    try events.read(journal)
    for record in settled { events.add(record) }
    if scope.readsWorktrees { try readWorktrees() }
  }

  /// Tells of notes that could not be extended, unless that has been told.
  mutating func tell(oversized sizes: [ObjectID: Int], overfull wanted: [ObjectID: Int]) {
    for (commit, size) in sizes.sorted(by: { $0.key < $1.key }) where oversized.insert(commit).inserted {
      report.tell(writer.refusal(commit, of: size))
    }
    for (commit, size) in wanted.sorted(by: { $0.key < $1.key }) where overfull.insert(commit).inserted {
      report.notices.append(writer.overflow(commit, of: size))
    }
  }

  /// The commit up to which the past of the notes has been joined.
  static func joinedNotes(of ref: NotesRef, _ journal: CommonJournal) throws(JournalError) -> ObjectID? {
    try journal.joinedNotes(of: ref.name).flatMap { ObjectID(hex: $0) }
  }

  /// Joins what is due into logs, clocks and notes.
  ///
  /// - Throws: ``OutdatedCheckpoint`` before anything is joined, when the checkpoint says too little.
  mutating func run(in repository: borrowing Repository) throws {
    progress("reading logs", 0, 0)
    var logs = try readLogs(in: repository)
    do {
      if let checkpoint {
        try readNotes(since: checkpoint, in: logs, repository)
      } else {
        try readNotes(in: logs, repository)
      }
    } catch {
      guard checkpoint == nil else { throw OutdatedCheckpoint() }
      report.troubles.append("\(error)")
    }
    if !events.absentNotes.isEmpty {
      report.troubles.append(
        "cannot read \(events.absentNotes.count) notes: this clone lacks their blobs; git notes show fetches them")
    }
    for (note, size) in events.oversizedNotes.sorted(by: { $0.key.annotated < $1.key.annotated })
    where oversized.insert(note.annotated).inserted {
      report.tell(
        "cannot read the note of \(note.annotated): its blob \(note.blob) has \(size) bytes, and no more than "
          + "\(Note.maximumSize) are read of one; it stays as it is; to look at it, run: git cat-file -p \(note.blob)")
    }
    progress("walking through history", 0, 0)
    let carriers = events.entries.values.reduce(into: Set<ObjectID>()) { carriers, entry in
      carriers.formUnion(entry.carriers)
      if let origin = entry.waitsOn { carriers.insert(origin) }
    }
    let reach = try Reachability(
      of: carriers, head: head.commit, merging: mergeHeads, named: named, worktrees, in: repository)
    var due = try due(by: reach, in: logs, repository)
    tellFeatures(outside: logs)
    for (feature, placed) in due { logs[feature]?.add(placed.map(\.lines)) }
    report.sources = sourceNames
    let only = scope.feature.map(FeatureName.init)
    for (number, (feature, sources)) in logs.sorted(by: { $0.key < $1.key }).enumerated()
    where only ?? feature == feature {
      progress("joining logs", number, logs.count)
      join(sources, of: feature, in: repository)
    }
    if scope.healsAll, mayHealNotes(by: reach, in: repository) {
      for (feature, lines) in loggedOnly {
        due[feature, default: []] += lines.map { DueEvent(id: $0.key, lines: [$0.value], needsHome: true) }
      }
    }
    progress("writing notes", 0, 0)
    do {
      try findAdditions(due.filter { only ?? $0.key == $0.key }, reach, in: repository)
      try writeNotes(in: repository)
    } catch {
      report.tell("\(error)")
    }
    if !scope.isPreview {
      let folders = workTree.map { root in logs.keys.map { root.pushing(FilePath(directory(of: $0))) } }
      LeftBehind.removeLitter(in: journal, folders ?? [])
      keepIndex(reach)
      keepCheckpoint(of: logs, in: repository)
      report.noted = notedOn
      guard JournalCompaction.mayCompact(at: head, in: repository) else { return }
      try journal.compact(committed: logs.values.map(\.committed), noted: report.noted)
    }
  }

  /// Counts the events of features that have no folder here.
  private mutating func tellFeatures(outside logs: [FeatureName: FeatureSources]) {
    var counts = events.passedOverByFeature.filter { logs[$0.key] == nil }
    for entry in events.entries.values {
      let feature = entry.record.map { FeatureName($0.feature) } ?? entry.aggregateID
      if logs[feature] == nil { counts[feature, default: 0] += 1 }
    }
    report.withoutFolder = counts.sorted { $0.key < $1.key }.map { ($0.key.description, $0.value) }
  }

  private var sourceNames: [String] {
    let logs = scope.readsWorktrees ? worktrees.filter { isOther($0) }.map { "work tree \($0.path)" } : []
    return commits.map(\.name) + (workTree == nil ? [] : ["work tree"]) + logs + ["notes", "journal"]
  }

  /// Joins one feature; where it cannot be written, that costs the others nothing.
  private mutating func join(
    _ sources: FeatureSources, of feature: FeatureName, in repository: borrowing Repository
  ) {
    for blob in sources.absent {
      report.troubles.append(
        "cannot read the blob \(blob) of \(printable(feature.description)): this clone does not have it; "
          + "run: git cat-file -p \(blob), which fetches it in a partial clone, then merge again")
    }
    do {
      guard let plan = try joined(sources, of: feature, in: repository) else { return }
      tellLost(plan)
      report.features.append(MergeReport.Feature(plan, isPreview: scope.isPreview))
      if scope.healsAll { loggedOnly[feature] = plan.merged.lines(of: unknownIDs(in: plan.merged)) }
    } catch {
      report.troubles.append("\(error)")
    }
  }

  /// The events of a log that neither notes nor the journal know.
  private func unknownIDs(in log: EventSet) -> Set<EventID> {
    log.ids.filter { events.entries[$0]?.isOnlyLogged ?? !events.passedOver.contains($0) }
  }
}
