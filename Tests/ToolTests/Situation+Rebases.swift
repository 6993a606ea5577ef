import TestSupport
import Testing

/// How a branch is rebased.
private struct Rebase: Sendable {
  let backend: String
  let copiesNotes: Bool
  let isDetached: Bool

  static let all = ["--merge", "--apply"].flatMap { backend in
    [false, true].flatMap { copiesNotes in
      [false, true].map { Rebase(backend: backend, copiesNotes: copiesNotes, isDetached: $0) }
    }
  }

  var name: String {
    "a rebase \(backend)\(isDetached ? " of a detached HEAD" : "")\(copiesNotes ? " with notes.rewriteRef" : "")"
  }
}

extension Situation {
  /// A lane is rebased onto the main branch, which has gone on.
  static let rebases =
    Rebase.all.flatMap { rebase in
      eitherWay(rebase.name) { stage in
        let worktree = try stage.lane()
        if rebase.copiesNotes { try stage.copyNotes() }
        if rebase.isDetached { try stage.git("checkout", "--quiet", "--detach", in: worktree) }
        try stage.git("rebase", "--quiet", rebase.backend, "main", in: worktree)
        if rebase.isDetached { try stage.git("branch", "--quiet", "--force", "f-WP01", "HEAD", in: worktree) }
        try stage.git("merge", "--quiet", "--ff-only", "f-WP01")
      }
    }
    + ["squash", "fixup"].flatMap { verb in
      [false, true].flatMap { copiesNotes in
        eitherWay("an interactive \(verb)\(copiesNotes ? " with notes.rewriteRef" : "")") { stage in
          let worktree = try stage.lane()
          if copiesNotes { try stage.copyNotes() }
          let editor = "sequence.editor=sed -i '2,$s/^pick/\(verb)/'"
          try stage.git("-c", editor, "rebase", "--quiet", "--interactive", "main", in: worktree)
          try stage.git("merge", "--quiet", "--ff-only", "f-WP01")
        }
      }
    }
    + eitherWay("pull --rebase") { stage in
      let worktree = try stage.lane()
      try stage.git("pull", "--quiet", "--rebase", stage.repository.path, "main", in: worktree)
      try stage.git("merge", "--quiet", "--ff-only", "f-WP01")
    }
    + [false, true].map { copiesNotes in
      Situation("a rebase healed in its lane\(copiesNotes ? ", with notes.rewriteRef" : "")", healedBy: "repair") {
        stage in
        stage.place = try stage.lane()
        if copiesNotes { try stage.copyNotes() }
        try stage.git("rebase", "--quiet", "main", in: stage.place)
      }
    }
    + [
      Situation("a rebase that goes on after it was healed") { stage in
        let worktree = try stage.lane()
        try stage.git("rebase", "--quiet", "main", in: worktree)
        try stage.work("third", in: worktree)
        try stage.merge("f-WP01")
        try stage.abandon("WP01")
      },
      Situation("a merge of a rebased, detached HEAD, the branch named", healedBy: "merge", "f-WP01") { stage in
        try stage.rebaseDetached()
      },
      Situation("a merge of a rebased, detached HEAD, the branch gone") { stage in
        try stage.rebaseDetached()
        try stage.abandon("WP01")
      },
      Situation("an event amid a rebase that was aborted") { stage in
        let worktree = try stage.lane()
        try stage.advance("second")
        #expect(try stage.repository.attempt(["rebase", "--quiet", "main"], in: worktree).status == 1)
        try stage.emit("--feature", "f", "--wp-id", "WP01", in: worktree)
        try stage.git("rebase", "--abort", in: worktree)
        try stage.git("merge", "--quiet", "--no-edit", "-X", "ours", "f-WP01")
      },
      Situation("a rebase that stops at conflicts in the log", logs: .plain) { stage in
        let worktree = try stage.laneBesideLog()
        var rebase = try stage.repository.attempt(["rebase", "main"], in: worktree)
        for _ in 1...9 where rebase.status != 0 {
          #expect(try stage.repository.tool("merge", in: worktree).status == 0)
          rebase = try stage.repository.attempt(["rebase", "--continue"], in: worktree)
        }
        #expect(rebase.status == 0, "\(rebase.errorText)")
        try stage.git("merge", "--quiet", "--ff-only", "f-WP01")
      },
      Situation("a rebase that dropped a commit which was upstream already") { stage in
        let worktree = try stage.lane()
        try stage.git("cherry-pick", "f-WP01~1")
        try stage.git("rebase", "--quiet", "main", in: worktree)
        try stage.git("merge", "--quiet", "--ff-only", "f-WP01")
      },
      Situation("a rebase that dropped every commit") { stage in
        let worktree = try stage.lane()
        try stage.git("cherry-pick", "main..f-WP01")
        try stage.copyNotes()
        try stage.git("rebase", "--quiet", "main", in: worktree)
        try stage.abandon("WP01")
      },
    ]
}

extension Stage {
  /// Merges a rebased lane whose branch stays behind.
  fileprivate func rebaseDetached() throws {
    let worktree = try lane()
    try git("checkout", "--quiet", "--detach", in: worktree)
    try git("rebase", "--quiet", "main", in: worktree)
    try git("merge", "--quiet", "--ff-only", try git("rev-parse", "HEAD", in: worktree))
  }
}
