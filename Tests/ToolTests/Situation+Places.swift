import TestSupport
import Testing

extension Situation {
  /// Clones, submodules and sparse checkouts.
  static let places =
    ["refs/notes/kitty-telemetry", "refs/notes/remotes/origin/kitty-telemetry"].flatMap { tracked in
      eitherWay("a clone that fetched the notes to \(tracked)") { stage in
        try stage.workPackage("WP01")
        try stage.merge("f-WP01")
        try stage.workPackage("WP02")
        try stage.clone(notesTo: tracked)
        try stage.git("merge", "--quiet", "--no-edit", "origin/f-WP02", in: stage.place)
      }
    }
    + [
      Situation("a clone of a squash that tells its commits, the notes fetched") { stage in
        try stage.workPackage("WP01")
        try stage.git("merge", "--quiet", "--squash", "f-WP01")
        try stage.git("commit", "--quiet", "--no-edit")
        try stage.abandon("WP01")
        try stage.clone(notesTo: "refs/notes/kitty-telemetry")
      },
      Situation("a clone of a squash whose log is committed, the notes fetched", logs: .tracked) { stage in
        try stage.workPackage("WP01")
        try stage.squash("f-WP01")
        try stage.abandon("WP01")
        try stage.clone(notesTo: "refs/notes/kitty-telemetry")
      },
      Situation("a lane that was pushed and rebased, what was pushed named", healedBy: "merge", "origin/f-WP01") {
        stage in
        let worktree = try stage.workPackage("WP01")
        let remote = "\(stage.repository.folder.path)/remote"
        try stage.git("init", "--quiet", "--bare", remote)
        try stage.git("remote", "add", "origin", remote)
        try stage.git("push", "--quiet", "origin", "f-WP01")
        try stage.advance()
        try stage.git("rebase", "--quiet", "main", in: worktree)
        try stage.git("merge", "--quiet", "--ff-only", "f-WP01")
      },
      Situation("a clone that merged the notes with git notes merge") { stage in
        try stage.workPackage("WP01")
        try stage.merge("f-WP01")
        let fetched = "refs/notes/remotes/origin/kitty-telemetry"
        try stage.clone(notesTo: fetched)
        try stage.emit("--feature", "f", "--wp-id", "WP02", in: stage.place)
        try stage.git("notes", "--ref=kitty-telemetry", "merge", "-s", "cat_sort_uniq", fetched, in: stage.place)
        try stage.git("update-ref", "-d", fetched, in: stage.place)
        try stage.repository.run("rm", "-r", "\(stage.place)/.git/kitty-telemetry")
      },
      Situation("a clone that fetched the notes only when it was told to", logs: .tracked, healedBy: "repair") {
        stage in
        try stage.workPackage("WP01")
        try stage.merge("f-WP01")
        try stage.clone(notesTo: nil)
        #expect(try stage.repository.tool("merge", in: stage.place).status == 0)
        #expect(try stage.notesTip().isEmpty)
        let told = try stage.repository.tool("repair", in: stage.place)
        #expect(told.status == 1 && told.errorText.contains("git fetch"), "\(told.errorText)")
        #expect(try stage.notesTip().isEmpty)
        try stage.fetchNotes(to: "refs/notes/kitty-telemetry")
      },
      Situation("a shallow clone that was deepened after it had been healed", logs: .tracked) { stage in
        try stage.workPackage("WP01")
        try stage.merge("f-WP01")
        try stage.repository.merged()
        try stage.repository.commit("Record the telemetry")
        try stage.clone(notesTo: "refs/notes/kitty-telemetry", "--depth", "1")
        for command in ["merge", "repair"] {
          let before = try stage.state()
          let healed = try stage.repository.tool(command, in: stage.place)
          #expect(healed.status == 0 || command == "repair", "\(healed.errorText)")
          #expect(try stage.state() == before)
        }
        try stage.emit("--feature", "f", "--wp-id", "WP09", in: stage.place)
        try stage.git("fetch", "--quiet", "--unshallow", in: stage.place)
      },
      Situation("a partial clone that lacked the notes' blobs") { stage in
        try stage.workPackage("WP01")
        try stage.git("merge", "--quiet", "--ff-only", "f-WP01")
        try stage.git("config", "uploadpack.allowFilter", "true")
        try stage.git("config", "uploadpack.allowAnySHA1InWant", "true")
        try stage.clone(notesTo: "refs/notes/kitty-telemetry", "--filter=blob:none")
        let before = try stage.notesTip()
        let merge = try stage.repository.tool("merge", in: stage.place)
        #expect(merge.status == 1 && merge.errorText.contains("git notes show fetches them"), "\(merge.errorText)")
        // What is recorded on the same commit waits, and the note is not written over.
        let emit = try stage.repository.emit("--feature", "f", "--wp-id", "WP09", "--json", in: stage.place)
        #expect(emit.errorText.contains("lacks its blob"), "\(emit.errorText)")
        try stage.record(emit.document, result: "error")
        #expect(try stage.notesTip() == before)
        #expect(try stage.repository.notedLines("HEAD", in: stage.place).count == 2)
      },
      Situation("a sparse checkout that leaves features out, until it does not") { stage in
        try stage.repository.write("src/a", "")
        try stage.workPackage("WP01")
        try stage.repository.commit("Go on")
        try stage.merge("f-WP01")
        try stage.git("sparse-checkout", "set", "src")
        let merge = try stage.repository.tool("merge")
        #expect(merge.status == 1 && merge.errorText.contains("sparse-checkout add"), "\(merge.errorText)")
        #expect(try stage.git("status", "--porcelain").isEmpty)
        try stage.git("sparse-checkout", "add", "kitty-specs")
      },
      Situation("a lane whose sparse checkout leaves features out") { stage in
        let worktree = try stage.workPackage("WP01", events: 1)
        try stage.git("sparse-checkout", "set", "--no-cone", "/*", "!/kitty-specs/", in: worktree)
        try stage.emit(in: worktree)
        try stage.merge("f-WP01")
      },
      Situation("commits that git shows others in place of") { stage in
        let worktree = try stage.workPackage("WP01")
        try stage.merge("f-WP01")
        for name in ["f-WP01", "main"] {
          let parents = try stage.git("log", "-1", "--format=%P", name).split(separator: " ").flatMap {
            ["-p", "\($0)"]
          }
          let other = try stage.repository.git(["commit-tree", "\(name)^{tree}", "-m", "Another"] + parents)
          try stage.git("replace", name, other)
        }
        try stage.emit(in: worktree)
        try stage.emit()
      },
      Situation("a submodule") { stage in
        let origin = "\(stage.repository.folder.path)/origin"
        try stage.git("clone", "--quiet", stage.repository.path, origin)
        try stage.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", origin, "sub")
        try stage.repository.commit("Add a submodule")
        stage.place = "\(stage.repository.path)/sub"
        try stage.identify(stage.place)
        try stage.git("checkout", "--quiet", "-b", "f-WP01", in: stage.place)
        try stage.work("inside", in: stage.place, events: 2)
        try stage.git("checkout", "--quiet", "main", in: stage.place)
        try stage.git("merge", "--quiet", "--no-ff", "--no-edit", "f-WP01", in: stage.place)
        #expect(stage.repository.journaled().isEmpty)
      },
    ]
}

extension Stage {
  /// Gives a clone the identity that git asks for.
  func identify(_ clone: String) throws {
    try git("config", "user.name", "Another Person", in: clone)
    try git("config", "user.email", "another@example.com", in: clone)
  }

  /// Goes on in a clone, which fetches the notes to `reference`.
  fileprivate func clone(notesTo reference: String?, _ arguments: String...) throws {
    place = "\(repository.folder.path)/clone"
    try repository.git(["clone", "--quiet"] + arguments + ["file://\(repository.path)", place])
    try identify(place)
    if logs == .tracked {
      try repository.write(".git/info/attributes", "kitty-specs/** merge=union\n", in: place)
    }
    if let reference { try fetchNotes(to: reference) }
  }

  fileprivate func fetchNotes(to reference: String) throws {
    try git("fetch", "--quiet", "origin", "refs/notes/kitty-telemetry:\(reference)", in: place)
  }

  /// The tip of the notes; empty when there are none.
  fileprivate func notesTip() throws -> String {
    try repository.attempt(["rev-parse", "-q", "--verify", "refs/notes/kitty-telemetry"], in: place).outputText
  }
}
