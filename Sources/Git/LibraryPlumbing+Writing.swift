internal import CLibgit2

extension LibraryPlumbing {
  func write(blob content: [UInt8]) throws(GitError) -> ObjectID {
    var id = git_oid()
    let status = unsafe content.withUnsafeBytes { bytes in
      written { unsafe git_blob_create_from_buffer(&id, handle.pointer, bytes.baseAddress, bytes.count) }
    }
    try check(status, "write a blob of \(content.count) bytes")
    return ObjectID(id)
  }

  func writeTree(
    from base: ObjectID?, setting entries: [TreeEntry], removing names: [String]
  ) throws(GitError) -> ObjectID {
    let builder = try treeBuilder(from: base)
    for name in names where unsafe git_treebuilder_get(builder.pointer, name) != nil {
      try check(unsafe git_treebuilder_remove(builder.pointer, name), "remove \(name) from a tree")
    }
    for entry in entries {
      var raw = entry.id.raw
      try check(
        unsafe git_treebuilder_insert(nil, builder.pointer, entry.name, &raw, entry.kind.mode),
        "put \(entry.name) into a tree")
    }
    var id = git_oid()
    try check(written { unsafe git_treebuilder_write(&id, builder.pointer) }, "write a tree")
    return ObjectID(id)
  }

  func writeCommit(tree: ObjectID, parents: [ObjectID], message: String) throws(GitError) -> ObjectID {
    let author = try unsafe signature(role: "AUTHOR")
    defer { unsafe git_signature_free(author) }
    let committer = try unsafe signature(role: "COMMITTER")
    defer { unsafe git_signature_free(committer) }
    let parents = parents.map(\.raw)
    var tree = tree.raw
    var id = git_oid()
    let status = unsafe parents.withUnsafeBufferPointer { parents in
      // libgit2 wants pointers to the names, not the names.
      var pointers = unsafe parents.indices.map { index -> UnsafePointer<git_oid>? in
        unsafe parents.baseAddress.map { unsafe $0 + index }
      }
      return unsafe pointers.withUnsafeMutableBufferPointer { pointers in
        written {
          unsafe git_commit_create_from_ids(
            &id, handle.pointer, nil, author, committer, nil, message, &tree, pointers.count, pointers.baseAddress)
        }
      }
    }
    try check(status, "write a commit")
    return ObjectID(id)
  }

  /// Lets libgit2 write an object, again if it has to be.
  ///
  /// `git gc` removes folders of objects that have become empty. libgit2 makes such a folder first and moves the object
  /// there afterwards, which fails when the folder is gone by then.
  private func written(_ write: () -> CInt) -> CInt {
    var status = write()
    for _ in 0..<15 {
      guard status < 0, unsafe git_error_last()?.pointee.klass == CInt(GIT_ERROR_OS.rawValue) else { break }
      status = write()
    }
    return status
  }

  private func treeBuilder(from base: ObjectID?) throws(GitError) -> Handle {
    guard let base else {
      return try unsafe Handle(freedBy: git_treebuilder_free, "begin a tree") {
        unsafe git_treebuilder_new(&$0, handle.pointer, nil)
      }
    }
    let tree = try lookUpTree(base)
    return try unsafe Handle(freedBy: git_treebuilder_free, "change tree \(base)") {
      unsafe git_treebuilder_new(&$0, handle.pointer, tree.pointer)
    }
  }

  /// Returns the identity for `AUTHOR` or `COMMITTER`, to be freed by the caller.
  private func signature(role: String) throws(GitError) -> UnsafeMutablePointer<git_signature>? {
    var signature: UnsafeMutablePointer<git_signature>?
    // Whatever is wrong with the configured identity, the next one may do.
    if unsafe git_signature_default(&signature, handle.pointer) == 0 { return unsafe signature }
    if let name = environment("GIT_\(role)_NAME"), let email = environment("GIT_\(role)_EMAIL"),
      unsafe git_signature_now(&signature, name, email) == 0
    {
      return unsafe signature
    }
    try check(
      unsafe git_signature_now(&signature, "kitty-git-telemetry", "kitty-git-telemetry@localhost"),
      "sign a commit")
    return unsafe signature
  }
}
