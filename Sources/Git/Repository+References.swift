extension Repository {
  /// Returns where this work tree stands.
  package func head() throws(GitError) -> Head { try plumbing.head() }

  /// Returns the object that `name` points to, through symbolic references; `nil` when there is no such reference.
  package func reference(_ name: String) throws(GitError) -> ObjectID? { try plumbing.reference(name) }

  /// Returns every reference that leads to a commit, with that commit.
  package func references() throws(GitError) -> [Reference] { try plumbing.references() }

  /// Moves `name` from `old` to `new` in one step; `nil` stands for no reference.
  ///
  /// The comparison and the move happen under git's own lock on the reference, so of several processes that start
  /// from the same `old` exactly one succeeds. A symbolic reference stays; the one it leads to is moved.
  ///
  /// - Throws: ``GitError`` with ``GitError/Code/changedMeanwhile`` when `name` does not point to `old`, and
  ///   ``GitError/Code/locked`` when the lock is held.
  package func move(
    _ name: String, from old: ObjectID?, to new: ObjectID, reason: String
  ) throws(GitError) {
    // As git has it: what is received may yet be refused, and must not be built on.
    guard environment("GIT_QUARANTINE_PATH") == nil else {
      throw GitError(.other, "move \(name)", "what is being received is in quarantine; do it when the push is over")
    }
    try plumbing.move(name, from: old, to: new, reason: reason)
  }

  /// Returns what the reference `name` has pointed to, oldest step first; empty where git keeps no record of it.
  ///
  /// `HEAD` is that of this work tree.
  package func reflog(of name: String) throws(GitError) -> [ReferenceStep] { try plumbing.reflog(of: name) }
}
