import TestSupport
import Testing

extension Situation {
  /// A replica is lost, or another program writes over it.
  static let losses =
    [
      Situation("a worktree whose excluded log was never committed, removed by force") { stage in
        try stage.workPackage("WP01")
        try stage.merge("f-WP01")
        try stage.abandon("WP01")
      },
      Situation("a lane that was given up unmerged") { stage in
        try stage.workPackage("WP01")
        try stage.abandon("WP01")
        try stage.collectGarbage()
      },
      Situation("a worktree's folder that was deleted behind git's back") { stage in
        let worktree = try stage.workPackage("WP01")
        try stage.merge("f-WP01")
        try stage.repository.run("rm", "-r", worktree)
      },
    ]
    + ["merge", "repair"].flatMap { command in
      [
        Situation("a log thrown away with reset --hard", logs: .tracked, healedBy: command) { stage in
          try stage.emit()
          try stage.repository.commit("Record the telemetry")
          try stage.emit()
          try stage.git("reset", "--quiet", "--hard")
        },
        Situation("a log that was stashed", logs: .tracked, healedBy: command) { stage in
          try stage.emit()
          try stage.repository.commit("Record the telemetry")
          try stage.emit()
          try stage.git("stash", "--quiet")
        },
        Situation("a log and a clock that were deleted", healedBy: command) { stage in
          try stage.merged()
          try stage.repository.run("rm", stage.repository.log(), stage.repository.clock())
        },
        Situation("a log whose removal was committed", logs: .tracked, healedBy: command) { stage in
          try stage.merged()
          try stage.repository.commit("Record the telemetry")
          try stage.git("rm", "--quiet", stage.repository.log(), stage.repository.clock())
          try stage.repository.commit("Tidy up")
        },
        Situation("a log that was cut short", healedBy: command) { stage in
          try stage.merged()
          try stage.repository.run("truncate", "-s", "100", stage.repository.log())
        },
        Situation("a notes reference that was deleted", healedBy: command) { stage in
          try stage.merged()
          try stage.git("update-ref", "-d", "refs/notes/kitty-telemetry")
        },
        Situation("a notes reference that was set back", healedBy: command) { stage in
          try stage.merged()
          try stage.git("update-ref", "refs/notes/kitty-telemetry", "refs/notes/kitty-telemetry~1")
        },
        Situation("git notes prune after gc", healedBy: command) { stage in
          try stage.workPackage("WP01")
          try stage.squash("f-WP01")
          try stage.abandon("WP01")
          try stage.collectGarbage()
          try stage.git("notes", "--ref=kitty-telemetry", "prune")
        },
        Situation("a journal that was deleted", healedBy: command) { stage in
          try stage.workPackage("WP01")
          try stage.merge("f-WP01")
          try stage.repository.run("rm", "-r", ".git/kitty-telemetry")
        },
      ]
    }
    + [
      Situation("a notes reference that was deleted after the log had been committed", healedBy: "repair") { stage in
        try stage.committed()
        try stage.git("update-ref", "-d", "refs/notes/kitty-telemetry")
      },
      Situation("a committed log that was removed, its notes deleted", healedBy: "repair") { stage in
        try stage.committed()
        try stage.git("rm", "--quiet", stage.repository.log(), stage.repository.clock())
        try stage.repository.commit("Tidy up")
        try stage.git("update-ref", "-d", "refs/notes/kitty-telemetry")
      },
      Situation("a committed log that was removed long ago, its notes deleted", healedBy: "repair") { stage in
        try stage.committed()
        try stage.git("rm", "--quiet", stage.repository.log(), stage.repository.clock())
        try stage.repository.commit("Tidy up")
        for name in ["one", "two"] { try stage.advance(name) }
        try stage.git("update-ref", "-d", "refs/notes/kitty-telemetry")
      },
      Situation("a commit of the log that was undone") { stage in
        try stage.committed()
        try stage.git("reset", "--quiet", "--hard", "HEAD~1")
        try stage.collectGarbage()
      },
      Situation("a commit of the log on a branch that was given up for another") { stage in
        try stage.workPackage("WP01")
        try stage.git("checkout", "--quiet", "-b", "release")
        try stage.merge("f-WP01")
        try stage.abandon("WP01")
        try stage.commitLog()
        try stage.git("checkout", "--quiet", "main")
        try stage.advance()
        try stage.git("branch", "--quiet", "-D", "release")
        try stage.collectGarbage()
      },
      Situation("an event that waited while the log was committed") { stage in
        let worktree = try stage.workPackage("WP01")
        try stage.merge("f-WP01")
        let late = try stage.apart { try stage.emit("--next-commit", in: worktree) }
        try stage.commitLog()
        try stage.repository.work(in: worktree, "late.txt")
        try stage.merge("f-WP01")
        try stage.abandon("WP01")
        stage.arrive(late)
      },
      Situation("a note that was written over with git notes add -f", healedBy: "repair") { stage in
        try stage.merged()
        try stage.git("notes", "--ref=kitty-telemetry", "add", "--force", "-m", "a remark", "f-WP01")
      },
    ]
}

extension Stage {
  /// A merged and healed work package.
  fileprivate func merged() throws {
    try workPackage("WP01")
    try merge("f-WP01")
    try heal()
  }

  /// A merged work package whose log is committed on the main branch; the journal need not hold it any longer.
  fileprivate func committed() throws {
    try workPackage("WP01")
    try merge("f-WP01")
    try abandon("WP01")
    try commitLog()
  }
}
