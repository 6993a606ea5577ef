/// One reference, and the commit that it leads to through symbolic references and tags.
package struct Reference: Hashable, Sendable {
  /// The full name: `refs/heads/main`.
  package let name: String
  /// The commit it leads to.
  package let commit: ObjectID
}
