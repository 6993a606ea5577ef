import Events
import TestSupport

// The end of a history: everything is put in order.
extension History {
  /// Ends what is under way, joins everything on `main`, and checks that nothing is missing or changes any more.
  func heal() throws {
    for place in [shop.main] + shop.lanes { try giveUp(at: place) }
    try shop.git(["checkout", "--quiet", "--force", "main"])
    let held = try heldIDs()
    let everything = Join(revisions: try everything())
    try join(everything, at: shop.main)
    try expectSettled(everything)
    try join(Join(isRepair: true), at: shop.main)
    try expectAll(of: held)
    try expectContent()
    for feature in Workshop.features { try recordOneMore(of: feature) }
    try join(Join(), at: shop.main)
    try expectContent()
  }

  /// Takes away all that only agents needed, and checks that `main` has everything.
  func outlive() throws {
    switch Int.random(in: 0..<3, using: &generator) {
    case 0: try join(Join(options: ["--commit"]), at: shop.main)
    case 1: _ = try commitLog()
    default: break
    }
    for place in shop.lanes { try shop.git(["worktree", "remove", "--force", place.path]) }
    try shop.git(["worktree", "prune"])
    for branch in try branches() { try shop.git(["branch", "--quiet", "-D", branch]) }
    try shop.git(["stash", "clear"])
    if chance(50) { for tag in try shop.lines(["tag"]) { try shop.git(["tag", "--delete", tag]) } }
    if chance(30) { try shop.git(["update-ref", "-d", Workshop.notes]) }
    _ = try collectGarbage()
    let held = try heldIDs()
    try join(Join(), at: shop.main)
    try join(Join(isRepair: true), at: shop.main)
    try expectAll(of: held)
    try expectContent()
  }

  /// What leads to commits that events may be on: references, and the HEADs of worktrees.
  private func everything() throws -> [String] {
    let references = try shop.lines(["for-each-ref", "--format=%(refname)"]).filter { !$0.hasPrefix("refs/notes/") }
    let heads = try shop.lines(["worktree", "list", "--porcelain"])
      .filter { $0.hasPrefix("HEAD ") }.map { String($0.dropFirst("HEAD ".count)) }
    return references + Set(heads).sorted().filter { $0.contains { $0 != "0" } }
  }

  /// The ids of all events that any replica holds: the journal, the notes and their past, logs in work trees and at
  /// the tips of branches.
  private func heldIDs() throws -> Set<String> {
    var ids = Set(shop.journal().keys)
    let tips = try shop.lines(["reflog", "show", "--format=%H", Workshop.notes])
    let known = try shop.lines(["rev-list", "--objects", "--ignore-missing", "--glob=\(Workshop.notes)"] + tips)
    var objects = known.map { String($0.prefix { $0 != " " }) }
    for feature in Workshop.features {
      objects += try everything().map { "\($0):\(shop.log(of: feature))" }
      for place in [shop.main] + shop.lanes {
        ids.formUnion(Lines(shop.read("\(place.path)/\(shop.log(of: feature))") ?? []).ids)
      }
    }
    for content in try shop.objects(objects).values { ids.formUnion(Lines(content).ids) }
    return ids
  }

  /// Checks that the log on `main` has all events that were recorded and not destroyed, but for those that still wait.
  private func expectAll(of held: Set<String>) throws {
    let logged = Set(Workshop.features.flatMap { Lines(shop.read("\(shop.main.path)/\(shop.log(of: $0))") ?? []).ids })
    for emission in emissions.acknowledged {
      guard let id = emission.id, !logged.contains(id) else { continue }
      let isWaiting = emission.waits.map(isWaitingAlive) ?? false
      // A machine that has forgotten what it recorded cannot tell commits that are gone from those it never had.
      if isWaiting || emission.isForgotten { continue }
      throw Violation(
        held.contains(id) ? "\(name(of: id)) did not come back" : "every copy of \(name(of: id)) is gone")
    }
  }

  /// Checks that another join changes nothing, and that git finds its repository in order.
  private func expectSettled(_ join: Join) throws {
    let before = try shop.state(of: shop.main)
    let result = try shop.tool(join.arguments, at: shop.main)
    guard result.status == 0 else { throw Violation("another join ended with \(result.status): \(result.errorText)") }
    guard try shop.state(of: shop.main) == before else { throw Violation("another join changes something") }
    let found = try shop.findings()
    guard found.isEmpty else { throw Violation("git fsck says: \(found)") }
  }

  /// Checks that nothing is left to be healed.
  private func expectContent() throws {
    let result = try shop.tool(["verify", "--json"], at: shop.main)
    guard result.status == 0, JSONValue(result.output)?.object?["ok"] == .bool(true) else {
      throw Violation("verify ended with \(result.status): \(result.outputText) \(result.errorText)")
    }
    let logged = Workshop.features.flatMap { Lines(shop.read("\(shop.main.path)/\(shop.log(of: $0))") ?? []).ids }
    let queried = Lines(try shop.tool(["query", "--jsonl"], at: shop.main).output).ids
    guard queried.sorted() == logged.sorted() else { throw Violation("query tells \(queried), the logs \(logged)") }
    try expectSettled(Join())
    try expectSettled(Join(isRepair: true))
  }
}
