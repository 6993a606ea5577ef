internal import CLibgit2

/// Something that git has begun in a work tree and not finished.
package enum Operation: Hashable, Sendable {
  /// `git merge` waits for conflicts to be resolved or for its commit.
  case merge
  /// `git rebase` is under way, whichever way it works.
  case rebase
  /// `git cherry-pick` is under way.
  case cherryPick
  /// `git revert` is under way.
  case revert
  /// `git bisect` is searching.
  case bisect
  /// `git am` is applying mail.
  case applyMailbox
}

extension Operation: CustomStringConvertible {
  /// The name of the command that began it.
  package var description: String {
    switch self {
    case .merge: "merge"
    case .rebase: "rebase"
    case .cherryPick: "cherry-pick"
    case .revert: "revert"
    case .bisect: "bisect"
    case .applyMailbox: "am"
    }
  }
}

extension Operation {
  init?(state: CInt) {
    switch git_repository_state_t(rawValue: git_repository_state_t.RawValue(truncatingIfNeeded: state)) {
    case GIT_REPOSITORY_STATE_MERGE: self = .merge
    case GIT_REPOSITORY_STATE_REBASE, GIT_REPOSITORY_STATE_REBASE_INTERACTIVE, GIT_REPOSITORY_STATE_REBASE_MERGE,
      GIT_REPOSITORY_STATE_APPLY_MAILBOX_OR_REBASE:
      self = .rebase
    case GIT_REPOSITORY_STATE_CHERRYPICK, GIT_REPOSITORY_STATE_CHERRYPICK_SEQUENCE: self = .cherryPick
    case GIT_REPOSITORY_STATE_REVERT, GIT_REPOSITORY_STATE_REVERT_SEQUENCE: self = .revert
    case GIT_REPOSITORY_STATE_BISECT: self = .bisect
    case GIT_REPOSITORY_STATE_APPLY_MAILBOX: self = .applyMailbox
    default: return nil
    }
  }
}
