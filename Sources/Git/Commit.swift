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
  /// Who wrote it and when: what git keeps when it makes a commit anew, by a rebase, an amendment or a cherry-pick.
  package let author: Author

  /// An author, and the moment of writing.
  package struct Author: Hashable, Sendable {
    /// The name, with malformed UTF-8 repaired.
    package let name: String
    /// The mail address, likewise.
    package let email: String
    /// Seconds since 1970.
    package let time: Int64
  }

  /// The first line of the message.
  package var subject: Substring { message.prefix { !$0.isNewline } }
}
