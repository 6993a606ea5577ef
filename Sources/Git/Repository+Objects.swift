internal import CLibgit2

extension Repository {
  /// Whether the object database has the object, of whatever kind.
  package func contains(_ id: ObjectID) throws(GitError) -> Bool {
    let database = try objectDatabase()
    var raw = id.raw
    return unsafe git_odb_exists(database.pointer, &raw) == 1
  }

  /// Returns the commit that a revision expression names, through tags; `nil` when it names no commit.
  package func commit(named expression: String) throws(GitError) -> ObjectID? {
    let attempt = "find the commit \(expression)"
    let named = try unsafe Handle.ifFound(
      freedBy: git_object_free, attempt, absence: [GIT_ENOTFOUND, GIT_EINVALIDSPEC]
    ) {
      unsafe git_revparse_single(&$0, handle.pointer, expression)
    }
    guard let named else { return nil }
    let commit = try unsafe Handle.ifFound(
      freedBy: git_object_free, attempt, absence: [GIT_ENOTFOUND, GIT_EINVALIDSPEC, GIT_EPEEL]
    ) {
      unsafe git_object_peel(&$0, named.pointer, GIT_OBJECT_COMMIT)
    }
    guard let commit else { return nil }
    return unsafe ObjectID(git_object_id(commit.pointer))
  }

  /// Returns the commit named `id`; `nil` when this clone does not have it.
  package func commit(_ id: ObjectID) throws(GitError) -> Commit? {
    var raw = id.raw
    let commit = try unsafe Handle.ifFound(freedBy: git_commit_free, "read commit \(id)") {
      unsafe git_commit_lookup(&$0, handle.pointer, &raw)
    }
    guard let commit, let tree = unsafe ObjectID(git_commit_tree_id(commit.pointer)) else { return nil }
    var parents: [ObjectID] = []
    for index in 0..<(unsafe git_commit_parentcount(commit.pointer)) {
      guard let parent = unsafe ObjectID(git_commit_parent_id(commit.pointer, index)) else { break }
      parents.append(parent)
    }
    let message = unsafe git_commit_message(commit.pointer).map { unsafe String(cString: $0) }
    let time = unsafe git_commit_time(commit.pointer)
    let author = unsafe Self.author(git_commit_author(commit.pointer))
    return Commit(id: id, tree: tree, parents: parents, message: message ?? "", time: time, author: author)
  }

  private static func author(_ signature: UnsafePointer<git_signature>?) -> Commit.Author {
    guard let signature = unsafe signature else { return Commit.Author(name: "", email: "", time: 0) }
    return unsafe Commit.Author(
      name: signature.pointee.name.map { unsafe String(cString: $0) } ?? "",
      email: signature.pointee.email.map { unsafe String(cString: $0) } ?? "", time: signature.pointee.when.time)
  }

  /// Returns the entries of the tree named `id`, in git's order.
  ///
  /// - Throws: ``GitError`` with ``GitError/Code/notFound`` when this clone does not have the tree.
  package func tree(_ id: ObjectID) throws(GitError) -> [TreeEntry] {
    let tree = try lookUpTree(id)
    let count = unsafe git_tree_entrycount(tree.pointer)
    var entries: [TreeEntry] = []
    entries.reserveCapacity(count)
    for index in 0..<count {
      guard let entry = unsafe TreeEntry(git_tree_entry_byindex(tree.pointer, index)) else { break }
      entries.append(entry)
    }
    return entries
  }

  /// Returns what `path`, with slashes between folders, stands for in the tree named `tree`.
  ///
  /// - Throws: ``GitError`` with ``GitError/Code/notFound`` when this clone lacks a tree on the way: what is not known
  ///   to be there is not said to be absent.
  package func entry(at path: String, in tree: ObjectID) throws(GitError) -> TreeEntry? {
    var folder = tree
    let names = path.split(separator: "/")
    for (index, name) in names.enumerated() {
      let tree = try lookUpTree(folder)
      guard let entry = unsafe TreeEntry(git_tree_entry_byname(tree.pointer, String(name))) else { return nil }
      if index == names.count - 1 { return entry }
      guard entry.kind == .tree else { return nil }
      folder = entry.id
    }
    return nil
  }

  /// Returns the content of the blob named `id`; `nil` when this clone does not have it, as a partial clone may not.
  package func blob(_ id: ObjectID) throws(GitError) -> [UInt8]? {
    var raw = id.raw
    let blob = try unsafe Handle.ifFound(freedBy: git_blob_free, "read blob \(id)") {
      unsafe git_blob_lookup(&$0, handle.pointer, &raw)
    }
    guard let blob else { return nil }
    let count = Int(unsafe git_blob_rawsize(blob.pointer))
    return unsafe [UInt8](UnsafeRawBufferPointer(start: git_blob_rawcontent(blob.pointer), count: count))
  }

  /// Returns the size in bytes of the blob named `id` without reading its content; `nil` when it is absent.
  package func blobSize(_ id: ObjectID) throws(GitError) -> Int? {
    let database = try objectDatabase()
    var raw = id.raw
    var size = 0
    var kind = GIT_OBJECT_INVALID
    let status = unsafe git_odb_read_header(&size, &kind, database.pointer, &raw)
    return try found(status, "read the size of blob \(id)") && kind == GIT_OBJECT_BLOB ? size : nil
  }

  func lookUpTree(_ id: ObjectID) throws(GitError) -> Handle {
    var raw = id.raw
    return try unsafe Handle(freedBy: git_tree_free, "read tree \(id)") {
      unsafe git_tree_lookup(&$0, handle.pointer, &raw)
    }
  }

  private func objectDatabase() throws(GitError) -> Handle {
    try unsafe Handle(freedBy: git_odb_free, "open the objects of \(commonDirectory)") {
      unsafe git_repository_odb(&$0, handle.pointer)
    }
  }
}
