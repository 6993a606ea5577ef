import TestSupport
import Testing

/// Missions from `setup --shims` to `merge --commit`, in the layouts that orchestrators use.
struct `A mission` {
  @Test func `in a sparse worktree for each work package arrives whole`() throws {
    let mission = try Mission()
    let repository = mission.repository
    for round in [["WP01", "WP02"], ["WP03"]] {
      for wpID in round {
        let worktree = try repository.startWork(on: wpID)
        // These settings leak to the main work tree, and this exclude is one that git does not read.
        try repository.git("config", "core.sparseCheckout", "true")
        try repository.git("config", "core.sparseCheckoutCone", "false")
        let info = ".git/worktrees/f-\(wpID)/info"
        try repository.write("\(info)/sparse-checkout", "/*\n!/kitty-specs/\n!/kitty-specs/**\n")
        try repository.write("\(info)/exclude", "kitty-specs/\n")
        try repository.git("read-tree", "-mu", "HEAD", in: worktree)
        #expect(repository.lines("\(worktree)/kitty-specs/f/spec.md").isEmpty)
        try mission.run(wpID, in: worktree)
      }
      for wpID in round {
        // The second is squashed, which leaves its commits unreachable.
        let isSquash = wpID == "WP02"
        let message = "Merge \(wpID) from f"
        try repository.hooked("merge", "-q", isSquash ? "--squash" : "--no-ff", "-m", message, "f-\(wpID)")
        if isSquash { try repository.hooked("commit", "-q", "-m", message) }
        try repository.abandon(wpID)
      }
      try repository.merged("--commit")
      try mission.expectRecorded()
    }
  }

  @Test func `goes on in another lane when the log of the first is committed`() throws {
    let mission = try Mission()
    let repository = mission.repository
    for (lane, wpIDs) in [("lane-a", ["WP01"]), ("lane-b", ["WP02", "WP03"])] {
      let worktree = "\(repository.path)/.worktrees/f-\(lane)"
      let branch = "kitty/mission-f-\(lane)"
      try repository.git("worktree", "add", "--quiet", "-b", branch, worktree)
      let before = try? repository.read("\(worktree)/\(repository.log())")
      #expect((before != nil) == (lane == "lane-b"), "the second lane has the committed log in its work tree")
      for wpID in wpIDs { try mission.run(wpID, in: worktree) }
      if let before { #expect(try repository.read("\(worktree)/\(repository.log())") == before) }
      // Meanwhile the target goes on; lanes take it in, which a dirty log would stop, and may not commit specs.
      try repository.hookedWork("\(lane).txt")
      try repository.hooked("merge", "-q", "--no-edit", "main", in: worktree)
      #expect(try repository.git("diff", "--name-only", "main...HEAD", "--", "kitty-specs", in: worktree).isEmpty)
      try repository.hooked("merge", "-q", "--squash", "-X", "theirs", branch)
      try repository.hooked("commit", "-q", "-m", "feat(\(branch)): squash merge of mission")
      try repository.git("worktree", "remove", "--force", worktree)
      try repository.git("branch", "--quiet", "-D", branch)
      try repository.merged("--commit")
      try mission.expectRecorded()
    }
  }
}
