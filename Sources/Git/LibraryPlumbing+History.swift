internal import CLibgit2

extension LibraryPlumbing {
  func mergeBase(of one: ObjectID, _ other: ObjectID) throws(GitError) -> ObjectID? {
    var (one, other, base) = (one.raw, other.raw, git_oid())
    let status = unsafe git_merge_base(&base, handle.pointer, &one, &other)
    return try found(status, "find the base of \(ObjectID(one)) and \(ObjectID(other))") ? ObjectID(base) : nil
  }

  func walk(
    from starts: [ObjectID], hiding hidden: [ObjectID], firstParentOnly: Bool,
    _ visit: (ObjectID) throws(GitError) -> Bool
  ) throws(GitError) {
    let walk = try unsafe Handle(freedBy: git_revwalk_free, "walk the history of \(commonDirectory)") {
      unsafe git_revwalk_new(&$0, handle.pointer)
    }
    // The usual order is newest first already; to ask for it would have libgit2 go through all of history beforehand.
    if firstParentOnly {
      try check(unsafe git_revwalk_simplify_first_parent(walk.pointer), "walk along first parents")
    }
    for start in starts {
      var raw = start.raw
      try check(unsafe git_revwalk_push(walk.pointer, &raw), "walk from \(start)")
    }
    for end in hidden {
      var raw = end.raw
      try check(unsafe git_revwalk_hide(walk.pointer, &raw), "hide \(end) from a walk")
    }
    while true {
      var next = git_oid()
      let status = unsafe git_revwalk_next(&next, walk.pointer)
      guard status != GIT_ITEROVER.rawValue else { return }
      try check(status, "walk the history of \(commonDirectory)")
      guard try visit(ObjectID(next)) else { return }
    }
  }
}
