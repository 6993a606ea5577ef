import TestSupport

// The end of a history: everything is put in order.
extension History {
  /// Ends what is under way, joins everything on `main`, and checks that nothing is missing or changes any more.
  func heal() throws {
    for place in [shop.main] + shop.lanes { try giveUp(at: place) }
    try shop.git(["checkout", "--quiet", "--force", "main"])
    try join(at: shop.main, naming: try everything())
    try expectSettled(naming: try everything())
    for feature in Workshop.features { try recordOneMore(of: feature) }
    try join(at: shop.main, naming: [])
    try expectSettled(naming: [])
  }

  /// Takes away all that only agents needed, and checks that `main` has everything.
  func outlive() throws {
    if chance(60) { _ = try commitLog() }
    for place in shop.lanes { try shop.git(["worktree", "remove", "--force", place.path]) }
    try shop.git(["worktree", "prune"])
    for branch in try branches() { try shop.git(["branch", "--quiet", "-D", branch]) }
    try shop.git(["stash", "clear"])
    if chance(30) { try shop.git(["update-ref", "-d", Workshop.notes]) }
    _ = try collectGarbage()
    try join(at: shop.main, naming: [])
    try expectSettled(naming: [])
  }

  /// What leads to commits that events may be on: references, and the HEADs of worktrees.
  private func everything() throws -> [String] {
    let references = try shop.lines(["for-each-ref", "--format=%(refname)"]).filter { !$0.hasPrefix("refs/notes/") }
    let heads = try shop.lines(["worktree", "list", "--porcelain"])
      .filter { $0.hasPrefix("HEAD ") }.map { String($0.dropFirst("HEAD ".count)) }
    return references + Set(heads).sorted().filter { $0.contains { $0 != "0" } }
  }

  /// Checks that another join changes nothing, and that git finds its repository in order.
  private func expectSettled(naming revisions: [String]) throws {
    func state() throws -> [[UInt8]?] {
      let files = Workshop.features.flatMap { [shop.log(of: $0), shop.clock(of: $0)] }
      return files.map { shop.read("\(shop.main.path)/\($0)") }
        + [try shop.ask(["rev-parse", "--quiet", "--verify", Workshop.notes])]
    }
    let before = try state()
    let result = try shop.tool(["merge", "--json"] + revisions, at: shop.main)
    guard result.status == 0 else { throw Violation("another merge ended with \(result.status): \(result.errorText)") }
    guard try state() == before else { throw Violation("another merge changes something") }
    let found = try shop.findings()
    guard found.isEmpty else { throw Violation("git fsck says: \(found)") }
  }
}
