import TestSupport

extension Situation {
  /// Events wait for a commit, and git does something else first.
  static let waits =
    [
      Situation("a commit that never came") { stage in
        let worktree = try stage.waitingLane()
        try stage.git("merge", "--quiet", "--no-edit", "f-WP01")
        try stage.git("worktree", "remove", "--force", worktree)
        try stage.git("branch", "--quiet", "-D", "f-WP01")
      },
      Situation("a commit in a worktree that was moved meanwhile") { stage in
        let worktree = try stage.waitingLane()
        try stage.git("worktree", "move", worktree, worktree + "-moved")
        try stage.repository.work(in: worktree + "-moved", "late.txt")
        try stage.merge("f-WP01")
      },
      Situation("a commit on a branch that was renamed meanwhile") { stage in
        let worktree = try stage.waitingLane()
        try stage.git("branch", "--move", "f-WP01", "f-WP02")
        try stage.repository.work(in: worktree, "late.txt")
        try stage.merge("f-WP02")
      },
      Situation("a commit on top of one that was amended meanwhile") { stage in
        let worktree = try stage.waitingLane()
        try stage.git("commit", "--quiet", "--amend", "-m", "feat: better", in: worktree)
        try stage.repository.work(in: worktree, "late.txt")
        try stage.merge("f-WP01")
        try stage.abandon("WP01")
      },
      Situation("a commit on a lane that was rebased meanwhile") { stage in
        let worktree = try stage.waitingLane()
        try stage.advance()
        try stage.git("rebase", "--quiet", "main", in: worktree)
        try stage.repository.work(in: worktree, "late.txt")
        try stage.merge("f-WP01")
        try stage.abandon("WP01")
      },
      Situation("a commit whose reflog has expired") { stage in
        let worktree = try stage.waitingLane()
        try stage.repository.work(in: worktree, "late.txt")
        try stage.merge("f-WP01")
        try stage.collectGarbage()
      },
      Situation("a commit on the target, while a lane is merged") { stage in
        try stage.workPackage("WP01")
        try stage.advance()
        try stage.emit("--next-commit")
        try stage.merge("f-WP01")
        try stage.advance("later")
      },
      Situation("a commit that finished a merge") { stage in
        try stage.workPackage("WP01")
        try stage.advance()
        try stage.emit("--next-commit")
        try stage.merge("f-WP01", "--no-commit")
        try stage.git("commit", "--quiet", "--no-edit")
      },
    ]
}

extension Stage {
  /// A work package with an event that waits for its next commit.
  fileprivate func waitingLane() throws -> String {
    let worktree = try workPackage("WP01", events: 1)
    try emit("--next-commit", in: worktree)
    return worktree
  }
}
