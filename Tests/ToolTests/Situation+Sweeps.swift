import TestSupport
import Testing

extension Situation {
  /// A lane's excluded log is swept away by git, since the target branch tracks it, or since it is ignored.
  static let sweeps =
    [
      Situation("a merge of the target into a lane, healed there") { stage in
        stage.place = try stage.laneBehindLog()
        try stage.git("merge", "--quiet", "--no-edit", "main", in: stage.place)
        try stage.emit(in: stage.place)
      },
      Situation("a rebase onto the target, healed there") { stage in
        stage.place = try stage.laneBehindLog()
        try stage.git("rebase", "--quiet", "main", in: stage.place)
        try stage.emit(in: stage.place)
      },
    ]
    + [
      ("a merge of the target into a lane", [["merge", "--quiet", "--no-edit", "main"]]),
      ("a rebase onto the target", [["rebase", "--quiet", "main"]]),
      ("a cherry-pick of the target's log", [["cherry-pick", "main"]]),
      ("a checkout of the target and back", [["checkout", "--quiet", "--detach", "main"], ["checkout", "-q", "-"]]),
      ("reset --hard to the target", [["reset", "--quiet", "--hard", "main"]]),
      ("stash --all", [["stash", "--quiet", "--all"]]),
      ("clean -fdx", [["clean", "--quiet", "-fdx"]]),
    ].map { name, commands in
      Situation(name) { stage in
        let worktree = try stage.laneBehindLog()
        for command in commands { try stage.repository.git(command, in: worktree) }
        try stage.emit(in: worktree)
        try stage.git("merge", "--quiet", "--no-edit", "f-WP01")
        try stage.abandon("WP01")
      }
    }
    + [
      Situation("a merge of a lane that committed its log all the same") { stage in
        let worktree = try stage.workPackage("WP01")
        try stage.emit("--wp-id", "WP00")
        try stage.git("add", "--force", "kitty-specs", in: worktree)
        try stage.repository.commit("Everything", in: worktree)
        try stage.merge("f-WP01")
      },
      Situation("stash --all on the target") { stage in
        try stage.workPackage("WP01")
        try stage.merge("f-WP01")
        try stage.abandon("WP01")
        try stage.heal()
        try stage.git("stash", "--quiet", "--all")
      },
      Situation("clean -fdx on the target") { stage in
        try stage.workPackage("WP01")
        try stage.merge("f-WP01")
        try stage.heal()
        try stage.git("clean", "--quiet", "-fdx")
      },
      Situation("a merge of the healed target into a lane, healed there in turn") { stage in
        try stage.workPackage("WP01")
        stage.place = try stage.workPackage("WP02")
        try stage.squash("f-WP01")
        try stage.abandon("WP01")
        try stage.git("merge", "--quiet", "--no-edit", "main", in: stage.place)
        try stage.heal()
        stage.place = stage.repository.path
        try stage.git("merge", "--quiet", "--ff-only", "f-WP02")
      },
    ]
}

extension Stage {
  /// A lane with an excluded log, while the main branch has come to track its own.
  fileprivate func laneBehindLog() throws -> String {
    let worktree = try workPackage("WP01")
    try advance()
    try emit("--wp-id", "WP00")
    try git("add", "--force", repository.log(), repository.clock())
    try repository.commit("Record the telemetry")
    return worktree
  }
}
