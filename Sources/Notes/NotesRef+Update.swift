package import Git

extension NotesRef {
  /// What an update did.
  package struct Update: Hashable, Sendable {
    /// The objects whose notes are new or changed.
    package var written: [ObjectID] = []
    /// The objects left alone because they have a note whose blob this clone does not have.
    package var absent: [ObjectID] = []
    /// The objects left alone because their note has more bytes than a note may have: so many.
    package var oversized: [ObjectID: Int] = [:]
    /// The objects left alone because their note would get more bytes than a note may have: so many.
    package var overfull: [ObjectID: Int] = [:]
  }

  /// Rewrites the notes about `annotated`, all in one commit, and returns what was done.
  ///
  /// For each object `body` gets the texts of its notes, usually none or one, and returns the text of the one note it
  /// shall have; `nil` leaves it as it is. When another process moves the reference meanwhile, everything begins again
  /// from the new state, so `body` may be called several times for one object and must depend on its arguments only.
  /// When nothing changes, nothing is written.
  ///
  /// A note whose blob is absent, as in a partial clone, is not overwritten: its text would be lost. Neither is one that
  /// is too large to be read, and none is made so large.
  ///
  /// - Throws: ``NotesError`` with ``NotesError/Code/contended`` when the reference could not be moved within
  ///   `patience`, ``NotesError/Code/refused`` when `body` threw, ``NotesError/Code/malformed`` when the reference
  ///   leads to no commit, and ``NotesError/Code/repository`` when the repository failed.
  package func update(
    _ annotated: [ObjectID], in repository: borrowing Repository, subject: String,
    within patience: Duration = .seconds(2), _ body: (ObjectID, [[UInt8]]) throws -> [UInt8]?
  ) throws(NotesError) -> Update {
    try replaceTree(in: repository, subject: subject, within: patience) { tip throws(NotesError) in
      try change(annotated, at: tip, in: repository, body)
    }
  }

  /// Lays the notes out as git does, in one commit, where another program has not; returns whether that was needed.
  ///
  /// - Throws: as ``update(_:in:subject:within:_:)``.
  package func regularise(
    in repository: borrowing Repository, within patience: Duration
  ) throws(NotesError) -> Bool {
    let subject = "Lay out notes as git does"
    return try replaceTree(in: repository, subject: subject, within: patience) { tip throws(NotesError) in
      guard let root = try root(at: tip, in: repository) else { return (false, nil) }
      try requireNotes(in: repository)
      do throws(GitError) {
        let regular = try NotesTree.regular(root, of: repository)
        return regular == root ? (false, nil) : (true, regular)
      } catch {
        throw NotesError(error, "write \(name)")
      }
    }
  }

  /// Throws when the reference is a symbolic one that leads to something else than notes: that would be moved.
  package func requireNotes(in repository: borrowing Repository) throws(NotesError) {
    do {
      try repository.target(of: name, within: NotesRef.prefix)
    } catch {
      throw NotesError(error, "write \(name)")
    }
  }

  /// Puts the tree that `change` makes of the tip in its place, in one commit; without a tree nothing is written.
  private func replaceTree<Result>(
    in repository: borrowing Repository, subject: String, within patience: Duration,
    _ change: (_ tip: ObjectID?) throws(NotesError) -> (Result, ObjectID?)
  ) throws(NotesError) -> Result {
    let clock = ContinuousClock()
    let deadline = clock.now.advanced(by: patience)
    var pause = Pause()
    while true {
      let tip = try tip(in: repository)
      let (result, root) = try change(tip)
      guard let root else { return result }
      let refusal: GitError
      do {
        let parents = tip.map { [$0] } ?? []
        let commit = try repository.writeCommit(tree: root, parents: parents, message: subject)
        try repository.move(name, within: NotesRef.prefix, from: tip, to: commit, reason: subject)
        return result
      } catch {
        refusal = error
      }
      switch refusal.code {
      case .changedMeanwhile, .alreadyExists, .locked:
        let left = clock.now.duration(to: deadline)
        guard left > .zero else { throw contended(refusal, patience, in: repository) }
        pause.wait(atMost: left)
      default:
        throw NotesError(refusal, "write \(name)")
      }
    }
  }

