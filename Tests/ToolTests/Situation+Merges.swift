import TestSupport
import Testing

extension Situation {
  /// Branches are merged as git merges them.
  static let merges =
    eitherWay("two true merges") { stage in
      for wpID in ["WP01", "WP02"] { try stage.workPackage(wpID) }
      for wpID in ["WP01", "WP02"] { try stage.merge("f-\(wpID)") }
    }
    + eitherWay("a fast-forward") { stage in
      try stage.workPackage("WP01")
      try stage.git("merge", "--quiet", "--ff-only", "f-WP01")
    }
    + eitherWay("a merge that stopped before its commit") { stage in
      try stage.workPackage("WP01")
      try stage.git("merge", "--quiet", "--no-ff", "--no-commit", "f-WP01")
      #expect(try stage.repository.tool("merge").status == 0)
      try stage.git("commit", "--quiet", "--no-edit")
    }
    + [
      Situation("an octopus") { stage in
        for wpID in ["WP01", "WP02", "WP03"] { try stage.workPackage(wpID) }
        try stage.git("merge", "--quiet", "--no-edit", "f-WP01", "f-WP02", "f-WP03")
        try stage.abandon("WP01", "WP02", "WP03")
      },
      Situation("a conflict that was still open", logs: .plain) { stage in
        try stage.conflict()
        #expect(try stage.repository.tool("merge").status == 0)
        #expect(try stage.git("diff", "--name-only", "--diff-filter=U").isEmpty)
        try stage.git("commit", "--quiet", "--no-edit")
      },
      Situation("conflict markers that were committed", logs: .plain) { stage in
        try stage.conflict()
        try stage.repository.commit("Merge, markers and all")
      },
      Situation("conflict markers with the common ancestor that were committed", logs: .plain) { stage in
        try stage.git("config", "merge.conflictStyle", "diff3")
        try stage.conflict()
        try stage.repository.commit("Merge, markers and all")
      },
      Situation("a log that one side removed and the other went on with", logs: .plain) { stage in
        let worktree = try stage.workPackage("WP01")
        try stage.merge("f-WP01")
        try stage.work("more", in: worktree)
        try stage.git("rm", "--quiet", stage.repository.log(), stage.repository.clock())
        try stage.repository.commit("Tidy up")
        let merge = try stage.repository.attempt(["merge", "--quiet", "--no-edit", "f-WP01"])
        #expect(merge.status == 1 && merge.outputText.contains("modify/delete"))
        #expect(try stage.repository.tool("merge").status == 0)
        #expect(try stage.git("diff", "--name-only", "--diff-filter=U").isEmpty)
        try stage.git("commit", "--quiet", "--no-edit")
      },
      Situation("logs with the line ends of another system", logs: .tracked) { stage in
        try stage.git("config", "core.autocrlf", "true")
        try stage.diverge()
        try stage.merge("f-WP02")
        #expect(text(try stage.repository.read(stage.repository.log())).contains("\r\n"))
      },
      Situation("a merge into a detached HEAD") { stage in
        try stage.workPackage("WP01")
        try stage.git("checkout", "--quiet", "--detach")
        try stage.merge("f-WP01")
        try stage.abandon("WP01")
      },
      Situation("a merge of an unrelated history, recorded before its first commit") { stage in
        let worktree = try stage.repository.startWork(on: "WP01")
        try stage.git("checkout", "--quiet", "--orphan", "f-WP02", in: worktree)
        try stage.emit("--next-commit", in: worktree)
        try stage.work("root", in: worktree)
        try stage.merge("f-WP02", "--allow-unrelated-histories")
      },
      Situation("conflict markers that were committed, and gone on from", logs: .plain) { stage in
        try stage.conflict()
        try stage.repository.commit("Merge, markers and all")
        try stage.advance()
        try stage.abandon("WP01", "WP02")
        try stage.emit()
      },
      Situation("a conflict resolved by taking one side", logs: .plain) { stage in
        try stage.conflict()
        try stage.git("checkout", "--ours", "kitty-specs")
        try stage.repository.commit("Merge, ours alone")
        try stage.abandon("WP01", "WP02")
      },
      Situation("a merge that was aborted and made again", logs: .plain) { stage in
        try stage.conflict()
        #expect(try stage.repository.tool("merge").status == 0)
        try stage.git("merge", "--abort")
        try stage.merge("f-WP02", "-X", "ours")
      },
      Situation("-X ours without attributes", logs: .plain) { stage in
        try stage.diverge()
        try stage.merge("f-WP02", "-X", "ours")
      },
      Situation("-X theirs without attributes", logs: .plain) { stage in
        try stage.diverge()
        try stage.merge("f-WP02", "-X", "theirs")
      },
      Situation("-X theirs without attributes, all branches gone", logs: .plain) { stage in
        try stage.diverge()
        try stage.merge("f-WP02", "-X", "theirs")
        try stage.abandon("WP01", "WP02")
        try stage.advance()
      },
      Situation("-s ours") { stage in
        try stage.workPackage("WP01")
        try stage.merge("f-WP01", "-s", "ours")
      },
      Situation("one lane merged while another goes on") { stage in
        try stage.workPackage("WP01")
        let early = try stage.apart { try stage.workPackage("WP02") }
        try stage.merge("f-WP01")
        try stage.heal()
        let late = try stage.apart { try stage.emit(in: stage.worktree(of: "WP02")) }
        try stage.heal()
        try stage.merge("f-WP02")
        for events in [early, late] { stage.arrive(events) }
      },
      Situation("a lane that arrives after the others") { stage in
        try stage.workPackage("WP01")
        try stage.merge("f-WP01")
        try stage.apart { try stage.workPackage("WP02", events: 1) }
        try stage.heal()
        try stage.workPackage("WP03")
        try stage.merge("f-WP03")
        try stage.abandon("WP01", "WP03")
      },
      Situation("a merge that a hook of the user healed") { stage in
        try stage.repository.write(".git/hooks/post-merge", "#!/bin/sh\n\(try toolPath()) merge >/dev/null\n")
        try stage.repository.run("chmod", "+x", ".git/hooks/post-merge")
        try stage.workPackage("WP01")
        try stage.merge("f-WP01")
        try stage.expectWhole()
        try stage.abandon("WP01")
      },
      Situation("two features in one merge") { stage in
        try stage.repository.write("kitty-specs/g/spec.md", "Another feature.\n")
        try stage.repository.commit("Plan g")
        let worktree = try stage.workPackage("WP01")
        for _ in 1...2 { try stage.emit("--feature", "g", "--wp-id", "WP07", in: worktree) }
        try stage.merge("f-WP01")
        try stage.abandon("WP01")
      },
    ]
    + eitherWay("a feature's folder that was renamed") { stage in
      try stage.workPackage("WP01")
      try stage.merge("f-WP01")
      try stage.heal()
      if stage.logs == .hidden { try stage.git("add", "--force", "kitty-specs") }
      try stage.repository.commit("Record the telemetry")
      try stage.workPackage("WP02")
      try stage.git("mv", "kitty-specs/f", "kitty-specs/g")
      try stage.repository.commit("Rename the feature")
      try stage.merge("f-WP02")
      try stage.abandon("WP01", "WP02")
      stage.rename("f", to: "g")
    }
}

extension Stage {
  /// Merges one of two work packages that both committed a log; the other one conflicts with it.
  fileprivate func diverge() throws {
    for wpID in ["WP01", "WP02"] { try workPackage(wpID) }
    try merge("f-WP01")
  }

  /// Stops a merge at a conflict in log and clock.
  fileprivate func conflict() throws {
    try diverge()
    let merge = try repository.attempt(["merge", "--quiet", "--no-edit", "f-WP02"])
    #expect(merge.status == 1 && merge.outputText.contains("CONFLICT"))
  }
}
