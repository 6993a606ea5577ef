import Events
import Foundation
import TestSupport
import Testing

/// Tests that need a user for whom permissions count.
private let unprivileged: [String]? = {
  if geteuid() != 0 { return [] }
  let prefix = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"]
  guard FileManager.default.isExecutableFile(atPath: "/usr/bin/setpriv"),
    let repository = try? TestRepository(), let result = try? repository.tool("--version", prefix: prefix)
  else { return nil }
  return result.status == 0 ? prefix : nil
}()

/// Whatever stands in the way of recording: one warning, and what could be stored is stored.
struct `A recording in trouble` {
  /// Emits plainly, as JSON and strictly, and checks what was said; returns the warnings.
  @discardableResult
  private func check(
    _ repository: TestRepository, _ arguments: [String], in directory: String? = nil, prefix: [String] = [],
    stored: [String], sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> [String] {
    var warnings: [String] = []
    for format in [[], ["--json"], ["--strict"], ["--json", "--strict"]] {
      let result = try repository.startTool(
        ["emit", "--role", "implementer", "--feature", "f"] + arguments + format, in: directory, prefix: prefix
      ).wait()
      let status: Int32 = format.contains("--strict") ? 1 : 0
      #expect(result.status == status, "\(result.errorText)", sourceLocation: sourceLocation)
      #expect(
        result.complaints.count == 1 && result.errorText.hasPrefix("warning: "), "\(result.errorText)",
        sourceLocation: sourceLocation)
      let said = stored.isEmpty ? "nothing was stored" : "stored in: \(stored.joined(separator: ", "))"
      #expect(result.errorText.contains(said), "\(result.errorText)", sourceLocation: sourceLocation)
      warnings += result.complaints
      guard format.contains("--json") else { continue }
      let document = try #require(result.document, "\(result.outputText)", sourceLocation: sourceLocation)
      #expect(document["result"]?.text == "error", sourceLocation: sourceLocation)
      #expect(
        document["error"]?.text == String(try #require(result.complaints.first).dropFirst("warning: ".count)),
        sourceLocation: sourceLocation)
      #expect(document["stored"] == .array(stored.map { .string($0) }), sourceLocation: sourceLocation)
    }
    return warnings
  }

  @Test func `a folder that is in no repository`() throws {
    let repository = try TestRepository()
    let before = try listing(repository.folder.path)
    try check(repository, [], in: "/", stored: [])
    #expect(try listing(repository.folder.path) == before)
  }

  @Test func `a bare repository`() throws {
    let repository = try TestRepository("--bare")
    let before = try listing(repository.folder.path)
    try check(repository, [], stored: [])
    #expect(try listing(repository.folder.path) == before)
  }

  @Test(arguments: ["garbage", "ref: refs/heads/../x", ""])
  func `a repository whose head is broken`(head: String) throws {
    let repository = try TestRepository()
    try repository.commit("one")
    try repository.write(".git/HEAD", head)
    let warnings = try check(repository, [], stored: ["journal", "log"])
    #expect(warnings.allSatisfy { $0.hasPrefix("warning: cannot read") && !$0.contains("no commit") })
    #expect(repository.journaled().map(\.lamportClock) == (1...4).map { LamportValue($0) })
    #expect(repository.lines(repository.log()).count == 4)
  }

  @Test func `a feature folder where a file stands`() throws {
    let repository = try TestRepository()
    try repository.commit("one")
    try repository.write("kitty-specs/f", "in the way")
    try check(repository, [], stored: ["journal", "note"])
    #expect(try text(repository.read("kitty-specs/f")) == "in the way")
    #expect(repository.journaled().map(\.lamportClock) == (1...4).map { LamportValue($0) })
    #expect(try repository.notedLines().count == 4)
  }

