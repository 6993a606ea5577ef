import Foundation
import TestSupport
import Testing

/// What a process that was killed leaves, and `repair` and `merge` clear away.
struct `What was left behind` {
  private let lock = ".git/refs/notes/kitty-telemetry.lock"

  private func recorded() throws -> TestRepository {
    let repository = try TestRepository()
    try repository.plan()
    try repository.emitted("--feature", "f", "--wp-id", "WP01")
    return repository
  }

  private func leave(_ files: String..., in repository: TestRepository, ago age: String) throws {
    for file in files {
      try repository.write(file, "")
      try repository.run("touch", "-d", age + " ago", file)
    }
  }

  private func exists(_ file: String, in repository: TestRepository) -> Bool {
    FileManager.default.fileExists(atPath: "\(repository.path)/\(file)")
  }

  @Test func `an old lock on the notes is removed by repair, which says so and writes what waited`() throws {
    let repository = try recorded()
    try leave(lock, in: repository, ago: "2 minutes")
    let waiting = try repository.emit("--feature", "f", "--wp-id", "WP01")
    #expect(waiting.status == 0 && waiting.errorText.contains(lock), "\(waiting.errorText)")
    let merged = try repository.tool("merge")
    #expect(merged.status == 1 && exists(lock, in: repository), "merge leaves it alone: \(merged.errorText)")

    let repaired = try repository.tool("repair")
    #expect(repaired.status == 0, "\(repaired.errorText)")
    let path = "\(repository.path)/\(lock)"
    #expect(
      repaired.complaints == [
        "note: removed \(path), which a process that was killed had left there: it kept notes from being written"
      ])
    #expect(!exists(lock, in: repository))
    #expect(try repository.notedLines().count == 2)
    #expect(try repository.tool("verify").status == 0)
  }

  @Test func `a young lock on the notes stays, and so do the locks of others`() throws {
    let repository = try recorded()
    let others = [".git/index.lock", ".git/refs/heads/main.lock", ".git/packed-refs.lock"]
    for other in others { try leave(other, in: repository, ago: "2 hours") }
    try leave(lock, in: repository, ago: "20 seconds")
    _ = try repository.emit("--feature", "f", "--wp-id", "WP01")
    let repaired = try repository.tool("repair")
    #expect(repaired.status == 1 && repaired.errorText.contains(lock), "\(repaired.errorText)")
    for file in others + [lock] { #expect(exists(file, in: repository), "\(file)") }
  }

  @Test(arguments: ["merge", "repair"]) func `old temporary files are removed`(command: String) throws {
    let repository = try recorded()
    let folder = "kitty-specs/f/"
    let journal = ".git/kitty-telemetry/"
    let ours = [
      folder + ".execution.events.jsonl.4711.1", folder + "..telemetry-clock.json.4711.2",
      journal + "..telemetry-clock.json.4711.3", journal + ".journal.jsonl.4711.4", journal + "clocks/.f.json.4711.5",
      journal + "late/.01KHJVJWDM0HGAGYGXJYKD1JQG.jsonl.4711.6",
    ]
    let others = [folder + ".spec.md.4711.7", folder + "execution.events.jsonl.orig", journal + "shims/claude"]
    for file in ours + others { try leave(file, in: repository, ago: "2 minutes") }
    try leave(folder + ".execution.events.jsonl.4711.8", in: repository, ago: "10 seconds")
    let result = try repository.tool(command)
    #expect(result.status == 0 && result.errors.isEmpty, "\(result.errorText)")
    for file in ours { #expect(!exists(file, in: repository), "\(file)") }
    for file in others + [folder + ".execution.events.jsonl.4711.8"] {
      #expect(exists(file, in: repository), "\(file)")
    }
  }
}
