package import Events
package import Git

// A note's body is lines as in a log: the events in total order, then the rest. Readers skip the empty lines that
// `git notes append` puts between entries.

extension NotesRef {
  /// Joins events into the notes of commits, all in one notes commit, and returns what was done.
  ///
  /// What a note already has stays, also what was written to it by other means; its body becomes the written form of
  /// the join.
  ///
  /// - Throws: as ``update(_:in:subject:within:_:)``.
  package func join(
    _ additions: [ObjectID: EventSet], in repository: borrowing Repository, within patience: Duration
  ) throws(NotesError) -> Update {
    let count = additions.values.reduce(0) { $0 + $1.count }
    let subject = NotesRef.subject(events: count, commits: additions.count)
    return try update(additions.keys.sorted(), in: repository, subject: subject, within: patience) { commit, bodies in
      additions[commit].map { EventSet(bodies.map(LineBuffer.init)).joined(with: $0).bytes }
    }
  }

  /// Joins events into the note of one commit; as ``join(_:in:within:)``, without a table for one thing.
  package func join(
    _ events: EventSet, intoNoteOf commit: ObjectID, in repository: borrowing Repository, within patience: Duration
  ) throws(NotesError) -> Update {
    let subject = NotesRef.subject(events: events.count, commits: 1)
    return try update([commit], in: repository, subject: subject, within: patience) { _, bodies in
      EventSet(bodies.map(LineBuffer.init)).joined(with: events).bytes
    }
  }

  /// The size in bytes of the note about `commit`; 0 when it has none, `nil` when its blob is absent from this clone.
  package func size(of commit: ObjectID, in repository: borrowing Repository) throws(NotesError) -> Int? {
    let root = try root(in: repository)
    do {
      var size = 0
      for blob in try NotesTree.blobs(annotating: commit, in: root, of: repository) {
        guard let bytes = try repository.blobSize(blob) else { return nil }
        size += bytes
      }
      return size
    } catch {
      throw NotesError(error, "read the note about \(commit) in \(name)")
    }
  }
}
