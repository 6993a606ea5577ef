/// Where the parts of a repository are, as one of its work trees sees it.
struct RepositoryLayout {
  /// The root of the work tree, absolute and without a trailing slash; `nil` when the repository is bare.
  let workTree: String?
  /// The git directory of this work tree.
  let gitDirectory: String
  /// The git directory that all work trees share.
  let commonDirectory: String
  /// Whether this is a worktree made by `git worktree add`.
  let isLinkedWorktree: Bool
}
