/// Something that keeps a repository from recording as it could.
package struct Symptom: Hashable, Sendable {
  /// How bad it is.
  package enum Severity: String, Sendable, CaseIterable {
    /// Recording does not work as it should.
    case wrong
    /// Something is not set up.
    case missing
    /// Recording works, and may not go on to.
    case risky
  }

  /// What kinds there are; the raw values are what scripts see.
  package enum Kind: String, Sendable {
    /// The repository cannot be used.
    case repository
    /// git cannot find this program, so hooks and shims do nothing.
    case notOnPath = "not_on_path"
    /// Logs and clocks are not out of git's sight, or not in it.
    case excludes
    /// Logs and clocks do not merge as they should.
    case attributes
    /// git does not call us.
    case hooks
    /// Worktrees have no hooks.
    case hooksInWorktrees = "hooks_in_worktrees"
    /// Notes do not follow commits that are made anew.
    case rewriteRef = "rewrite_ref"
    /// Notes that come together are not joined as they should be.
    case rewriteMode = "rewrite_mode"
    /// A fetch would overwrite the notes.
    case forcedRefspec = "forced_refspec"
    /// The notes cannot be kept under the name that they have.
    case notesRef = "notes_ref"
    /// A lock was left behind.
    case lock
    /// git keeps no record of what HEAD pointed to.
    case reflog
    /// Notes have no author.
    case identity
    /// A tracked log has changes that are not committed.
    case uncommitted
    /// Orchestrators do not find agents behind shims.
    case shims
  }

  /// How bad it is.
  package let severity: Severity
  /// What it is.
  package let kind: Kind
  /// A sentence: what is the matter, and what comes of it.
  package let message: String
  /// The command that mends it; `nil` where that takes more than one.
  package let command: String?

  init(_ severity: Severity, _ kind: Kind, _ message: String, run command: String?) {
    self.severity = severity
    self.kind = kind
    self.message = message
    self.command = command
  }
}
