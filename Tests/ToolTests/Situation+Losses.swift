import Events
import Foundation
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
      Situation("events that waited for a commit that never came") { stage in
        let worktree = try stage.workPackage("WP01")
        try stage.emit("--next-commit", in: worktree)
        try stage.merge("f-WP01")
        try stage.abandon("WP01")
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
        Situation("a note that was removed, the journal gone", healedBy: command) { stage in
          try stage.workPackage("WP01")
          try stage.merge("f-WP01")
          try stage.git("notes", "--ref=kitty-telemetry", "remove", "f-WP01")
          try stage.repository.run("rm", "-r", ".git/kitty-telemetry")
        },
        Situation("a notes reference that was set back, the journal gone", healedBy: command) { stage in
          try stage.workPackage("WP01")
          try stage.merge("f-WP01")
          try stage.git("update-ref", "refs/notes/kitty-telemetry", "refs/notes/kitty-telemetry~1")
          try stage.repository.run("rm", "-r", ".git/kitty-telemetry")
        },
      ]
    }
    + ["repair", "merge --all-worktrees"].map { command in
      Situation("notes and journal that were deleted, a log in a lane's worktree", command: command) { stage in
        try stage.workPackage("WP01")
        try stage.merge("f-WP01")
        try stage.git("update-ref", "-d", "refs/notes/kitty-telemetry")
        try stage.repository.run("rm", "-r", ".git/kitty-telemetry")
      }
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
      Situation("notes and journal that were deleted, a log that was committed", logs: .tracked, healedBy: "repair") {
        stage in
        try stage.workPackage("WP01")
        try stage.merge("f-WP01")
        try stage.git("update-ref", "-d", "refs/notes/kitty-telemetry")
        try stage.repository.run("rm", "-r", ".git/kitty-telemetry")
      },
      Situation("a note that was written over with git notes add -f", healedBy: "repair") { stage in
        try stage.merged()
        try stage.git("notes", "--ref=kitty-telemetry", "add", "--force", "-m", "a remark", "f-WP01")
      },
    ]

  private init(_ name: String, command: String, play: @escaping @Sendable (Stage) throws -> Void) {
    self.init(name, logs: .hidden, command: command.split(separator: " ").map(String.init), play: play)
  }
}

extension Situation {
  /// Other programs write the notes at the same time.
  static let races =
    [
      Situation("git notes append beside our writers", healedBy: "repair") { stage in
        try stage.workPackage("WP01")
        try stage.merge("f-WP01")
        let commits = try ["HEAD", "f-WP01"].map { try stage.git("rev-parse", $0) }
        try stage.emitBeside(
          "git notes --ref=kitty-telemetry append -m remark \(commits[0]) && "
            + "git notes --ref=kitty-telemetry append -m remark \(commits[1])")
      },
      Situation("commit --amend beside our writers, with notes.rewriteRef", healedBy: "merge") { stage in
        try stage.git("config", "notes.rewriteRef", "refs/notes/kitty-telemetry")
        let worktree = try stage.workPackage("WP01")
        try stage.emitBeside("git -C \(worktree) commit --quiet --amend -m again-$count", in: worktree)
        try stage.merge("f-WP01")
      },
      Situation("commit --amend in another worktree beside our writers, with notes.rewriteRef") { stage in
        try stage.git("config", "notes.rewriteRef", "refs/notes/kitty-telemetry")
        let worktrees = try ["WP01", "WP02"].map { try stage.workPackage($0) }
        try stage.emitBeside("git -C \(worktrees[1]) commit --quiet --amend -m again-$count", in: worktrees[0])
        for wpID in ["WP01", "WP02"] { try stage.merge("f-\(wpID)") }
      },
    ]
    + ["add", "append", "edit"].map { verb in
      Situation("git notes \(verb) that sat in an editor meanwhile", healedBy: "repair") { stage in
        try stage.workPackage("WP01")
        try stage.merge("f-WP01")
        try stage.emitInEditor(of: verb, about: "HEAD")
      }
    }
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

  /// Records 20 events while a shell command runs again and again.
  fileprivate func emitBeside(_ command: String, in directory: String? = nil) throws {
    let script = "count=0; while [ ! -e \"$0\" ]; do count=$((count + 1)); \(command) || :; done"
    let end = "\(repository.folder.path)/end"
    let loop = try ChildProcess.start(
      "sh", ["-c", script, end], in: repository.path, environment: repository.environment)
    defer { _ = try? loop.wait() }
    defer { _ = try? Data().write(to: URL(fileURLWithPath: end)) }
    for _ in 0..<20 { try emit(in: directory) }
  }

  /// Records an event while an editor is open on a note.
  fileprivate func emitInEditor(of verb: String, about commit: String) throws {
    let editor = "\(repository.folder.path)/editor"
    let answer = "\(repository.folder.path)/answer"
    let record = "\(try toolPath()) emit --role implementer --feature f --json >\(answer)"
    try repository.write("editor", "#!/bin/sh\n\(record)\necho remark >>\"$1\"\n", in: repository.folder.path)
    try repository.run("chmod", "+x", editor)
    try repository.run("env", "GIT_EDITOR=\(editor)", "git", "notes", "--ref=kitty-telemetry", verb, commit)
    try record(JSONValue(repository.read(answer).dropLast())?.object)
  }
}
