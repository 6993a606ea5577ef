import TestSupport
import Testing

extension Situation {
  /// One replica alone holds the events, or some of them.
  static let replicas =
    ["merge", "repair"].flatMap { command in
      [
        Situation("all but the journal", healedBy: command) { stage in
          try stage.workPackage("WP01")
          try stage.merge("f-WP01")
          try stage.abandon("WP01")
          try stage.deleteNotes()
        },
        Situation("all but the notes", healedBy: command) { stage in
          try stage.workPackage("WP01")
          try stage.merge("f-WP01")
          try stage.abandon("WP01")
          try stage.deleteJournal()
        },
        Situation("all but the past of the notes", healedBy: command) { stage in
          try stage.workPackage("WP01")
          try stage.merge("f-WP01")
          try stage.git("notes", "--ref=kitty-telemetry", "remove", "f-WP01")
          try stage.abandon("WP01")
          try stage.deleteJournal()
        },
        Situation("all but the reflog of the notes", healedBy: command) { stage in
          try stage.workPackage("WP01")
          try stage.merge("f-WP01")
          try stage.git("update-ref", "refs/notes/kitty-telemetry", "refs/notes/kitty-telemetry~1")
          try stage.abandon("WP01")
          try stage.deleteJournal()
        },
        Situation("all but the reflog of notes that a fetch wrote over", healedBy: command) { stage in
          let worktree = try stage.workPackage("WP01", events: 1)
          let remote = "\(stage.repository.folder.path)/remote"
          try stage.git("init", "--quiet", "--bare", remote)
          try stage.git("push", "--quiet", remote, "refs/notes/*")
          try stage.emit(in: worktree)
          try stage.git("fetch", "--quiet", remote, "+refs/notes/*:refs/notes/*")
          try stage.merge("f-WP01")
          try stage.abandon("WP01")
          try stage.deleteJournal()
        },
      ]
    }
    + [["repair"], ["merge", "--all-worktrees"]].map { command in
      Situation("all but the log in a lane's worktree", logs: .hidden, command: command) { stage in
        try stage.workPackage("WP01")
        try stage.merge("f-WP01")
        try stage.deleteNotes()
        try stage.deleteJournal()
      }
    }
    + [
      Situation("all but the log in the work tree", healedBy: "repair") { stage in
        try stage.emit()
        try stage.deleteNotes()
        try stage.deleteJournal()
      },
      Situation("all but the log at HEAD", logs: .tracked, healedBy: "repair") { stage in
        try stage.workPackage("WP01")
        try stage.merge("f-WP01")
        try stage.abandon("WP01")
        try stage.deleteNotes()
        try stage.deleteJournal()
        try stage.repository.run("rm", stage.repository.log(), stage.repository.clock())
      },
      Situation("all but the logs of parents", logs: .plain, healedBy: "repair") { stage in
        for wpID in ["WP01", "WP02"] { try stage.workPackage(wpID) }
        try stage.merge("f-WP01")
        try stage.merge("f-WP02", "-X", "theirs")
        try stage.abandon("WP01", "WP02")
        try stage.deleteNotes()
        try stage.deleteJournal()
      },
      Situation("all but the logs of the parents of an earlier merge", logs: .plain, healedBy: "repair") { stage in
        for wpID in ["WP01", "WP02"] { try stage.workPackage(wpID) }
        try stage.merge("f-WP01")
        try stage.merge("f-WP02", "-X", "ours")
        try stage.abandon("WP01", "WP02")
        for name in ["one", "two"] { try stage.advance(name) }
        try stage.deleteNotes()
        try stage.deleteJournal()
      },
      Situation("all but the log of a named revision", logs: .plain, healedBy: "repair") { stage in
        for wpID in ["WP01", "WP02"] { try stage.workPackage(wpID) }
        try stage.squash("f-WP01")
        try stage.squash("f-WP02", "-X", "ours")
        try stage.deleteNotes()
        try stage.deleteJournal()
        let merge = try stage.repository.tool("merge", "f-WP02")
        #expect(merge.status == 0, "\(merge.errorText)")
        try stage.abandon("WP01", "WP02")
      },
      Situation("all but the sides of an open conflict", logs: .plain, healedBy: "repair") { stage in
        try stage.laneBesideLog()
        try stage.deleteNotes()
        #expect(try stage.repository.attempt(["merge", "--squash", "f-WP01"]).status == 1)
        try stage.git("checkout", "--ours", "kitty-specs")
        try stage.abandon("WP01")
        try stage.deleteJournal()
        #expect(try stage.repository.tool("merge").status == 0)
        try stage.git("commit", "--quiet", "--no-edit")
      },
    ]
}

extension Stage {
  /// Deletes the notes, and with them their reflog.
  fileprivate func deleteNotes() throws {
    try git("update-ref", "-d", "refs/notes/kitty-telemetry")
  }

  fileprivate func deleteJournal() throws {
    try repository.run("rm", "-r", ".git/kitty-telemetry")
  }
}
