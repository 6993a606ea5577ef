internal import CLibgit2

extension LibraryPlumbing {
  func contains(_ id: ObjectID) throws(GitError) -> Bool {
    let database = try objectDatabase()
    var raw = id.raw
    return unsafe git_odb_exists(database.pointer, &raw) == 1
  }

  func commit(named expression: String) throws(GitError) -> ObjectID? {
    let attempt = "find the commit \(expression)"
    let named = try unsafe Handle.ifFound(
      freedBy: git_object_free, attempt, absence: [.notFound, .invalidName]
    ) {
      unsafe git_revparse_single(&$0, handle.pointer, expression)
    }
    guard let named else { return nil }
    let commit = try unsafe Handle.ifFound(
      freedBy: git_object_free, attempt, absence: [.notFound, .invalidName, .otherKind]
    ) {
      unsafe git_object_peel(&$0, named.pointer, GIT_OBJECT_COMMIT)
    }
    guard let commit else { return nil }
    return unsafe ObjectID(git_object_id(commit.pointer))
  }

  func commit(_ id: ObjectID) throws(GitError) -> Commit? {
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

  func tree(_ id: ObjectID) throws(GitError) -> [TreeEntry] {
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

  func entry(named name: String, in tree: ObjectID) throws(GitError) -> TreeEntry? {
    let tree = try lookUpTree(tree)
    return unsafe TreeEntry(git_tree_entry_byname(tree.pointer, name))
  }

  func withBlobs<Result>(
    _ ids: [ObjectID], _ body: ([UnsafeRawBufferPointer]) -> Result
  ) throws(GitError) -> Result? {
    var blobs: [UnsafeRawBufferPointer] = unsafe []
    return unsafe try lend(ids[...], &blobs, body)
  }

  /// Looks up one blob after the other, each on top of those before, which live as long.
  private func lend<Result>(
    _ ids: ArraySlice<ObjectID>, _ blobs: inout [UnsafeRawBufferPointer], _ body: ([UnsafeRawBufferPointer]) -> Result
  ) throws(GitError) -> Result? {
    guard let id = ids.first else { return unsafe body(blobs) }
    var raw = id.raw
    let blob = try unsafe Handle.ifFound(freedBy: git_blob_free, "read blob \(id)") {
      unsafe git_blob_lookup(&$0, handle.pointer, &raw)
    }
    guard let blob else { return nil }
    let count = Int(unsafe git_blob_rawsize(blob.pointer))
    unsafe blobs.append(UnsafeRawBufferPointer(start: git_blob_rawcontent(blob.pointer), count: count))
    defer { withExtendedLifetime(blob) {} }
    return unsafe try lend(ids.dropFirst(), &blobs, body)
  }

  func blobSize(_ id: ObjectID) throws(GitError) -> Int? {
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
