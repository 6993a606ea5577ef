/// The versions of one file that a merge could not reconcile; a version is `nil` where that side has no such file.
package struct Conflict: Hashable, Sendable {
  /// The version both sides began with.
  package let ancestor: ObjectID?
  /// The version of the branch that is being merged into.
  package let ours: ObjectID?
  /// The version of the branch that is being merged.
  package let theirs: ObjectID?
}
