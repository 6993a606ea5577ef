import Events
import Foundation
import TestSupport
import Testing

/// What stands where a file is expected: nothing of it is followed, waited for or written to, and nothing is lost.
struct `Files of a stranger` {
  /// Things that are no files, as a command that puts one at a path.
  static let things = ["mkfifo", "ln -s ../../precious", "mknod --mode=666"]

  private func put(_ thing: String, at path: String, in repository: TestRepository) throws {
    try repository.write("../precious", "precious\n")
    try? FileManager.default.removeItem(atPath: "\(repository.path)/\(path)")
    try repository.run("mkdir", "-p", (path as NSString).deletingLastPathComponent)
    let words = thing.split(separator: " ").map(String.init)
    // A device that gives zeros without an end.
    let end = words[0] == "mknod" ? ["c", "1", "5"] : []
    let result = try ChildProcess.run(
      words[0], words.dropFirst() + [path] + end, in: repository.path, environment: repository.environment)
    guard result.status == 0 else { throw ProcessFailure(command: thing, result: result) }
  }

  /// Runs the program, which must come to an end by itself.
  private func run(
    _ repository: TestRepository, _ arguments: String..., sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> ProcessResult {
    let result = try repository.startTool(arguments, prefix: ["timeout", "-s", "KILL", "60"]).wait()
    #expect(result.status != 137 && result.status != 9, "\(arguments): no end", sourceLocation: sourceLocation)
    let isShown = (result.output + result.errors).allSatisfy { $0 >= 0x20 || $0 == 0x0A }
    #expect(isShown, "a terminal would act on it", sourceLocation: sourceLocation)
    return result
  }

  @Test(.timeLimit(.minutes(10)), arguments: things)
  func `in the place of an input is refused, and nothing is recorded`(thing: String) throws {
    let repository = try TestRepository()
    try repository.commit("one")
    try put(thing, at: "in/x/WP01-review.log", in: repository)
    let imported = try run(repository, "import", "in/x/WP01-review.log", "--feature", "f")
    #expect(imported.status == 1 && imported.errorText.contains("WP01-review.log"), "\(imported.errorText)")
    guard !thing.hasPrefix("ln") else { return }
    let emitted = try run(repository, "emit", "--feature", "f", "--events", "in/x/WP01-review.log")
    #expect(emitted.status == 64 && emitted.errorText.contains("it is no regular file"), "\(emitted.errorText)")
    try repository.write("a.jsonl", "")
    for order in [["in/x/WP01-review.log", "a.jsonl", "a.jsonl"], ["a.jsonl", "a.jsonl", "in/x/WP01-review.log"]] {
      let merged = try run(repository, "merge-file", order[0], order[1], order[2])
      #expect(merged.status == 129 && merged.errorText.contains("it is no regular file"), "\(merged.errorText)")
    }
    #expect(repository.lines(repository.log()).isEmpty && repository.journaled().isEmpty)
  }

  @Test(.timeLimit(.minutes(10)), arguments: things)
  func `in the place of what only helps says nothing, and the event is recorded`(thing: String) throws {
    let repository = try TestRepository()
    try repository.commit("one")
    try repository.git("switch", "-q", "-c", "kitty/mission-f-lane-a")
    try put(thing, at: "kitty-specs/f/lanes.json", in: repository)
    try put(thing, at: "kitty-specs/f/status.events.jsonl", in: repository)
    try put(thing, at: ".kittify/prices.json", in: repository)
    let name = URL(filePath: repository.path).lastPathComponent
    try put(thing, at: ".kittify/workspaces/\(name).json", in: repository)
    #expect(try run(repository, "emit", "--role", "reviewer").status == 0)
    #expect(try run(repository, "run", "--", "true").status == 0)
    let estimated = try run(repository, "emit", "--role", "reviewer", "--estimate", "--model", "m", "--json")
    #expect(estimated.errorText.contains("prices.json"), "\(estimated.errorText)")
    #expect(repository.journaled().count == 3 && repository.lines(repository.log()).count == 3)
    #expect(try text(repository.read("../precious")) == "precious\n")
  }

  @Test(.timeLimit(.minutes(10)), arguments: things)
  func `in the place of the journal or its lock costs no event`(thing: String) throws {
    let repository = try TestRepository()
    try repository.commit("one")
    try put(thing, at: ".git/kitty-telemetry", in: repository)
    for _ in 0..<2 { #expect(try run(repository, "emit", "--role", "reviewer", "--feature", "f").status == 0) }
    #expect(try repository.notedLines() == repository.lines(repository.log()))
    #expect(repository.lines(repository.log()).count == 2)
    let merged = try run(repository, "merge")
    #expect(merged.status == 1 && merged.errorText.contains("kitty-telemetry"), "\(merged.errorText)")
    try repository.run("rm", ".git/kitty-telemetry")
    try repository.emitted("--feature", "f")
    try put(thing, at: ".git/kitty-telemetry/lock", in: repository)
    #expect(try run(repository, "emit", "--role", "reviewer", "--feature", "f").status == 0)
    #expect(repository.lines(repository.log()).count == 4)
    #expect(try text(repository.read("../precious")) == "precious\n")
  }

  @Test(.timeLimit(.minutes(10)), arguments: ["blob", "tree", "tag"])
  func `a notes reference that leads to no commit is left as it is, and costs no event`(kind: String) throws {
    let repository = try TestRepository()
    try repository.commit("one")
    let names = ["blob": "HEAD:file", "tree": "HEAD^{tree}", "tag": "refs/tags/t"]
    try repository.write("file", "x")
    try repository.git("add", "file")
    try repository.git("commit", "-q", "-m", "two")
    try repository.git("tag", "-a", "-m", "x", "t")
    let target = try repository.git("rev-parse", try #require(names[kind]))
    try repository.write(".git/refs/notes/kitty-telemetry", target + "\n")
    let emitted = try run(repository, "emit", "--role", "reviewer", "--feature", "f")
    #expect(emitted.status == 0 && emitted.errorText.contains("which is no commit here"), "\(emitted.errorText)")
    for command in ["merge", "verify", "repair"] {
      let result = try run(repository, command)
      #expect(result.status == 1 && result.errorText.contains("which is no commit here"), "\(result.errorText)")
    }
    #expect(try repository.queriedIDs().count == 1)
    #expect(try text(repository.read(".git/refs/notes/kitty-telemetry")) == target + "\n")
    #expect(repository.journaled().count == 1 && repository.lines(repository.log()).count == 1)
  }

  @Test(.timeLimit(.minutes(10)), arguments: ["symbolic", "symbolic for git", "a link"])
  func `a notes reference that leads to a branch moves no branch, and costs no event`(kind: String) throws {
    let repository = try TestRepository(kind == "symbolic for git" ? ["--object-format=sha256"] : [])
    let head = try repository.commit("one")
    let notes = "refs/notes/kitty-telemetry"
    if kind == "a link" {
      try repository.run("mkdir", ".git/refs/notes")
      try repository.run("ln", "-s", "../heads/main", ".git/\(notes)")
    } else {
      try repository.git("symbolic-ref", notes, "refs/heads/main")
    }
    let objects = try repository.git("count-objects")
    for command in [["emit", "--role", "reviewer", "--feature", "f"], ["merge"], ["verify"], ["repair"], ["doctor"]] {
      let result = try repository.startTool(command).wait()
      #expect(result.status == (command[0] == "emit" ? 0 : 1), "\(command)")
      let told = (result.outputText + result.errorText).split(separator: "\n").filter {
        $0.contains(kind == "a link" ? "is a link in the file system" : "it leads to refs/heads/main")
      }
      #expect(told.count == 1, "\(command): \(result.outputText)\(result.errorText)")
    }
    #expect(try repository.git("rev-parse", "main") == head)
    // Nor is anything written that no reference would ever lead to.
    #expect(try repository.git("count-objects") == objects)
    #expect(repository.journaled().count == 1 && repository.lines(repository.log()).count == 1)
    // The event waits until its note has a place; another place for notes is one.
    try repository.run("rm", ".git/\(notes)")
    try repository.git("symbolic-ref", notes, "refs/notes/others")
    #expect(try run(repository, "merge").status == 0)
    #expect(try repository.git("notes", "--ref=others", "show").split(separator: "\n").count == 1)
    #expect(try repository.git("symbolic-ref", notes) == "refs/notes/others")
  }

  @Test(
    .timeLimit(.minutes(10)),
    arguments: [
      "info/exclude", "info/attributes", "hooks/post-commit", "config", "packed-refs", "objects/info/alternates",
      "shallow", "commondir", "index", "refs/notes/kitty-telemetry", "logs/refs/notes/kitty-telemetry",
      "refs/heads/main", "refs/heads/other", "refs/notes", "MERGE_HEAD",
    ])
  func `a FIFO in the git directory holds nobody up, and costs no event`(path: String) throws {
    let repository = try TestRepository()
    try repository.commit("one")
    try repository.emitted("--feature", "f")
    try put("mkfifo", at: ".git/\(path)", in: repository)
    for command in ["doctor", "setup", "merge", "verify", "query"] { _ = try run(repository, command) }
    #expect(try run(repository, "emit", "--role", "reviewer", "--feature", "f").status == 0)
    #expect(repository.journaled().count == 2 && repository.lines(repository.log()).count == 2)
    let named = [
      "info/exclude", "info/attributes", "config", "packed-refs", "shallow", "index", "refs/heads/main",
      "refs/heads/other", "refs/notes",
    ]
    guard named.contains(path) else { return }
    let command = path.hasPrefix("info/") ? "doctor" : path == "index" ? "merge" : "verify"
    let told = try run(repository, command)
    #expect(told.status == 1)
    let words = told.outputText + told.errorText
    #expect(words.contains(".git/\(path): it is no regular file") || words.contains(".git/\(path) is no regular file"))
  }

  @Test(.timeLimit(.minutes(10)))
  func `what is no note in a tree of notes stays, and notes on what is no commit do no harm`() throws {
    let repository = try TestRepository()
    let commit = try repository.commit("one")
    try repository.emitted("--feature", "f")
    let notes = "refs/notes/kitty-telemetry"
    let note = try repository.git("rev-parse", "\(notes):\(commit)")
    let entries = [
      "100644 blob \(note)\t\(commit)", "160000 commit \(commit)\tab", "120000 blob \(note)\todd \u{1B}[31m",
      "160000 commit \(commit)\t\(String(repeating: "c", count: 40))",
      "120000 blob \(note)\t\(String(repeating: "b", count: 40))",
    ]
    let tree = try repository.git("mktree", "-z", input: Array((entries.joined(separator: "\0") + "\0").utf8))
    let odd = try repository.git("commit-tree", "-p", notes, "-m", "odd", tree)
    try repository.git("update-ref", notes, odd)
    try repository.git("tag", "-a", "-m", "x", "t")
    for name in ["refs/tags/t", "HEAD^{tree}", note] {
      let object = try repository.git("rev-parse", name)
      try repository.git("notes", "--ref=kitty-telemetry", "add", "-f", "-m", "{\u{1B}[31m", object)
    }
    try repository.emitted("--feature", "f")
    for command in ["merge", "verify", "repair"] { #expect(try run(repository, command).status == 0) }
    let kept = try repository.git("ls-tree", "-r", notes)
    for entry in ["160000 commit \(commit)\tab", "\tcccccccc", "\tbbbbbbbb", "odd "] { #expect(kept.contains(entry)) }
    #expect(try repository.queriedIDs().count == 2 && repository.notedLines().count == 2)
    #expect(try repository.attempt(["fsck", "--strict"]).status == 0)
  }

  @Test(.timeLimit(.minutes(10)), arguments: ["$(touch x)", "`touch x`", "a;touch x", "a|touch x", "-n", "x/../../y"])
  func `a name that a shell or a file system would act on is a name`(name: String) throws {
    let repository = try TestRepository()
    try repository.commit("one")
    try repository.setUp()
    let branch = "kitty/mission-\(name.replacing(" ", with: "\u{A0}").replacing("/..", with: ""))-WP01"
    guard try repository.attempt(["switch", "-c", branch]).status == 0 else { return }
    for arguments in [["--agent", name, "--model", name, "--node-id", name], []] {
      #expect(
        try repository.startTool(["emit", "--role", "reviewer", "--feature", "f", "--next-commit"] + arguments).wait()
          .status == 0)
    }
    try repository.run(
      "env", "PATH=\(try repository.toolOnPath()):/usr/bin:/bin", "git", "commit", "-q", "--allow-empty", "-m", name)
    #expect(try run(repository, "run", "--agent", name, "--feature", "f", "--", "true").status == 0)
    #expect(try run(repository, "merge").status == 0)
    #expect(!FileManager.default.fileExists(atPath: repository.path + "/x"))
    #expect(try repository.queriedIDs().count == 3)
  }
}
