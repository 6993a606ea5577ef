extension Repository {
  /// Whether the object database has the object, of whatever kind.
  package func contains(_ id: ObjectID) throws(GitError) -> Bool { try plumbing.contains(id) }

  /// Returns the commit that a revision expression names, through tags; `nil` when it names no commit.
  package func commit(named expression: String) throws(GitError) -> ObjectID? {
    try plumbing.commit(named: expression)
  }

  /// Returns the commit named `id`; `nil` when this clone does not have it.
  package func commit(_ id: ObjectID) throws(GitError) -> Commit? { try plumbing.commit(id) }

  /// Returns the entries of the tree named `id`, in git's order.
  ///
  /// - Throws: ``GitError`` with ``GitError/Code/notFound`` when this clone does not have the tree.
  package func tree(_ id: ObjectID) throws(GitError) -> [TreeEntry] { try plumbing.tree(id) }

  /// Returns what `path`, with slashes between folders, stands for in the tree named `tree`.
  ///
  /// - Throws: ``GitError`` with ``GitError/Code/notFound`` when this clone lacks a tree on the way: what is not known
  ///   to be there is not said to be absent.
  package func entry(at path: String, in tree: ObjectID) throws(GitError) -> TreeEntry? {
    var folder = tree
    let names = path.split(separator: "/")
    for (index, name) in names.enumerated() {
      guard let entry = try plumbing.entry(named: String(name), in: folder) else { return nil }
      if index == names.count - 1 { return entry }
      guard entry.kind == .tree else { return nil }
      folder = entry.id
    }
    return nil
  }

  /// Returns the content of the blob named `id`; `nil` when this clone does not have it, as a partial clone may not.
  package func blob(_ id: ObjectID) throws(GitError) -> [UInt8]? {
    unsafe try plumbing.withBlobs([id]) { blobs in unsafe [UInt8](blobs[0]) }
  }

  /// Returns the content of the blob named `id`, unless it has more than `limit` bytes: that is known before any of them
  /// is read.
  package func blob(_ id: ObjectID, atMost limit: Int) throws(GitError) -> BlobContent {
    guard let size = try plumbing.blobSize(id) else { return .absent }
    guard size <= limit else { return .oversized(size) }
    return try blob(id).map(BlobContent.bytes) ?? .absent
  }

  /// Returns the size in bytes of the blob named `id` without reading its content; `nil` when it is absent.
  package func blobSize(_ id: ObjectID) throws(GitError) -> Int? { try plumbing.blobSize(id) }

  /// Writes a blob and returns its name.
  package func write(blob content: [UInt8]) throws(GitError) -> ObjectID { try plumbing.write(blob: content) }

  /// Writes the tree named `base` with some entries set and some removed, and returns its name.
  ///
  /// All other entries stay as they are, whatever they are. Removing comes first; a name that `base` does not have is
  /// no error.
  package func writeTree(
    from base: ObjectID?, setting entries: [TreeEntry], removing names: [String] = []
  ) throws(GitError) -> ObjectID {
    try plumbing.writeTree(from: base, setting: entries, removing: names)
  }

  /// Writes a commit in the user's name and returns its name; no reference is touched.
  ///
  /// The identity is git's own: `user.name` and `user.email`. Where they are not set it is `GIT_AUTHOR_NAME` and
  /// `GIT_AUTHOR_EMAIL`, `GIT_COMMITTER_NAME` and `GIT_COMMITTER_EMAIL`, and without these
  /// `kitty-git-telemetry <kitty-git-telemetry@localhost>`: a record is worth more than its author's name.
  package func writeCommit(tree: ObjectID, parents: [ObjectID], message: String) throws(GitError) -> ObjectID {
    try plumbing.writeCommit(
      tree: tree, parents: parents, message: message.hasSuffix("\n") ? message : message + "\n")
  }
}
