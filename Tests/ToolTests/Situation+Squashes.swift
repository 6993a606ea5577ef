import TestSupport
import Testing

extension Situation {
  /// Branches are squashed, which leaves no second parent to recover from.
  static let squashes =
    eitherWay("a squash with the message that git prepares") { stage in
      try stage.workPackage("WP01")
      try stage.git("merge", "--quiet", "--squash", "f-WP01")
      try stage.git("commit", "--quiet", "--no-edit")
      try stage.advance()
    }
    + eitherWay("a squash with a message of its own, the branch named", healedBy: "merge", "f-WP01") { stage in
      try stage.workPackage("WP01")
      try stage.squash("f-WP01")
      try stage.advance()
    }
    + eitherWay("a squash with a message of its own, the branch deleted") { stage in
      try stage.workPackage("WP01")
      try stage.squash("f-WP01")
      try stage.abandon("WP01")
    }
    + eitherWay("two squashes of one branch", healedBy: "merge", "f-WP01") { stage in
      let worktree = try stage.workPackage("WP01")
      try stage.squash("f-WP01")
      try stage.work("more", in: worktree)
      try stage.squash("f-WP01", "-X", "theirs")
    }
    + eitherWay("squashes in a temporary detached worktree, everything else swept away") { stage in
      for wpID in ["WP01", "WP02"] { try stage.workPackage(wpID) }
      try stage.advance()
      for wpID in ["WP01", "WP02"] { try stage.squashAside("f-\(wpID)") }
      try stage.abandon("WP01", "WP02")
      try stage.collectGarbage()
    }
    + [
      Situation("squashes with -X theirs that lost lines, everything else swept away", logs: .plain) { stage in
        for wpID in ["WP01", "WP02"] { try stage.workPackage(wpID) }
        for wpID in ["WP01", "WP02"] { try stage.squashAside("f-\(wpID)") }
        try stage.abandon("WP01", "WP02")
        try stage.collectGarbage()
        try stage.git("notes", "--ref=kitty-telemetry", "prune")
      },
      Situation("a squash in a temporary worktree, healed there") { stage in
        try stage.workPackage("WP01")
        stage.place = "\(stage.repository.folder.path)/aside"
        try stage.git("worktree", "add", "--quiet", "--detach", stage.place, "main")
        try stage.git("merge", "--quiet", "--squash", "-X", "theirs", "f-WP01", in: stage.place)
        try stage.git("commit", "--quiet", "--no-edit", in: stage.place)
        try stage.abandon("WP01")
      },
    ]
    + eitherWay("a squash that was amended after it had been healed") { stage in
      try stage.workPackage("WP01")
      try stage.squash("f-WP01")
      try stage.abandon("WP01")
      try stage.heal()
      try stage.git("commit", "--quiet", "--amend", "-m", "feat: better")
    }
    + [
      Situation("a squash of a tagged lane, the tag named", healedBy: "merge", "v1") { stage in
        try stage.workPackage("WP01")
        try stage.git("tag", "-a", "-m", "A version", "v1", "f-WP01")
        try stage.squash("f-WP01")
        try stage.abandon("WP01")
      }
    ]
    + eitherWay("a squash made in another clone and pulled, its message telling") { stage in
      try stage.workPackage("WP01")
      try stage.squashElsewhere("f-WP01", "--no-edit")
    }
    + eitherWay("a squash made in another clone and pulled, the branch gone") { stage in
      try stage.workPackage("WP01")
      try stage.squashElsewhere("f-WP01", "-m", "feat: all of it")
      try stage.abandon("WP01")
      try stage.collectGarbage()
    }
    + eitherWay("a squash made in another clone and pulled, the branch named", healedBy: "merge", "f-WP01") { stage in
      try stage.workPackage("WP01")
      try stage.squashElsewhere("f-WP01", "-m", "feat: all of it")
    }
}

extension Stage {
  /// Squashes a branch into the main one, with a message that does not tell its commits.
  func squash(_ branch: String, _ arguments: String...) throws {
    try repository.git(["merge", "--quiet", "--squash"] + arguments + [branch])
    try repository.commit("feat: \(branch)")
  }

  /// Squashes a branch as orchestrators do: aside, preferring theirs, and the main branch is moved onto the result.
  fileprivate func squashAside(_ branch: String) throws {
    let aside = "\(repository.folder.path)/aside"
    try git("worktree", "add", "--quiet", "--detach", aside, "main")
    try git("merge", "--quiet", "--squash", "-X", "theirs", branch, in: aside)
    try git("commit", "--quiet", "-m", "feat: \(branch)", in: aside)
    let squash = try git("rev-parse", "HEAD", in: aside)
    try git("worktree", "remove", "--force", aside)
    try git("update-ref", "refs/heads/main", squash)
    try git("reset", "--quiet", "--hard", "main")
  }

  /// Squashes a branch in a clone and pulls the result.
  fileprivate func squashElsewhere(_ branch: String, _ message: String...) throws {
    let clone = "\(repository.folder.path)/clone"
    try git("clone", "--quiet", repository.path, clone)
    try git("config", "user.name", "Another Person", in: clone)
    try git("config", "user.email", "another@example.com", in: clone)
    try git("merge", "--quiet", "--squash", "origin/\(branch)", in: clone)
    try repository.git(["commit", "--quiet"] + message, in: clone)
    try git("pull", "--quiet", "--no-rebase", "--ff-only", clone, "main")
  }
}
