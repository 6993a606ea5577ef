package import SystemPackage

/// What setting up did, or would do.
package struct SetupReport: Sendable {
  /// What became of a file.
  package enum Action: String, Sendable {
    case created, changed, deleted, unchanged
  }

  /// One file's part.
  package struct Change: Sendable {
    /// The file.
    package let path: FilePath
    /// What became of it.
    package let action: Action
    /// What our lines in it are for.
    package let purpose: String
  }

  /// The files, in the order in which they were looked at.
  package internal(set) var changes: [Change] = []
  /// The line of a shell that puts shims in front of the agents; `nil` when none were asked for.
  package internal(set) var pathLine: String?
  /// What is worth knowing although nothing went wrong, a sentence each.
  package internal(set) var notices: [String] = []
  /// What could not be done, a sentence each.
  package internal(set) var troubles: [String] = []

  /// Whether a file is other than before.
  package var hasChanges: Bool { changes.contains { $0.action != .unchanged } }
}
