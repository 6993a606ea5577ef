/// One of the work trees that share a repository.
package struct Worktree: Hashable, Sendable {
  /// The name git gave a linked worktree; empty for the main one.
  package let name: String
  /// Its folder, without a trailing slash; for a bare repository the repository itself.
  package let path: String
  /// The full name of the branch it has checked out; `nil` when the head is detached.
  package let branch: String?
  /// The commit it has checked out; `nil` on a branch that has none yet.
  package let head: ObjectID?
  /// Whether its folder still exists.
  package let isPresent: Bool
}
