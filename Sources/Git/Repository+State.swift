internal import CLibgit2

extension Repository {
  /// What git has begun in this work tree and not finished.
  package var operationInProgress: Operation? {
    Operation(state: unsafe git_repository_state(handle.pointer))
  }

  /// Returns the commits that a merge in progress is bringing in; none when there is no merge.
  package func mergeHeads() throws(GitError) -> [ObjectID] {
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
