internal import CLibgit2

extension LibraryPlumbing {
  var operationInProgress: Operation? {
    Operation(state: unsafe git_repository_state(handle.pointer))
  }

  func mergeHeads() throws(GitError) -> [ObjectID] {
    try requireFile("MERGE_HEAD", in: gitDirectory)
    var heads: [ObjectID] = []
    let status = unsafe withUnsafeMutablePointer(to: &heads) { heads in
      unsafe git_repository_mergehead_foreach(
        handle.pointer,
        { id, heads in
          if let id = unsafe ObjectID(id) { unsafe heads?.assumingMemoryBound(to: [ObjectID].self).pointee.append(id) }
          return 0
        }, heads)
    }
    return try found(status, "read MERGE_HEAD of \(gitDirectory)") ? heads : []
  }
}
