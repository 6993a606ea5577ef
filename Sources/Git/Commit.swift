/// One commit, copied out of the object database.
package struct Commit: Hashable, Sendable {
  /// The commit's own name.
  package let id: ObjectID
  /// The tree it records.
  package let tree: ObjectID
  /// The commits it follows, the first parent first; in a shallow clone they may be absent.
  package let parents: [ObjectID]
  /// The message, with malformed UTF-8 repaired.
  package let message: String
  /// The committer's time in seconds since 1970.
  package let time: Int64
}
