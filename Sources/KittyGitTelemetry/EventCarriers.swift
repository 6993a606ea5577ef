internal import Events
internal import Git
internal import Journal
internal import Notes
internal import Reports
internal import SystemPackage

/// Which commit each event belongs to that notes or the journal know.
///
/// An event may be noted on several commits, since a rebase or a merge notes it again where its first commit has gone.
/// It belongs to the earliest of those that can be reached, and is counted there alone.
struct EventCarriers {
  private var candidates: [EventID: [ObjectID]] = [:]
  private var lines: [ObjectID: [UInt8]] = [:]
  /// The notes that were not read, since they are larger than a note may be.
  private(set) var oversizedNotes = 0

  /// Finds out about the events that `commits` may carry, or about all; only the notes of these commits are read, and
  /// those that the journal's index does not know yet.
  init(on commits: Set<ObjectID>? = nil, in repository: borrowing Repository) throws {
    let journal = CommonJournal(commonDirectory: FilePath(repository.commonDirectory))
    let (index, oversized) = try EventCarriers.index(journal, in: repository)
    oversizedNotes = oversized.count { commits?.contains($0.annotated) ?? true }
    var wanted: Set<EventID> = []
    for entry in index.entries where commits?.contains(entry.note.annotated) ?? false {
      wanted.formUnion(entry.events.lazy.map(\.id))
      guard let body = try EventCarriers.body(of: entry.note, in: repository) else { continue }
      lines[entry.note.annotated, default: []] += body + [0x0A]
    }
    // Lines may wait for their note, and the journal knows where they go.
    var names: [[UInt8]: ObjectID] = [:]
    func name(_ digits: [UInt8]) -> ObjectID? {
      if let known = names[digits] { return known }
      let name = ObjectID(hex: String(decoding: digits, as: UTF8.self))
      names[digits] = name
      return name
    }
    if let commits {
      try journal.forEachCarriedEvent { digits, envelope, line in
        guard let commit = name(digits), commits.contains(commit) else { return }
        wanted.insert(envelope.id)
        lines[commit, default: []] += [UInt8](copying: line, in: envelope.line) + [0x0A]
      }
    }
    func add(_ id: EventID, on commit: ObjectID) {
      guard commits == nil || wanted.contains(id), candidates[id]?.contains(commit) != true else { return }
      candidates[id, default: []].append(commit)
    }
    for entry in index.entries {
      for event in entry.events where !event.isConflict { add(event.id, on: entry.note.annotated) }
    }
    try journal.forEachCarriedEvent { digits, envelope, _ in
      if let commit = name(digits) { add(envelope.id, on: commit) }
    }
    try settle(in: repository)
  }

  /// The index of the notes as they are, which is kept if nobody is at work; and the notes that are too large for it.
  private static func index(
    _ journal: CommonJournal, in repository: borrowing Repository
  ) throws -> (NotesIndex, oversized: [Note]) {
    let ref = try NoteWriter.ref(of: repository)
    let stored = (try? journal.notesIndex()).flatMap { $0?.withBytes { NotesIndex(bytes: $0) } }
    let index = try NotesIndex.ofNotes(in: ref, at: try ref.tip(in: repository), journal, in: repository)
    let oversized = try index.entries.lazy.filter(\.isUnread).map(\.note).filter { note in
      try body(of: note, in: repository) == nil
    }
    // Without the index the next reader takes longer, and that is all.
    if journal.exists, stored?.tree != index.tree, let lock = try? journal.lock(within: .zero) {
      try? journal.store(notesIndex: index.bytes)
      _ = consume lock
    }
    return (index, oversized)
  }

  /// The text of a note; `nil` for one that is too large.
  private static func body(of note: Note, in repository: borrowing Repository) throws -> [UInt8]? {
    switch try repository.note(note.blob) {
    case .bytes(let body): return body
    // Who puts something so large there shall not keep us from reading the others; merge and verify tell of it.
    case .oversized: return nil
    case .absent:
      throw TelemetryError(
        .environment,
        "cannot read the note of \(note.annotated): this clone lacks its blob; run: git notes show, which fetches it")
    }
  }

  /// Leaves each event the one commit that it belongs to.
  private mutating func settle(in repository: borrowing Repository) throws {
    let several = candidates.filter { $0.value.count > 1 }
    guard !several.isEmpty else { return }
    let carriers = several.values.reduce(into: Set<ObjectID>()) { $0.formUnion($1) }
    let starts =
      try repository.references().filter { !$0.name.hasPrefix("refs/notes/") }.map(\.commit)
      + repository.worktrees().compactMap(\.head)
    var missing = carriers
    try repository.walk(from: starts) { id throws(GitError) in
      missing.remove(id)
      return !missing.isEmpty
    }
    let reachable = carriers.subtracting(missing)
    // Where none can be reached, they are all as good.
    let eligible = several.mapValues { commits in
      let reached = commits.filter(reachable.contains)
      return reached.isEmpty ? commits : reached
    }
    let contested = eligible.values.reduce(into: Set<ObjectID>()) { if $1.count > 1 { $0.formUnion($1) } }
    let generations = try repository.generations(of: contested)
    for (id, commits) in eligible {
      let earliest = commits.min { (generations[$0] ?? 0, $0) < (generations[$1] ?? 0, $1) }
      if let earliest { candidates[id] = [earliest] }
    }
  }

  /// The commits by the events that belong to them.
  var commits: EventCommits {
    var commits = EventCommits()
    for (id, carriers) in candidates {
      if let commit = carriers.first { commits.set(commit.description, of: id) }
    }
    return commits
  }

  /// The lines of the events that belong to one of `commits`.
  func lines(on commits: Set<ObjectID>) -> [UInt8] {
    var text: [UInt8] = []
    for (commit, body) in lines where commits.contains(commit) {
      let bytes = body.span
      LineScanner.forEachLine(in: bytes) { line in
        guard case .event(let envelope) = LineScanner.content(of: line, in: bytes),
          candidates[envelope.id]?.first == commit
        else { return }
        text += [UInt8](copying: bytes, in: envelope.line) + [0x0A]
      }
    }
    return text
  }
}

extension Repository {
  /// The generations of commits: one more than the highest of their parents, and 0 for those without any here.
  fileprivate func generations(of commits: Set<ObjectID>) throws(GitError) -> [ObjectID: Int] {
    var generations: [ObjectID: Int] = [:]
    var path = Array(commits)
    while let id = path.last {
      guard generations[id] == nil, let parents = try commit(id)?.parents else {
        // A commit that this clone does not have is as early as any.
        generations[id] = generations[id] ?? 0
        path.removeLast()
        continue
      }
      let unknown = parents.filter { generations[$0] == nil }
      guard unknown.isEmpty else {
        path += unknown
        continue
      }
      generations[id] = parents.compactMap { generations[$0] }.max().map { $0 + 1 } ?? 0
      path.removeLast()
    }
    return generations
  }
}
