import Events
import Foundation
import TestSupport
import Testing

/// Clones that know the same have the same bytes, whatever the order in which they came to know it.
struct `Two clones` {
  /// A clone at work.
  private struct Clone {
    let repository: TestRepository
    let path: String

    func git(_ arguments: String...) throws { try repository.git(arguments, in: path) }

    /// Puts its main branch and its notes into the shared repository, each under a name that tells whose they are.
    func publish(as name: String) throws {
      try git("push", "--quiet", "origin", "main:main-\(name)", "refs/notes/kitty-telemetry:refs/notes/of-\(name)")
    }

    /// Fetches what another clone has published.
    func fetch(from name: String) throws {
      let notes = "+refs/notes/of-\(name):refs/notes/remotes/origin/kitty-telemetry"
      try git("fetch", "--quiet", "origin", "main-\(name):refs/remotes/origin/main-\(name)", notes)
    }

    /// The names of log and clock as git would store them.
    func blobs() throws -> [String] {
      let files = [repository.log(), repository.clock()]
      return try files.map { try repository.git("hash-object", "--no-filters", $0, in: path) }
    }

    func notesTree() throws -> String { try repository.git("rev-parse", "refs/notes/kitty-telemetry^{tree}", in: path) }
  }

  /// Two clones of one repository, each with a lane of its own that both know, and the ids of all events.
  private func clones(_ repository: TestRepository, _ logs: Situation.Logs) throws -> (clones: [Clone], ids: [String]) {
    try repository.plan()
    let shared = repository.folder.path + "/shared"
    try repository.git("clone", "--quiet", "--bare", repository.path, shared)
    var ids: [String] = []
    let clones = try ["one", "two"].map { name in
      let clone = Clone(repository: repository, path: repository.folder.path + "/" + name)
      try repository.git("clone", "--quiet", shared, clone.path)
      try clone.git("config", "user.name", name)
      try clone.git("config", "user.email", "\(name)@example.com")
      let file = logs == .hidden ? "exclude" : "attributes"
      let pattern = logs == .hidden ? "kitty-specs/*/.t*\nkitty-specs/*/e*\n" : "kitty-specs/** merge=union\n"
      try repository.write(".git/info/" + file, pattern, in: clone.path)
      try clone.git("checkout", "--quiet", "-b", "f-\(name)")
      for number in 1...3 {
        try repository.work(in: clone.path, "\(name)-\(number)")
        for node in ["WP01", "WP-\(name)"] {
          let emitted = try repository.emitted("--feature", "f", "--wp-id", node, in: clone.path)
          ids.append(try #require(emitted["event_id"]?.text))
        }
      }
      if logs != .hidden { try repository.commit("Record the telemetry", in: clone.path) }
      try clone.git("push", "--quiet", "origin", "f-\(name)")
      try clone.git("checkout", "--quiet", "main")
      return clone
    }
    for clone in clones { try clone.git("fetch", "--quiet") }
    return (clones, ids)
  }

  @Test(arguments: [Situation.Logs.hidden, .tracked])
  func `that merge each other's branches in opposite order end with the same logs, clocks and notes`(
    logs: Situation.Logs
  ) throws {
    let repository = try TestRepository()
    let (clones, ids) = try clones(repository, logs)
    for (clone, order) in zip(clones, [["one", "two"], ["two", "one"]]) {
      for name in order {
        try clone.git("merge", "--quiet", "--no-ff", "--no-edit", "origin/f-\(name)")
        try repository.merged(in: clone.path)
        if logs != .hidden { try repository.commit("Record the telemetry", in: clone.path) }
      }
    }
    if logs != .hidden { #expect(try clones[0].blobs() == clones[1].blobs()) }
    for (clone, name) in zip(clones, ["one", "two"]) { try clone.publish(as: name) }
    for (clone, name) in zip(clones, ["two", "one"]) {
      try clone.fetch(from: name)
      try repository.merged(in: clone.path)
    }
    #expect(try clones[0].blobs() == clones[1].blobs())
    #expect(try clones[0].notesTree() == clones[1].notesTree())
    for clone in clones {
      let log = repository.lines(clone.path + "/" + repository.log())
      #expect(events(log).map(\.id.description).sorted() == ids.sorted())
      #expect(Set(try repository.notedIDs(in: clone.path)) == Set(ids))
    }
  }

  @Test func `that squash each other's branches in opposite order end with the same notes when both homes are known`()
    throws
  {
    let repository = try TestRepository()
    let (clones, ids) = try clones(repository, .tracked)
    for (clone, order) in zip(clones, [["one", "two"], ["two", "one"]]) {
      for name in order {
        try clone.git("merge", "--quiet", "--squash", "origin/f-\(name)")
        try repository.commit("feat: \(name)", in: clone.path)
        try repository.merged("origin/f-\(name)", in: clone.path)
        try repository.commit("Record the telemetry", in: clone.path)
      }
    }
    #expect(try clones[0].blobs() == clones[1].blobs())
    // The first exchange tells each clone of the other's events, the second of the homes that these found there.
    for _ in 1...2 {
      for (clone, name) in zip(clones, ["one", "two"]) { try clone.publish(as: name) }
      for (clone, name) in zip(clones, ["two", "one"]) {
        try clone.fetch(from: name)
        try repository.merged("origin/f-one", "origin/f-two", in: clone.path)
      }
    }
    #expect(try clones[0].blobs() == clones[1].blobs())
    #expect(try clones[0].notesTree() == clones[1].notesTree())
    for clone in clones { #expect(Set(try repository.notedIDs(in: clone.path)) == Set(ids)) }
  }
}
