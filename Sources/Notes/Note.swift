package import Git

/// One note: an annotated object and the blob that annotates it.
package struct Note: Hashable, Sendable {
  /// The object the note is about; nothing says that this clone has it.
  package let annotated: ObjectID
  /// The note's text.
  package let blob: ObjectID

  /// The most bytes that a note may have: what is larger is not read, and is left as it is.
  ///
  /// A hundred thousand events on one commit take as much. Whoever may push to the notes can put anything there, and a
  /// blob of a gigabyte is a megabyte on its way here: up to this size it costs every reader some seconds at worst.
  package static let maximumSize = 64 << 20

  /// Creates the note `blob` about `annotated`.
  package init(annotated: ObjectID, blob: ObjectID) {
    self.annotated = annotated
    self.blob = blob
  }
}

extension Repository {
  /// Returns the text of a note; one that is larger than a note may be is not read.
  package func note(_ blob: ObjectID) throws(GitError) -> BlobContent {
    try self.blob(blob, atMost: Note.maximumSize)
  }
}
