internal import Git

/// From where the commits that carry events can be reached.
struct Reachability {
  /// Those that lead to HEAD.
  private(set) var fromHead: Set<ObjectID> = []
  /// Those that will lead to HEAD once the merge that is open has its commit.
  private(set) var fromMerging: Set<ObjectID> = []
  /// Those that lead to a commit which is being merged, or to a named revision.
  private(set) var fromNamed: Set<ObjectID> = []
  /// Those that lead to another reference or to another worktree's HEAD.
  private(set) var fromElsewhere: Set<ObjectID> = []
  /// What became of the others on the way to HEAD.
  private(set) var successors = Successors()
  /// Whether commits that are absent may still exist in the whole history.
  let isPartial: Bool

  /// Whether a commit leads to anything at all.
  func isReachable(_ commit: ObjectID) -> Bool {
    fromHead.contains(commit) || fromNamed.contains(commit) || fromElsewhere.contains(commit)
  }

  /// Looks for `carriers` in the histories of the repository.
  init(
    of carriers: Set<ObjectID>, head: ObjectID?, merging: [ObjectID], named: [ObjectID], _ worktrees: [Worktree],
    in repository: borrowing Repository
  ) throws(GitError) {
    isPartial = repository.isShallow
    let heads = head.map { [$0] } ?? []
    fromHead = try Reachability.found(carriers, from: heads, hiding: [], in: repository)
    fromNamed = try Reachability.found(carriers.subtracting(fromHead), from: named, hiding: heads, in: repository)
    fromMerging = try Reachability.found(fromNamed, from: merging, hiding: heads, in: repository)
    let rest = carriers.subtracting(fromHead)
    guard !rest.isEmpty else { return }
    let others =
      try repository.references().filter { !Reachability.isBackup($0.name) }.map(\.commit)
      + worktrees.compactMap(\.head)
    fromElsewhere = try Reachability.found(
      rest.subtracting(fromNamed), from: others, hiding: heads + named, in: repository)
    successors = try Successors(of: rest, from: heads, in: repository)
  }

  /// Whether a reference keeps what somebody has left behind: work does not go on there, so it is no home.
  private static func isBackup(_ name: String) -> Bool {
    ["refs/notes/", "refs/original/", "refs/stash", "refs/bisect/", "refs/rewritten/"].contains { name.hasPrefix($0) }
  }

  private static func found(
    _ wanted: Set<ObjectID>, from starts: [ObjectID], hiding hidden: [ObjectID], in repository: borrowing Repository
  ) throws(GitError) -> Set<ObjectID> {
    var missing = wanted
    guard !missing.isEmpty, !starts.isEmpty else { return [] }
    try repository.walk(from: starts, hiding: hidden) { id throws(GitError) in
      missing.remove(id)
      return !missing.isEmpty
    }
    return wanted.subtracting(missing)
  }
}
