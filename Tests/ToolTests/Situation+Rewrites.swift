import TestSupport
import Testing

extension Situation {
  /// Commits are replaced by others, one way or another.
  static let rewrites =
    [false, true].flatMap { copiesNotes in
      ["merge", "repair"].map { command in
        Situation("an amended commit\(copiesNotes ? " with notes.rewriteRef" : "")", healedBy: command) { stage in
          if copiesNotes { try stage.copyNotes() }
          try stage.advance()
          try stage.emit()
          try stage.git("commit", "--quiet", "--amend", "-m", "Go on, better")
          try stage.emit()
        }
      }
        + eitherWay("a lane whose commit was amended\(copiesNotes ? " with notes.rewriteRef" : "")") { stage in
          if copiesNotes { try stage.copyNotes() }
          let worktree = try stage.lane()
          try stage.git("commit", "--quiet", "--amend", "-m", "feat: better", in: worktree)
          try stage.merge("f-WP01")
        }
    }
    + eitherWay("cherry-picks of a lane that is gone") { stage in
      try stage.lane()
      try stage.git("cherry-pick", "main..f-WP01")
      try stage.abandon("WP01")
    }
    + eitherWay("cherry-picks of a lane that is named", healedBy: "merge", "f-WP01") { stage in
      try stage.lane()
      try stage.git("cherry-pick", "-x", "main..f-WP01")
    }
    + [
      Situation("cherry-picks that stop at conflicts in the log", logs: .plain) { stage in
        let worktree = try stage.laneBesideLog()
        var pick = try stage.repository.attempt(["cherry-pick", "--allow-empty", "main..f-WP01"])
        for _ in 1...9 where pick.status != 0 {
          #expect(try stage.repository.tool("merge").status == 0)
          pick = try stage.repository.attempt(["cherry-pick", "--continue"])
        }
        #expect(pick.status == 0, "\(pick.errorText) \(worktree)")
        try stage.abandon("WP01")
      }
    ]
    + eitherWay("format-patch and am") { stage in
      try stage.lane()
      let folder = "\(stage.repository.folder.path)/mail"
      let patches = try stage.git("format-patch", "--quiet", "-o", folder, "main..f-WP01")
      #expect(patches.isEmpty)
      try stage.repository.run("sh", "-c", #"git am --quiet "$0"/*.patch"#, folder)
      try stage.abandon("WP01")
    }
    + eitherWay("reset --soft and a new commit") { stage in
      let worktree = try stage.lane()
      try stage.git("reset", "--quiet", "--soft", "f-WP01~2", in: worktree)
      try stage.git("commit", "--quiet", "-m", "feat: all at once", in: worktree)
      try stage.merge("f-WP01")
    }
    + eitherWay("filter-branch") { stage in
      try stage.lane()
      try stage.merge("f-WP01")
      try stage.abandon("WP01")
      try stage.repository.run(
        "env", "FILTER_BRANCH_SQUELCH_WARNING=1", "git", "filter-branch", "--msg-filter", "sed s/feat/feature/",
        "--", "main")
    }
    + eitherWay("a revert of a merge") { stage in
      try stage.lane()
      try stage.merge("f-WP01")
      try stage.git("revert", "--no-edit", "-m", "1", "HEAD")
    }
    + eitherWay("a revert of a merge, the lane gone") { stage in
      try stage.lane()
      try stage.merge("f-WP01")
      try stage.git("revert", "--no-edit", "-m", "1", "HEAD")
      try stage.abandon("WP01")
      try stage.advance("later")
    }
    + [
      Situation("a branch thrown away with reset --hard", healedBy: "repair") { stage in
        try stage.advance()
        try stage.emit()
        try stage.git("reset", "--quiet", "--hard", "HEAD~1")
      },
      Situation("an attempt that a lane threw away before it was merged") { stage in
        let worktree = try stage.lane()
        try stage.git("reset", "--quiet", "--hard", "HEAD~1", in: worktree)
        try stage.work("third", in: worktree)
        try stage.merge("f-WP01")
      },
      Situation("an amended commit that a stash still holds", healedBy: "repair") { stage in
        try stage.advance()
        try stage.emit()
        try stage.repository.write("meanwhile.txt", "changed\n")
        try stage.git("stash", "--quiet")
        try stage.git("commit", "--quiet", "--amend", "-m", "Go on, better")
      },
      Situation("a commit undone with reset --soft, and its work stashed", healedBy: "repair") { stage in
        try stage.advance()
        try stage.emit()
        try stage.git("reset", "--quiet", "--soft", "HEAD~1")
        try stage.git("stash", "--quiet")
        try stage.advance("another")
      },
    ]
}

extension Stage {
  /// A work package of two commits with events on each, while the main branch goes on.
  @discardableResult
  func lane() throws -> String {
    let worktree = try workPackage("WP01")
    try work("second", in: worktree)
    try advance()
    return worktree
  }

  /// A lane that commits its log, while the main branch commits its own.
  @discardableResult
  func laneBesideLog() throws -> String {
    let worktree = try lane()
    try emit("--wp-id", "WP00")
    try repository.commit("Record the telemetry")
    return worktree
  }

  /// Lets git copy notes when it rewrites commits.
  func copyNotes() throws {
    try git("config", "notes.rewriteRef", "refs/notes/kitty-telemetry")
  }
}
