internal import CLibgit2

extension Repository {
  /// Returns the best commit that leads to both, as a merge would take it for its base; `nil` when none does.
  package func mergeBase(of one: ObjectID, _ other: ObjectID) throws(GitError) -> ObjectID? {
    var (one, other, base) = (one.raw, other.raw, git_oid())
    let status = unsafe git_merge_base(&base, handle.pointer, &one, &other)
    return try found(status, "find the base of \(ObjectID(one)) and \(ObjectID(other))") ? ObjectID(base) : nil
  }

  /// Visits the commits that lead to `starts` and not to `hidden`, newest first, until `visit` answers false.
  ///
  /// Commits that this clone does not have are passed over, whether they were given or met on the way; so a walk ends
  /// quietly where a shallow clone's history was cut off.
  package func walk(
    from starts: [ObjectID], hiding hidden: [ObjectID] = [], firstParentOnly: Bool = false,
    _ visit: (ObjectID) throws(GitError) -> Bool
  ) throws(GitError) {
    if isShallow {
      return try walkWhatIsPresent(from: starts, hiding: hidden, firstParentOnly: firstParentOnly, visit)
    }
    let walk = try unsafe Handle(freedBy: git_revwalk_free, "walk the history of \(commonDirectory)") {
      unsafe git_revwalk_new(&$0, handle.pointer)
    }
    try check(unsafe git_revwalk_sorting(walk.pointer, GIT_SORT_TIME.rawValue), "walk by time")
    if firstParentOnly {
      try check(unsafe git_revwalk_simplify_first_parent(walk.pointer), "walk along first parents")
    }
    for start in starts where try contains(start) {
      var raw = start.raw
      try check(unsafe git_revwalk_push(walk.pointer, &raw), "walk from \(start)")
    }
    for end in hidden where try contains(end) {
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