  @Test(.enabled(if: unprivileged != nil)) func `a feature folder that may not be written`() throws {
    let repository = try TestRepository()
    try repository.commit("one")
    try repository.write("kitty-specs/f/spec.md", "")
    let prefix = try #require(unprivileged)
    let folder = repository.path + "/kitty-specs/f"
    try repository.run("chmod", "555", folder)
    if !prefix.isEmpty { try repository.run("chown", "-R", "65534:65534", repository.folder.path) }
    try check(repository, [], prefix: prefix, stored: ["journal", "note"])
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["spec.md"])
    #expect(repository.journaled().map(\.lamportClock) == (1...4).map { LamportValue($0) })
    try repository.run("chmod", "755", folder)
  }

  @Test func `a branch without commits`() throws {
    let repository = try TestRepository()
    try check(repository, [], stored: ["journal", "log"])
    #expect(repository.lines(repository.log()).count == 4)
    #expect(repository.journaled().count == 4)
    #expect(repository.lines(".git/kitty-telemetry/journal.jsonl").allSatisfy { $0.contains(#""waits": true"#) })
  }

  @Test func `a notes reference that a leftover lock keeps`() throws {
    let repository = try TestRepository()
    try repository.commit("one")
    try repository.write(".git/refs/notes/kitty-telemetry.lock", "")
    let warnings = try check(repository, [], stored: ["journal", "log"])
    #expect(warnings.allSatisfy { $0.contains("refs/notes/kitty-telemetry.lock") })
    try repository.run("rm", ".git/refs/notes/kitty-telemetry.lock")
    #expect(try repository.tool("emit", "--flush").status == 0)
    #expect(try repository.notedLines() == repository.lines(repository.log()))
  }

  @Test func `a journal whose folder cannot be made`() throws {
    let repository = try TestRepository()
    try repository.commit("one")
    try repository.write(".git/kitty-telemetry", "in the way")
    try check(repository, [], stored: ["log", "note"])
    #expect(events(repository.lines(repository.log())).map(\.lamportClock) == (1...4).map { LamportValue($0) })
    #expect(try repository.notedLines() == repository.lines(repository.log()))
    #expect(try text(repository.read(".git/kitty-telemetry")) == "in the way")
  }

  @Test func `a journal that is a folder`() throws {
    let repository = try TestRepository()
    try repository.commit("one")
    try repository.write(".git/kitty-telemetry/journal.jsonl/file", "")
    try check(repository, [], stored: ["log", "note"])
    #expect(repository.lines(repository.log()).count == 4)
  }

  @Test func `a folder of waiting lines that cannot be made, or one of them that is a link`() throws {
    for linked in [false, true] {
      let repository = try TestRepository()
      let commit = try repository.commit("one")
      try repository.write(linked ? ".git/kitty-telemetry/secret" : ".git/kitty-telemetry/unnoted", "")
      if linked {
        try repository.run("mkdir", ".git/kitty-telemetry/unnoted")
        try repository.run("ln", "-s", "../secret", ".git/kitty-telemetry/unnoted/\(commit)")
      }
      // A folder that cannot be made keeps no lines from their note; a link might lead to lines of somebody else's.
      try check(repository, [], stored: linked ? ["journal", "log"] : ["journal", "log", "note"])
      #expect(try repository.notedLines().count == (linked ? 0 : 4))
      #expect(repository.lines(".git/kitty-telemetry/secret").isEmpty)
    }
  }

  @Test func `a fragment that a killed recorder left makes no note`() throws {
    let repository = try TestRepository()
    let commit = try repository.commit("one")
    try repository.write(".git/kitty-telemetry/unnoted/\(commit)", #"{"aggregate_id": "#)
    let flush = try repository.tool("emit", "--flush")
    #expect(flush.status == 0 && flush.errors.isEmpty)
    #expect(try repository.attempt(["rev-parse", "--verify", "refs/notes/kitty-telemetry"]).status != 0)
    try repository.emitted("--feature", "f")
    #expect(try repository.notedLines() == repository.lines(repository.log()))
  }

  @Test func `a log that is a folder`() throws {
    let repository = try TestRepository()
    try repository.commit("one")
    try repository.write(repository.log() + "/file", "")
    try check(repository, [], stored: ["journal", "note"])
    #expect(repository.journaled().map(\.lamportClock) == (1...4).map { LamportValue($0) })
  }

  @Test func `a log or a clock that is a symbolic link`() throws {
    let repository = try TestRepository()
    try repository.commit("one")
    try repository.write("../secret", "root:x:0:0\n")
    try repository.write("kitty-specs/f/spec.md", "")
    let secret = repository.folder.path + "/secret"
    try FileManager.default.createSymbolicLink(
      atPath: repository.path + "/" + repository.log(), withDestinationPath: secret)
    try check(repository, [], stored: ["journal", "note"])
    try repository.run("rm", repository.log())
    try repository.run("rm", repository.clock())
    try FileManager.default.createSymbolicLink(
      atPath: repository.path + "/" + repository.clock(), withDestinationPath: secret)
    try check(repository, [], stored: ["journal", "log", "note"])
    #expect(try text(repository.read(secret)) == "root:x:0:0\n")
    #expect(repository.journaled().map(\.lamportClock) == (1...8).map { LamportValue($0) })
  }

  @Test func `a log or a clock that is a pipe`() throws {
    let repository = try TestRepository()
    try repository.commit("one")
    try repository.write("kitty-specs/f/spec.md", "")
    let log = repository.path + "/" + repository.log()
    try repository.run("mkfifo", log)
    try check(repository, [], stored: ["journal", "note"])
    try repository.run("rm", log, repository.clock())
    try repository.run("mkfifo", repository.clock())
    try check(repository, [], stored: ["journal", "log", "note"])
    #expect(repository.lines(repository.log()).count == 4)
    #expect(repository.journaled().map(\.lamportClock) == (1...8).map { LamportValue($0) })
  }

  @Test func `an id of one's own is recorded wherever it can be`() throws {
    let id = ["--event-id", "01KHJVJWDM0HGAGYGXJYKD1JQG"]
    for (obstacle, places) in [
      (".git/kitty-telemetry/journal.jsonl/file", ["log", "note"]),
      ("kitty-specs/f/execution.events.jsonl/file", ["journal", "note"]),
    ] {
      let repository = try TestRepository()
      try repository.commit("one")
      try repository.write(obstacle, "")
      try check(repository, id, stored: places)
      #expect(try repository.notedLines().count == 1)
      #expect(repository.lines(repository.log()).count == (places.contains("log") ? 1 : 0))
      #expect(repository.journaled().count == (places.contains("log") ? 0 : 1))
    }
  }

  @Test func `a list of excluded files that cannot be read costs nothing`() throws {
    let repository = try TestRepository()
    try repository.commit("one")
    let worktree = try repository.addWorktree("f-WP01", branch: "f-WP01")
    let exclude = repository.path + "/.git/info/exclude"
    try repository.write("../elsewhere", "*.orig\n")
    try repository.run("ln", "-sf", repository.folder.path + "/elsewhere", exclude)
    try repository.emitted("--wp-id", "WP01", in: worktree)
    try repository.run("rm", exclude)
    try repository.run("mkdir", exclude)
    try repository.emitted("--wp-id", "WP01", in: worktree)
    #expect(repository.lines(worktree + "/" + repository.log()).count == 2)
  }

  @Test(arguments: [[], ["--json"], ["--events", "-"]]) func `an answer that nobody can read`(
    arguments: [String]
  ) throws {
    let repository = try TestRepository()
    try repository.commit("one")
    for (strict, status) in [("", 0), ("--strict", 1)] as [(String, Int32)] {
      let words = ["emit", "--role", "implementer", "--feature", "f", strict].filter { !$0.isEmpty } + arguments
      let script = #"exec "$0" "$@" >/dev/full"#
      let result = try ChildProcess.run(
        "sh", ["-c", script, try toolPath()] + words, in: repository.path, environment: repository.toolEnvironment,
        input: Array(#"{"wp_id": "WP01"}"#.utf8))
      #expect(result.status == status)
      #expect(result.complaints == ["warning: cannot write to standard output: No space left on device"])
    }
    #expect(repository.lines(repository.log()).count == 2)
    #expect(try repository.notedLines().count == 2)
  }
}
