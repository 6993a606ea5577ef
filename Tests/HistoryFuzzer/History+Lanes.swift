import TestSupport

// Worktrees, and how their work gets to where it is wanted.
extension History {
  /// A work package begins, or somebody goes on with one whose worktree is gone.
  func addWorktree() throws -> Bool {
    let free = try branches().filter { !shop.isFile(shop.place($0).path) && $0.contains("-WP") }
    if chance(25), let branch = pick(free) {
      return try shop.git(["worktree", "add", "--quiet", shop.place(branch).path, branch])
    }
    guard shop.lanes.count < 4 else { return false }
    let name = "\(chance(75) ? "f" : "g")-WP\(nextPackage < 10 ? "0" : "")\(nextPackage)"
    nextPackage += 1
    let start = chance(80) ? "main" : try pick(branches()) ?? "main"
    let way = chance(85) ? ["-b", name] : ["--detach"]
    return try shop.git(["worktree", "add", "--quiet"] + way + [shop.place(name).path, start])
  }

  /// A worktree goes away as orchestrators and people make it go: with all that was not committed.
  func removeWorktree() throws -> Bool {
    guard let place = pick(shop.lanes) else { return false }
    // Its reflog goes with it.
    emissions.updateWaiting { if $0.waits?.place == place.name { $0.waits?.taker = nil } }
    if chance(15) {
      shop.remove(place.path)
      if chance(50) { try shop.git(["worktree", "prune"]) }
    } else {
      guard try shop.git(["worktree", "remove", "--force", place.path]) else { return false }
    }
    if chance(60) { try shop.git(["branch", "--quiet", "-D", place.name]) }
    return true
  }

  func renameBranch() throws -> Bool {
    guard let branch = try pick(branches()) else { return false }
    let name = "\(branch.prefix(2))WP\(nextPackage + 50)"
    nextPackage += 1
    return try shop.git(["branch", "-m", branch, name])
  }

  /// Somebody marks a commit, which stays when its branch goes.
  func tag() throws -> Bool {
    try shop.git(["tag", "mark-\(shop.minutes)"], at: anyPlace())
  }

  /// Whether `main` is checked out in the main work tree, and nothing is under way there.
  private func isMainReady() throws -> Bool {
    guard try isReady(shop.main) else { return false }
    return try shop.lines(["symbolic-ref", "--quiet", "HEAD"]) == ["refs/heads/main"]
      || shop.git(["checkout", "--quiet", "main"])
  }

  func mergeLane() throws -> Bool {
    guard try isMainReady(), let branch = try pick(branches()) else { return false }
    var arguments = ["merge", "--quiet", "--no-edit"]
    if chance(60) { arguments.append("--no-ff") }
    if chance(30) { arguments += ["-X", chance(50) ? "ours" : "theirs"] }
    arguments.append(branch)
    if chance(15), let other = try pick(branches()), other != branch { arguments.append(other) }
    return try attempt(arguments, at: shop.main)
  }

  func mergeMain() throws -> Bool {
    guard let place = pick(shop.lanes), try isReady(place) else { return false }
    return try attempt(["merge", "--quiet", "--no-edit", "main"], at: place)
  }

  func squash() throws -> Bool {
    guard try isMainReady(), let branch = try pick(branches()) else { return false }
    return try squash(branch, at: shop.main, ["--quiet", "--squash"] + (chance(50) ? ["-X", "theirs"] : []))
  }

  private func squash(_ branch: String, at place: Workshop.Place, _ arguments: [String]) throws -> Bool {
    let taken = try shop.lines(["rev-list", branch, "--not", "HEAD"], at: place)
    if try !shop.git(["merge"] + arguments + [branch], at: place) {
      guard try shop.git(["add", "--all"], at: place) else { return false }
    }
    let keepsMessage = chance(60)
    let committed = try commit(
      ["--quiet"] + (keepsMessage ? ["--no-edit"] : ["-m", "feat: squash of \(branch)"]), at: place)
    guard committed else {
      try shop.git(["reset", "--quiet", "--hard"], at: place)
      return false
    }
    guard keepsMessage, let made = try shop.lines(["rev-parse", "HEAD"], at: place).first else { return true }
    for commit in taken { squashes[commit, default: []].insert(made) }
    return true
  }

  /// A squash as an orchestrator does it: in a worktree of its own, which leaves nothing behind but the commit.
  func squashElsewhere() throws -> Bool {
    guard try isMainReady(), let branch = try pick(branches()) else { return false }
    let place = shop.place("joining")
    guard try shop.git(["worktree", "add", "--quiet", "--detach", place.path, "main"]) else { return false }
    let squashed = try squash(branch, at: place, ["--quiet", "--squash", "-X", "theirs"])
    if squashed, let made = try shop.lines(["rev-parse", "HEAD"], at: place).first {
      try shop.git(["update-ref", "refs/heads/main", made])
      try shop.git(["reset", "--quiet", "--hard"])
    }
    try shop.git(["worktree", "remove", "--force", place.path])
    return squashed
  }

  func cherryPick() throws -> Bool {
    let place = anyPlace(mainPercent: 60)
    guard try isReady(place), let branch = try pick(branches() + ["main"]),
      let commit = pick(try shop.lines(["rev-list", "--no-merges", branch, "--not", "HEAD"], at: place))
    else { return false }
    return try attempt(["cherry-pick", commit], at: place)
  }

  /// Commits travel as mail.
  func mail() throws -> Bool {
    guard try isMainReady(), let branch = try pick(branches()) else { return false }
    let patches = shop.repository.folder.path + "/patches"
    guard try shop.git(["format-patch", "--quiet", "-o", patches, "main..\(branch)"]) else { return false }
    let files = shop.names(in: patches).map { "\(patches)/\($0)" }
    let applied = try !files.isEmpty && attempt(["am", "--quiet", "--3way"] + files, at: shop.main)
    shop.remove(patches)
    return applied
  }
}
