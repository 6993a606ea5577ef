/// How far a join reaches, and what it may change.
package struct MergeScope: Sendable {
  /// The branches or commits whose events are due although no merge led to them, as after a squash.
  package var revisions: [String] = []
  /// The only feature to join; `nil` for all.
  package var feature: String?
  /// Whether the logs of other worktrees are read too.
  package var readsWorktrees = false
  /// Whether everything is joined that can be: events that only logs have get notes, and what the parents of earlier
  /// merges had comes back.
  package var healsAll = false
  /// Whether events get notes although the notes of a remote have not been fetched.
  package var ignoresRemotes = false
  /// Whether nothing is changed: the report then tells what would be.
  package var isPreview = false
  /// A commit to look at in place of HEAD and the work tree; only for previews.
  package var reference: String?

  /// Whether what an earlier merge found settled is looked at again.
  var looksAtEverything: Bool { readsWorktrees || healsAll || reference != nil }

  /// A join of what is due at HEAD.
  package init() {}

  /// A join of everything that the replicas of this machine know.
  package static var repair: MergeScope {
    var scope = MergeScope()
    scope.readsWorktrees = true
    scope.healsAll = true
    return scope
  }
}

/// Is told what a join is doing, and how much of it is done, for people who wait.
package typealias MergeProgress = (_ activity: String, _ done: Int, _ total: Int) -> Void
