internal import Git

/// From where the commits that carry events can be reached.
struct Reachability {
  /// Those that lead to HEAD.
  private(set) var fromHead: Set<ObjectID> = []
  /// Those that lead to a commit which is being merged, or to a named revision.
  private(set) var fromNamed: Set<ObjectID> = []
  /// Those that lead to another reference or to another worktree's HEAD.
  private(set) var fromElsewhere: Set<ObjectID> = []
  /// For a commit that a squash took in, the commit that the squash made: its message lists what went into it.
  private(set) var squashedInto: [ObjectID: ObjectID] = [:]
  /// Whether commits that are absent may still exist in the whole history.
  let isPartial: Bool

  /// Looks for `carriers` in the histories of the repository.
  init(
    of carriers: Set<ObjectID>, head: ObjectID?, named: [ObjectID], in repository: borrowing Repository
  ) throws(GitError) {
    isPartial = repository.isShallow
    let heads = head.map { [$0] } ?? []
    fromHead = try Reachability.found(carriers, from: heads, hiding: [], in: repository)
    fromNamed = try Reachability.found(carriers.subtracting(fromHead), from: named, hiding: heads, in: repository)
    let rest = carriers.subtracting(fromHead)
    guard !rest.isEmpty else { return }
    let others =
      try repository.references().filter { !$0.name.hasPrefix("refs/notes/") }.map(\.commit)
      + repository.worktrees().compactMap(\.head)
    fromElsewhere = try Reachability.found(
      rest.subtracting(fromNamed), from: others, hiding: heads + named, in: repository)
    squashedInto = try Reachability.squashes(of: rest, into: heads, in: repository)
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

  /// Reads the messages that `git merge --squash` prepares: a line `commit <id>` for each commit it takes in.
  private static func squashes(
    of carriers: Set<ObjectID>, into heads: [ObjectID], in repository: borrowing Repository
  ) throws(GitError) -> [ObjectID: ObjectID] {
    var homes: [ObjectID: ObjectID] = [:]
    try repository.walk(from: heads) { id throws(GitError) in
      guard let commit = try repository.commit(id) else { return true }
      for line in commit.message.split(separator: "\n") where line.hasPrefix("commit ") {
        guard let taken = ObjectID(hex: line.dropFirst("commit ".count)), carriers.contains(taken) else { continue }
        // The walk goes from new to old, so the oldest squash that names a commit stays.
        homes[taken] = id
      }
      return true
    }
    return homes
  }
}
