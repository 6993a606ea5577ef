extension Repository {
  /// Returns the remotes that are configured, by name.
  package func remotes() throws(GitError) -> [Remote] { try plumbing.remotes() }

  /// Returns the main work tree and every linked one; what cannot be made sense of is left out.
  package func worktrees() throws(GitError) -> [Worktree] { try plumbing.worktrees() }

  /// Returns the commits that a merge in progress is bringing in; none when there is no merge.
  package func mergeHeads() throws(GitError) -> [ObjectID] { try plumbing.mergeHeads() }

  /// Returns the versions of `path` that a merge left for the user to reconcile; `nil` when there is no conflict.
  package func conflict(at path: String) throws(GitError) -> Conflict? {
    try withIndex { plumbing throws(GitError) in try plumbing.conflict(at: path) }
  }

  /// Returns all versions that a merge left for the user to reconcile, by their paths.
  package func conflicts() throws(GitError) -> [(path: String, conflict: Conflict)] {
    try withIndex { plumbing throws(GitError) in try plumbing.conflicts() }
  }

  /// Whether the index has `path`, with or without a conflict.
  package func isTracked(_ path: String) throws(GitError) -> Bool {
    try withIndex { plumbing throws(GitError) in try plumbing.isTracked(path) }
  }

  /// Takes the work tree's content of `paths` into the index, ignored or not, and ends their conflicts.
  ///
  /// All other entries stay as they are: what the user has staged stays staged, and nothing else becomes so.
  ///
  /// - Throws: ``GitError`` with ``GitError/Code/notFound`` when the work tree lacks one of the files; nothing is
  ///   staged then.
  package func stage(_ paths: [String]) throws(GitError) {
    try withIndex { plumbing throws(GitError) in try plumbing.stage(paths) }
  }

  /// Returns the name that the file at `path`, below the top of the work tree, would have as a blob; `nil` when there is
  /// no file.
  ///
  /// It is what git would stage, line ends converted where the user has asked for that.
  package func blobName(ofFile path: String) throws(GitError) -> ObjectID? { try plumbing.blobName(ofFile: path) }

  /// Asks whoever can read the index: a split or a sparse one only git.
  private func withIndex<Answer>(
    _ question: (any Plumbing) throws(GitError) -> Answer
  ) throws(GitError) -> Answer {
    do {
      return try question(plumbing)
    } catch {
      guard error.code == .unsupported, plumbing is LibraryPlumbing else { throw error }
      return try question(try CommandPlumbing(discoveredFrom: workTree ?? gitDirectory, insteadOf: error))
    }
  }
}
