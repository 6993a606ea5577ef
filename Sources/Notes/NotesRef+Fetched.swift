package import Git

// What a remote's notes were when they were last fetched is kept apart from our own, so that a fetch overwrites nothing:
// those of `refs/notes/kitty-telemetry` at `origin` in `refs/notes/remotes/origin/kitty-telemetry`.

extension NotesRef {
  /// What the names of all references for notes begin with.
  static let prefix = "refs/notes/"

  /// The reference for what is fetched of these notes from `remote`.
  package func fetched(from remote: String) -> NotesRef {
    NotesRef(name: "\(NotesRef.prefix)remotes/\(remote)/\(shortName)")
  }

  /// The references that hold fetched notes, whatever their remotes are.
  package func fetched(in repository: borrowing Repository) throws(NotesError) -> [NotesRef] {
    do {
      return try repository.references().map(\.name).sorted()
        .filter { $0.hasPrefix("\(NotesRef.prefix)remotes/") && $0.hasSuffix("/\(shortName)") }
        .map(NotesRef.init)
    } catch {
      throw NotesError(error, "find what was fetched of \(name)")
    }
  }

  /// Returns the notes that `other` has and this reference has not, or has with another text.
  package func notes(
    missingFrom other: NotesRef, in repository: borrowing Repository
  ) throws(NotesError) -> [Note] {
    let own = try root(in: repository)
    let others = try other.root(in: repository)
    do {
      return try NotesTree.changes(from: own, to: others, in: repository)
    } catch {
      throw NotesError(error, "compare \(name) with \(other.name)")
    }
  }

  /// Returns the notes that this reference has and the tree `old` has not, or has with another text.
  package func notes(since old: ObjectID?, in repository: borrowing Repository) throws(NotesError) -> [Note] {
    let root = try root(in: repository)
    do {
      return try NotesTree.changes(from: old, to: root, in: repository)
    } catch {
      throw NotesError(error, "read what has changed in \(name)")
    }
  }

  /// The name below `refs/notes/`.
  private var shortName: String {
    name.hasPrefix(NotesRef.prefix) ? String(name.dropFirst(NotesRef.prefix.count)) : name
  }
}
