/// Where a work tree stands.
package struct Head: Hashable, Sendable {
  /// The full name of the branch that is checked out; `nil` when the head is detached.
  package let branch: String?
  /// The commit that is checked out; `nil` on a branch that has none yet.
  package let commit: ObjectID?

  /// Where a work tree stands that has `commit` checked out and no branch.
  package init(detachedAt commit: ObjectID) { self.init(branch: nil, commit: commit) }

  init(branch: String?, commit: ObjectID?) {
    self.branch = branch
    self.commit = commit
  }

  /// What is taken for HEAD where it cannot be read: no branch and no commit.
  package static let unknown = Head(branch: nil, commit: nil)
}
