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

  /// Reads all notes and the journal.
  init(in repository: borrowing Repository) throws {
    let ref = try NoteWriter.ref(of: repository)
    for note in try ref.notes(in: repository) {
      guard let body = try repository.blob(note.blob) else {
        throw TelemetryError(
          .environment,
          "cannot read the note of \(note.annotated): this clone lacks its blob; run: git notes show, which fetches it")
      }
      add(body, on: note.annotated)
    }
    let journal = CommonJournal(commonDirectory: FilePath(repository.commonDirectory))
    // Lines may wait for their note, and the journal knows where they go.
    for record in try journal.records() {
      guard let commit = record.commit.flatMap({ ObjectID(hex: $0) }) else { continue }
      add(record.event, on: commit)
    }
    try settle(in: repository)
  }

  private mutating func add(_ body: [UInt8], on commit: ObjectID) {
    let bytes = body.span
    LineScanner.forEachLine(in: bytes) { line in
      guard case .event(let envelope) = LineScanner.content(of: line, in: bytes) else { return }
      if candidates[envelope.id]?.contains(commit) != true { candidates[envelope.id, default: []].append(commit) }
    }
    lines[commit, default: []] += body + [0x0A]
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
