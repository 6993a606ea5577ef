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
  /// from the same `old` exactly one succeeds. A symbolic reference stays; the one it leads to is moved, if its name
  /// begins with `place`: who thinks of one kind of reference must not move one of another kind.
  ///
  /// - Throws: ``GitError`` with ``GitError/Code/changedMeanwhile`` when `name` does not point to `old`,
  ///   ``GitError/Code/locked`` when the lock is held, and ``GitError/Code/misdirected`` when `name` leads elsewhere.
  package func move(
    _ name: String, within place: String = "refs/", from old: ObjectID?, to new: ObjectID, reason: String
  ) throws(GitError) {
    // As git has it: what is received may yet be refused, and must not be built on.
    guard environment("GIT_QUARANTINE_PATH") == nil else {
      throw GitError(.other, "move \(name)", "what is being received is in quarantine; do it when the push is over")
    }
    try plumbing.move(try target(of: name, within: place), from: old, to: new, reason: reason)
  }

  /// Returns the name that `name` leads to, which is `name` itself unless it is symbolic.
  ///
  /// - Throws: ``GitError`` with ``GitError/Code/misdirected`` when that does not begin with `place`.
  @discardableResult
  package func target(of name: String, within place: String) throws(GitError) -> String {
    let target = try plumbing.target(of: name)
    guard target == name || target.hasPrefix(place) else {
      throw GitError(
        .misdirected, "move \(name)",
        "it leads to \(target), which is not below \(place); run: git symbolic-ref --delete \(name)")
    }
    return target
  }

  /// Returns what the reference `name` has pointed to, oldest step first; empty where git keeps no record of it.
  ///
  /// `HEAD` is that of this work tree.
  package func reflog(of name: String) throws(GitError) -> [ReferenceStep] { try plumbing.reflog(of: name) }
}
