import Events
import Foundation
import TestSupport
import Testing

/// Notes on many commits, and other programs that write them.
struct `Many notes` {
  private let notes = "refs/notes/kitty-telemetry"

  /// A repository with 1,000 commits, 970 of which git gave notes to; returns the names of the others.
  private func prepared() throws -> (TestRepository, rest: [String]) {
    let repository = try TestRepository()
    var commands = ""
    for number in 1...1000 {
      commands += "commit refs/heads/main\nmark :\(number)\n"
      commands += "committer Test Person <test@example.com> \(1_700_000_000 + number) +0000\ndata 0\n"
    }
    try repository.git("fast-import", "--quiet", input: Array(commands.utf8))
    let commits = try repository.git("rev-list", "main").split(separator: "\n").map(String.init)
    var import970 = ""
    import970 += "commit \(notes)\ncommitter Test Person <test@example.com> 1700000000 +0000\ndata 0\n"
    for commit in commits.dropFirst(30) {
      let line = "line of \(commit)\n"
      import970 += "N inline \(commit)\ndata \(line.utf8.count)\n\(line)\n"
    }
    try repository.git("fast-import", "--quiet", input: Array(import970.utf8))
    return (repository, rest: Array(commits.prefix(30)))
  }

  @Test func `are laid out as git would, and git finds all of them`() throws {
    let (repository, rest) = try prepared()
    for commit in rest { try repository.emitted("--feature", "f", "--commit", commit) }
    let listed = try repository.git("notes", "--ref=kitty-telemetry", "list").split(separator: "\n")
    #expect(listed.count == 1000)
    for commit in rest { #expect(try events(repository.notedLines(commit)).count == 1) }
    let fsck = try repository.attempt(["fsck", "--strict"])
    #expect(fsck.status == 0 && fsck.errorText.isEmpty && fsck.outputText.isEmpty, "\(fsck.errorText)")

    // Git writes the same notes from nothing.
    var commands = "commit refs/notes/oracle\ncommitter Test Person <test@example.com> 1700000000 +0000\ndata 0\n"
    for line in listed.dropFirst() {
      let words = line.split(separator: " ")
      commands += "N \(words[0]) \(words[1])\n"
    }
    try repository.git("fast-import", "--quiet", input: Array(commands.utf8))
    let first = try #require(listed.first).split(separator: " ")
    try repository.git("notes", "--ref=oracle", "add", "-C", String(first[0]), String(first[1]))
    let trees = try ["refs/notes/oracle", notes].map { try repository.git("rev-parse", "\($0)^{tree}") }
    #expect(trees[0] == trees[1])
  }

  @Test func `from git and from here live together on one commit`() throws {
    let (repository, rest) = try prepared()
    let commit = rest[0]
    try repository.emitted("--feature", "f", "--commit", commit)
    try repository.git("notes", "--ref=kitty-telemetry", "append", "-m", "a remark of a person", commit)
    try repository.emitted("--feature", "f", "--commit", commit)
    try repository.git("notes", "--ref=kitty-telemetry", "append", "-m", "{\"another\": 1}", rest[1])
    try repository.emitted("--feature", "f", "--commit", rest[1])
    try repository.emitted("--feature", "f", "--commit", rest[1])
    let lines = try repository.notedLines(commit)
    #expect(lines.count == 3 && lines.last == "a remark of a person")
    #expect(events(Array(lines.prefix(2))).map(\.lamportClock) == [LamportValue(1), LamportValue(2)])
    let others = try repository.notedLines(rest[1])
    #expect(others.count == 3 && others.contains("{\"another\": 1}"))
    #expect(try repository.git("notes", "--ref=kitty-telemetry", "list").split(separator: "\n").count == 972)
    #expect(try repository.attempt(["fsck", "--strict"]).status == 0)
  }

  @Test func `of two clones are merged by git line by line`() throws {
    let (repository, rest) = try prepared()
    let clone = repository.folder.path + "/clone"
    try repository.git("clone", "--quiet", repository.path, clone)
    try repository.git("fetch", "--quiet", "origin", "\(notes):\(notes)", in: clone)
    for (key, value) in [("user.name", "Other"), ("user.email", "other@example.com")] {
      try repository.git("config", key, value, in: clone)
    }
    for commit in rest.prefix(20) { try repository.emitted("--feature", "f", "--commit", commit) }
    for commit in rest.suffix(20) { try repository.emitted("--feature", "f", "--commit", commit, in: clone) }
    try repository.git("fetch", "--quiet", clone, "\(notes):refs/notes/theirs")
    try repository.git("notes", "--ref=kitty-telemetry", "merge", "--quiet", "-s", "cat_sort_uniq", "theirs")
    #expect(try repository.git("notes", "--ref=kitty-telemetry", "list").split(separator: "\n").count == 1000)
    for (number, commit) in rest.enumerated() {
      #expect(try events(repository.notedLines(commit)).count == (10..<20 ~= number ? 2 : 1))
    }
    try repository.emitted("--feature", "f", "--commit", rest[15])
    #expect(try events(repository.notedLines(rest[15])).count == 3)
    #expect(try repository.attempt(["fsck", "--strict"]).status == 0)
  }
}
