internal import CLibgit2

extension LibraryPlumbing {
  func conflict(at path: String) throws(GitError) -> Conflict? {
    let index = try index()
    var ancestor: UnsafePointer<git_index_entry>?
    var ours: UnsafePointer<git_index_entry>?
    var theirs: UnsafePointer<git_index_entry>?
    let status = unsafe git_index_conflict_get(&ancestor, &ours, &theirs, index.pointer, path)
    guard try found(status, "read the conflict at \(path)") else { return nil }
    return unsafe Conflict(ancestor: Self.id(ancestor), ours: Self.id(ours), theirs: Self.id(theirs))
  }

  func conflicts() throws(GitError) -> [(path: String, conflict: Conflict)] {
    let index = try index()
    let attempt = "read the conflicts of \(gitDirectory)"
    let iterator = try unsafe Handle(freedBy: git_index_conflict_iterator_free, attempt) {
      unsafe git_index_conflict_iterator_new(&$0, index.pointer)
    }
    var conflicts: [(path: String, conflict: Conflict)] = []
    while true {
      var ancestor: UnsafePointer<git_index_entry>?
      var ours: UnsafePointer<git_index_entry>?
      var theirs: UnsafePointer<git_index_entry>?
      let status = unsafe git_index_conflict_next(&ancestor, &ours, &theirs, iterator.pointer)
      guard status != GIT_ITEROVER.rawValue else { return conflicts }
      try check(status, attempt)
      guard let path = unsafe (ancestor ?? ours ?? theirs)?.pointee.path else { continue }
      let conflict = unsafe Conflict(ancestor: Self.id(ancestor), ours: Self.id(ours), theirs: Self.id(theirs))
      conflicts.append((path: unsafe String(cString: path), conflict: conflict))
    }
  }

  func isTracked(_ path: String) throws(GitError) -> Bool {
    let index = try index()
    return try found(unsafe git_index_find(nil, index.pointer, path), "look for \(path) in the index")
  }

  func stage(_ paths: [String]) throws(GitError) {
    let index = try index()
    for path in paths {
      try check(unsafe git_index_add_bypath(index.pointer, path), "stage \(path)")
    }
    try check(unsafe git_index_write(index.pointer), "write the index of \(gitDirectory)")
  }

  func blobName(ofFile path: String) throws(GitError) -> ObjectID? {
    guard let workTree else { return nil }
    var id = git_oid()
    let status = unsafe git_repository_hashfile(&id, handle.pointer, "\(workTree)/\(path)", GIT_OBJECT_BLOB, nil)
    return try found(status, "read \(path)") ? ObjectID(id) : nil
  }

  /// Opens the index as it is on disk now.
  private func index() throws(GitError) -> Handle {
    let attempt = "read the index of \(gitDirectory)"
    try requireFile("index", in: gitDirectory)
    do {
      let index = try unsafe Handle(freedBy: git_index_free, attempt) {
        unsafe git_repository_index(&$0, handle.pointer)
      }
      // libgit2 shares one index per repository; what an earlier failure left in it must not come back.
      try check(unsafe git_index_read(index.pointer, 1), attempt)
      return index
    } catch {
      // libgit2 has no status for this; `link` and `sdir` are the names of the two parts it cannot read.
      guard error.reason.contains("unsupported mandatory extension") else { throw error }
      throw error.retold(as: .unsupported, "libgit2 cannot read a split or sparse index")
    }
  }

  private static func id(_ entry: UnsafePointer<git_index_entry>?) -> ObjectID? {
    unsafe entry.map { unsafe ObjectID($0.pointee.id) }
  }
}
