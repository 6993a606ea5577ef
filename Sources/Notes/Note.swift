package import Git

/// One note: an annotated object and the blob that annotates it.
package struct Note: Hashable, Sendable {
  /// The object the note is about; nothing says that this clone has it.
  package let annotated: ObjectID
  /// The note's text.
  package let blob: ObjectID

  /// Creates the note `blob` about `annotated`.
  package init(annotated: ObjectID, blob: ObjectID) {
    self.annotated = annotated
    self.blob = blob
  }
}