  /// Returns what is to be done and the tree that does it; no tree when there is nothing to do.
  private func change(
    _ annotated: [ObjectID], at tip: ObjectID?, in repository: borrowing Repository,
    _ body: (ObjectID, [[UInt8]]) throws -> [UInt8]?
  ) throws(NotesError) -> (Update, ObjectID?) {
    let root = try root(at: tip, in: repository)
    var update = Update()
    var texts: [(object: ObjectID, text: [UInt8])] = []
    for (object, bodies) in try existing(annotated, in: root, of: repository) {
      switch bodies {
      case .absent: update.absent.append(object)
      case .oversized(let size): update.oversized[object] = size
      case .texts(let bodies):
        guard let text = try ask(body, object, bodies), bodies != [text] else { continue }
        guard text.count <= Note.maximumSize else {
          update.overfull[object] = text.count
          continue
        }
        texts.append((object, text))
        update.written.append(object)
      }
    }
    guard !texts.isEmpty else { return (update, nil) }
    // Before anything is written that nobody would ever look at.
    try requireNotes(in: repository)
    do {
      var notes: [Note] = []
      for (object, text) in texts {
        notes.append(Note(annotated: object, blob: try repository.write(blob: text)))
      }
      return (update, try NotesTree.setting(notes, in: root, of: repository))
    } catch {
      throw NotesError(error, "write \(name)")
    }
  }

  /// The texts of an object's notes, or what keeps one of them from being read.
  private enum Bodies {
    case texts([[UInt8]])
    case absent
    case oversized(Int)
  }

  /// Returns each object once, with the texts of its notes.
  private func existing(
    _ annotated: [ObjectID], in root: ObjectID?, of repository: borrowing Repository
  ) throws(NotesError) -> [(ObjectID, Bodies)] {
    do {
      if annotated.count == 1 {
        let blobs = try NotesTree.blobs(annotating: annotated[0], in: root, of: repository)
        return [(annotated[0], try bodies(blobs, in: repository))]
      }
      let blobs = try NotesTree.blobs(annotating: annotated, in: root, of: repository)
      var seen: Set<ObjectID> = []
      var existing: [(ObjectID, Bodies)] = []
      for object in annotated where seen.insert(object).inserted {
        existing.append((object, try bodies(blobs[object] ?? [], in: repository)))
      }
      return existing
    } catch {
      throw NotesError(error, "read \(name)")
    }
  }

  private func bodies(
    _ blobs: [ObjectID], in repository: borrowing Repository
  ) throws(GitError) -> Bodies {
    var bodies: [[UInt8]] = []
    for blob in blobs {
      switch try repository.note(blob) {
      case .bytes(let body): bodies.append(body)
      case .absent: return .absent
      case .oversized(let size): return .oversized(size)
      }
    }
    return .texts(bodies)
  }

  /// Asks the caller for a text, and makes what it throws an error of this room.
  private func ask(
    _ body: (ObjectID, [[UInt8]]) throws -> [UInt8]?, _ object: ObjectID, _ bodies: [[UInt8]]
  ) throws(NotesError) -> [UInt8]? {
    do {
      return try body(object, bodies)
    } catch {
      throw NotesError(.refused, "write the note about \(object) in \(name)", "\(error)", cause: error)
    }
  }

  private func contended(
    _ refusal: GitError, _ patience: Duration, in repository: borrowing Repository
  ) -> NotesError {
    guard refusal.code == .locked else {
      return NotesError(
        .contended, "write \(name)", "other processes kept changing it for \(patience)",
        cause: refusal)
    }
    let lock = "\(repository.commonDirectory)/\(name).lock"
    return NotesError(
      .contended, "write \(name)",
      "another process has held its lock for \(patience); if no git command is running, delete "
        + "\(lock), or let repair do so in a minute",
      cause: refusal)
  }
}
