internal import Events
internal import Git
internal import Journal
internal import Notes
internal import SystemPackage

/// One merge at work, under the journal's lock.
struct MergeSession {
  let head: Head
  let workTree: FilePath
  let journal: CommonJournal
  let writer: NoteWriter
  /// The commits whose logs are joined, each with the name that the report gives it.
  let commits: [(name: String, id: ObjectID)]
  /// Those of them that are neither HEAD nor its parents.
  let named: [ObjectID]
  let isMerging: Bool
  let worktrees: [Worktree]
  var events: KnownEvents
  var report = MergeReport()

  /// What the notes held at one tip of theirs.
  struct EarlyNotes {
    var tip: ObjectID?
    var events = KnownEvents()

    /// Reads the notes before the lock is taken: there may be many, and recorders wait for the lock.
    ///
    /// What cannot be read is met again, and told, under the lock.
    init(in repository: borrowing Repository) {
      do {
        let ref = try NoteWriter.ref(of: repository)
        // The tip comes first: notes that are newer than it are read again.
        let tip = try ref.tip(in: repository)
        try events.read(ref, in: repository)
        self.tip = tip
      } catch {
        events = KnownEvents()
      }
    }
  }

  init(
    head: Head, early: EarlyNotes, named revisions: [(String, ObjectID)], workTree: FilePath, journal: CommonJournal,
    in repository: borrowing Repository, within patience: Duration
  ) throws {
    self.head = head
    self.workTree = workTree
    self.journal = journal
    writer = try NoteWriter(journal: journal, repository: repository)
    let mergeHeads = try repository.mergeHeads()
    var commits: [(String, ObjectID)] = []
    if let id = head.commit {
      commits.append(("HEAD", id))
      for parent in try repository.commit(id)?.parents ?? [] { commits.append(("parent \(parent)", parent)) }
    }
    commits += mergeHeads.map { ("MERGE_HEAD \($0)", $0) }
    commits += revisions.map { ("\($0.0) \($0.1)", $0.1) }
    self.commits = commits
    named = mergeHeads + revisions.map(\.1)
    isMerging = !mergeHeads.isEmpty
    worktrees = try repository.worktrees()
    try journal.adoptLateRecords()
    try WaitingEvents.settle(in: journal, worktrees)
    do {
      _ = try writer.settleAll(in: repository, within: patience)
    } catch {
      report.troubles.append("\(error)")
    }
    events = early.events
    do {
      if try writer.ref.tip(in: repository) != early.tip {
        events = KnownEvents()
        try events.read(writer.ref, in: repository)
      }
    } catch {
      // Without the notes the logs and the journal can still be joined.
      report.troubles.append("\(error)")
    }
    try events.read(journal)
  }

  mutating func run(
    onlyFeature: FeatureName?, in repository: borrowing Repository, within patience: Duration
  ) throws {
    if events.absentNotes > 0 {
      report.troubles.append(
        "cannot read \(events.absentNotes) notes: this clone lacks their blobs; git notes show fetches them")
    }
    var logs = try readLogs(in: repository)
    let carriers = events.entries.values.reduce(into: Set<ObjectID>()) { $0.formUnion($1.carriers) }
    let reach = try Reachability(of: carriers, head: head.commit, named: named, in: repository)
    let due = try due(by: reach, in: logs, repository)
    for (feature, placed) in due { logs[feature]?.add(placed.map(\.lines)) }
    report.sources = commits.map(\.name) + ["work tree", "notes", "journal"]
    for (feature, sources) in logs.sorted(by: { $0.key < $1.key }) where onlyFeature ?? feature == feature {
      for blob in sources.absent {
        report.troubles.append(
          "cannot read the blob \(blob) of \(printable(feature.description)): this clone does not have it; "
            + "run: git cat-file -p \(blob), which fetches it in a partial clone, then merge again")
      }
      do {
        if let merged = try write(sources, of: feature, in: repository) { report.features.append(merged) }
      } catch {
        // One feature that cannot be written costs the others nothing.
        report.troubles.append("\(error)")
      }
    }
    do {
      try writeNotes(due.filter { onlyFeature ?? $0.key == $0.key }, reach, in: repository, within: patience)
    } catch {
      report.troubles.append("\(error)")
    }
  }
}
