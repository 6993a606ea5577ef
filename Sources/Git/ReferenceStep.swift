/// One step of what a reference has pointed to.
package struct ReferenceStep: Hashable, Sendable {
  /// Where it came from; `nil` when there was no commit yet.
  package let old: ObjectID?
  /// Where it went.
  package let new: ObjectID
  /// Why, in git's words: `commit: <subject>`, `rebase (finish): …`.
  package let reason: String
}
