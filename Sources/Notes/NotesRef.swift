package import Git

/// A reference that git keeps notes under, and the one way to change it.
///
/// The reference points to a commit whose tree holds the notes and whose parent is the state before: the notes'
/// history. Several processes may write at once. Each reads the tip, builds on it, and moves the reference only if it
/// still points to that tip; whoever comes too late builds again on the new one, so no note is lost between them.
package struct NotesRef: Hashable, Sendable {
  /// The reference's full name.
  package let name: String

  /// Creates a value for the reference `name`; the repository is not looked at.
  package init(name: String = "refs/notes/kitty-telemetry") {
    self.name = name
  }

  /// Returns the commit that holds the notes as they are now; `nil` when there are none yet.
  package func tip(in repository: borrowing Repository) throws(NotesError) -> ObjectID? {
    do {
      return try repository.reference(name)
    } catch {
      throw NotesError(error, "read \(name)")
    }
  }

  /// Returns the tree that holds the notes as they are now; `nil` when there are none yet.
  ///
  /// - Throws: ``NotesError`` with ``NotesError/Code/malformed`` when the reference leads to no commit.
  package func root(in repository: borrowing Repository) throws(NotesError) -> ObjectID? {
    try root(at: try tip(in: repository), in: repository)
  }

  /// Returns all notes, by the annotated objects' names.
  package func notes(in repository: borrowing Repository) throws(NotesError) -> [Note] {
    let root = try root(in: repository)
    do {
      return try NotesTree.notes(in: root, of: repository)
    } catch {
      throw NotesError(error, "list the notes of \(name)")
    }
  }

  /// Returns the texts of the notes about `annotated`; those whose blobs this clone does not have, or which are too large
  /// to be read, are left out.
  package func bodies(
    of annotated: ObjectID, in repository: borrowing Repository
  ) throws(NotesError) -> [[UInt8]] {
    let root = try root(in: repository)
    do {
      var bodies: [[UInt8]] = []
      for blob in try NotesTree.blobs(annotating: annotated, in: root, of: repository) {
        if case .bytes(let body) = try repository.note(blob) { bodies.append(body) }
      }
      return bodies
    } catch {
      throw NotesError(error, "read the note about \(annotated) in \(name)")
    }
  }

  /// Returns the tree that holds the notes as they were at the commit `tip`.
  ///
  /// - Throws: ``NotesError`` with ``NotesError/Code/malformed`` when `tip` is no commit of this clone.
  package func root(at tip: ObjectID?, in repository: borrowing Repository) throws(NotesError) -> ObjectID? {
    guard let tip else { return nil }
    do {
      if let commit = try repository.commit(tip) { return commit.tree }
    } catch {
      throw NotesError(error, "read \(name)")
    }
    throw NotesError(
      .malformed, "read \(name)",
      "it points to \(tip), which is no commit here; fetch the notes again or choose another reference for them")
  }
}
