import Events
import Foundation
import TestSupport
import Testing

extension Situation {
  /// Other programs write at the same time, or ours are stopped in the middle.
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
      Situation("gc beside our writers") { stage in
        let worktree = try stage.workPackage("WP01")
        try stage.emitBeside("git gc --quiet", in: worktree)
        try stage.merge("f-WP01")
      },
      Situation("merge --commit beside our writers") { stage in
        let worktree = try stage.workPackage("WP01")
        try stage.merge("f-WP01")
        try stage.emitBeside("\(try toolPath()) merge --commit", in: worktree)
        try stage.emitBeside("\(try toolPath()) merge --commit")
      },
      Situation("repair beside our writers") { stage in
        let worktree = try stage.workPackage("WP01")
        try stage.merge("f-WP01")
        try stage.emitBeside("\(try toolPath()) repair", in: worktree)
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
    + [["merge"], ["merge", "--commit"], ["repair"]].map { command in
      Situation("a \(command.joined(separator: " ")) that is killed", logs: .hidden, command: [command[0]]) { stage in
        try stage.workPackage("WP01")
        try stage.merge("f-WP01")
        try stage.kill(command, seed: 7)
      }
    }
    + ["add", "append", "edit"].map { verb in
      Situation("git notes \(verb) that sat in an editor meanwhile", healedBy: "repair") { stage in
        try stage.workPackage("WP01")
        try stage.merge("f-WP01")
        try stage.emitInEditor(of: verb, about: "HEAD")
      }
    }
}

extension Stage {
  /// Records 20 events while a shell command runs again and again.
  fileprivate func emitBeside(_ command: String, in directory: String? = nil) throws {
    let script = "count=0; while [ ! -e \"$0\" ]; do count=$((count + 1)); \(command) || :; done"
    let end = "\(repository.folder.path)/end"
    let loop = try ChildProcess.start(
      "sh", ["-c", script, end], in: repository.path, environment: repository.environment)
    defer { _ = try? loop.wait() }
    defer { _ = try? Data().write(to: URL(fileURLWithPath: end)) }
    for _ in 0..<20 {
      let words = ["emit", "--role", "implementer", "--json"] + (directory == nil ? ["--feature", "f"] : [])
      let result = try repository.startTool(words, in: directory).wait()
      // Where others change the notes all the time, or are slow about it, an emit gives up before long, and its event
      // waits.
      let isWaiting = ["other processes kept changing it", "another process has held its lock"].contains {
        result.errorText.contains($0)
      }
      #expect(result.status == 0 && (isWaiting || result.errorText.isEmpty), "\(result.errorText)")
      try record(result.document, result: isWaiting ? "error" : "success")
    }
  }

  /// Kills a command of ours again and again, with every git that it runs, and records an event after each time.
  fileprivate func kill(_ command: [String], seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    var killed = 0
    for number in 1...10 {
      let process = try repository.startTool(command)
      let end = ContinuousClock.now + .milliseconds(Int.random(in: 1...(9 * number), using: &generator))
      // Sleeping would make every step take a tick.
      while ContinuousClock.now < end {}
      _ = Foundation.kill(-process.processIdentifier, SIGKILL)
      if try process.wait().status == SIGKILL { killed += 1 }
      // Git takes its own locks for those of a running process until somebody deletes them.
      try repository.run("find", ".git", "-name", "*.lock", "-delete")
      try emit()
    }
    #expect(killed > 0, "seed \(seed)")
  }

  /// Records an event while an editor is open on a note.
  fileprivate func emitInEditor(of verb: String, about commit: String) throws {
    let editor = "\(repository.folder.path)/editor"
    let answer = "\(repository.folder.path)/answer"
    let recording = "\(try toolPath()) emit --role implementer --feature f --json >\(answer)"
    try repository.write("editor", "#!/bin/sh\n\(recording)\necho remark >>\"$1\"\n", in: repository.folder.path)
    try repository.run("chmod", "+x", editor)
    try repository.run("env", "GIT_EDITOR=\(editor)", "git", "notes", "--ref=kitty-telemetry", verb, commit)
    try record(JSONValue(repository.read(answer).dropLast())?.object)
  }
}
