import Foundation
import TestSupport

extension Scene {
  private static let emission = ["emit", "--role", "implementer", "--agent", "trial", "--json"]
  private static let givenID = "01KHJVJWDM0HGAGYGXJYKD1JQG"

  /// Every command that writes, in every way in which it writes.
  static let all = recordings + joins + others

  private static let recordings: [Scene] = [
    Scene(name: "emit", worktree: "f-WP01", arguments: emission, promise: .recording) { world in
      try world.hideLogs()
      return try world.record(3, in: try world.startWork())
    },
    Scene(name: "emit, the first of all", arguments: emission + ["--feature", feature], promise: .recording) { _ in []
    },
    Scene(
      name: "emit after a torn line", worktree: "f-WP01", arguments: emission, promise: .recording,
      prepare: { world in
        try world.hideLogs()
        let name = try world.startWork()
        let ids = try world.record(2, in: name)
        let log = "\(world.place(name))/kitty-specs/\(feature)/execution.events.jsonl"
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: log))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data(torn.utf8))
        try handle.close()
        return ids
      }, fragment: torn),
    Scene(
      name: "emit --next-commit", worktree: "f-WP01", arguments: emission + ["--next-commit"], promise: .recording
    ) { world in
      try world.hideLogs()
      return try world.record(2, in: try world.startWork(), "--next-commit")
    },
    Scene(name: "emit into a long note", worktree: "f-WP01", arguments: emission, promise: .recording) { world in
      try world.hideLogs()
      let name = try world.startWork()
      return try world.recordTogether(90, in: name) + world.record(1, in: name)
    },
    Scene(
      name: "emit --flush", worktree: "f-WP01", arguments: emission + ["--flush"], promise: .recording
    ) { world in
      try world.hideLogs()
      let name = try world.startWork()
      return try world.recordTogether(90, in: name) + world.record(3, in: name)
    },
    Scene(
      name: "emit --events", worktree: "f-WP01", arguments: ["emit", "--json", "--events", "-"],
      input: payloads(40), promise: .recording
    ) { world in
      try world.hideLogs()
      return try world.record(1, in: try world.startWork())
    },
    Scene(
      name: "emit --event-id, again", worktree: "f-WP01", arguments: emission + ["--event-id", givenID],
      promise: .recording
    ) { world in
      try world.hideLogs()
      let name = try world.startWork()
      let ids = try world.record(1, in: name, "--event-id", givenID)
      try FileManager.default.removeItem(
        atPath: "\(world.place(name))/kitty-specs/\(feature)/execution.events.jsonl")
      return ids
    },
    Scene(name: "emit takes in late records", worktree: "f-WP01", arguments: emission, promise: .recording) { world in
      try world.hideLogs()
      let name = try world.startWork()
      let ids = try world.record(1, in: name)
      return try ids + world.recordLate(in: name)
    },
    Scene(
      name: "emit while the lock is held", worktree: "f-WP01", arguments: emission, promise: .recording, isLocked: true
    ) { world in
      try world.hideLogs()
      return try world.record(1, in: try world.startWork())
    },
  ]

  private static let torn = #"{"aggregate_id": "f", "event_"#

  private static let joins: [Scene] = [
    Scene(name: "merge", arguments: ["merge"], promise: .command, prepare: twoWorkPackages),
    Scene(name: "merge --commit", arguments: ["merge", "--commit"], promise: .command, prepare: twoWorkPackages),
    Scene(name: "merge that compacts", arguments: ["merge"], promise: .command) { world in
      let ids = try twoWorkPackages(world)
      let result = try world.run([world.tool, "merge", "--commit"])
      guard result.status == 0 else { throw ProcessFailure(command: "merge --commit", result: result) }
      let name = try world.startWork(on: "WP03")
      let more = try world.record(2, in: name)
      try world.merge(name)
      return ids + more
    },
    Scene(name: "merge of a conflict", arguments: ["merge"], promise: .command) { world in
      let names = try ["WP01", "WP02"].map { try world.startWork(on: $0) }
      var ids: [String] = []
      for name in names {
        ids += try world.record(2, in: name)
        try world.git("add", "--all", in: world.place(name))
        try world.git("commit", "--quiet", "-m", "Record", in: world.place(name))
      }
      try world.git("merge", "--quiet", "--no-ff", names[0])
      // Both have a log that the other one does not know, which git cannot merge.
      _ = try world.run(["git", "merge", "--quiet", "--no-ff", names[1]])
      return ids
    },
    Scene(name: "repair", arguments: ["repair"], promise: .command) { world in
      let ids = try twoWorkPackages(world)
      for command in ["merge", "repair"] { _ = try world.run([world.tool, command]) }
      try world.git("update-ref", "-d", "refs/notes/kitty-telemetry")
      try world.write("kitty-specs/\(feature)/.telemetry-clock.json", "{")
      return ids
    },
  ]

  /// Two work packages that are done and merged, one of them squashed, and events that nobody has joined yet.
  @Sendable
  private static func twoWorkPackages(_ world: World) throws -> [String] {
    try world.hideLogs()
    let first = try world.startWork(on: "WP01")
    let second = try world.startWork(on: "WP02")
    let ids = try world.record(3, in: first) + world.record(3, in: second)
    try world.merge(first)
    try world.merge(second, squash: true)
    return ids
  }

  private static let others: [Scene] = [
    Scene(name: "hook post-commit", worktree: "f-WP01", arguments: ["hook", "post-commit"], promise: .hook) { world in
      try world.hideLogs()
      let name = try world.startWork()
      let ids = try world.record(2, in: name, "--next-commit")
      try world.commit("done.txt", in: world.place(name))
      return ids
    },
    Scene(
      name: "run", worktree: "f-WP01",
      arguments: ["run", "--role", "implementer", "--agent", "trial", "--", "true"], promise: .agent
    ) { world in
      try world.hideLogs()
      return try world.record(1, in: try world.startWork())
    },
  ]
}
