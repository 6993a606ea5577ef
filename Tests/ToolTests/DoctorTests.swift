import Events
import Foundation
import TestSupport
import Testing

/// `doctor`: each thing that can be the matter, and the command that mends it.
struct `Doctor` {
  private struct Symptom: Hashable {
    let severity: String
    let kind: String
    let command: String?
  }

  /// Runs `doctor --json`, with the built program on `PATH`, and returns what it found.
  private func symptoms(
    of repository: TestRepository, in directory: String? = nil, environment: [String: String] = [:],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> [Symptom] {
    let environment = ["PATH": try repository.toolOnPath()].merging(environment) { $1 }
    let before = try repository.everything()
    let result = try repository.tool("doctor", "--json", in: directory, environment: environment)
    #expect(try repository.everything() == before, "nothing is changed", sourceLocation: sourceLocation)
    #expect(result.errorText.isEmpty, "\(result.errorText)", sourceLocation: sourceLocation)
    let document = try #require(result.document, sourceLocation: sourceLocation)
    guard case .array(let findings)? = document["findings"] else { return [] }
    #expect((document["ok"] == .bool(true)) == findings.isEmpty, sourceLocation: sourceLocation)
    #expect((result.status == 0) == findings.isEmpty, sourceLocation: sourceLocation)
    return findings.compactMap { finding in
      guard let finding = finding.object, let severity = finding["severity"]?.text, let kind = finding["kind"]?.text,
        finding["message"]?.text?.isEmpty == false
      else { return nil }
      return Symptom(severity: severity, kind: kind, command: finding["command"]?.text)
    }
  }

  /// Runs a command line as a person would who copies it.
  private func run(_ command: String, in repository: TestRepository, directory: String? = nil) throws {
    let environment = repository.environment.merging(["PATH": try repository.toolOnPath()]) { $1 }
    let result = try ChildProcess.run(
      "sh", ["-c", command], in: directory ?? repository.path, environment: environment)
    #expect(result.status == 0, "\(command): \(result.errorText)")
  }

  private func setUp() throws -> TestRepository {
    let repository = try TestRepository()
    try repository.plan()
    try repository.setUp()
    return repository
  }

  @Test func `a repository that is not set up misses everything, and setup mends it`() throws {
    let repository = try TestRepository()
    try repository.plan()
    let found = try symptoms(of: repository)
    #expect(found.map(\.kind) == ["excludes", "attributes", "hooks", "rewrite_ref"])
    #expect(Set(found.map(\.severity)) == ["missing"])
    #expect(Set(found.map(\.command)) == ["kitty-git-telemetry setup"])
    try run("kitty-git-telemetry setup", in: repository)
    #expect(try symptoms(of: repository).isEmpty)
    let result = try repository.tool("doctor", environment: ["PATH": try repository.toolOnPath()])
    #expect(result.outputText == "all is well\n")
  }

  @Test(arguments: [
    ("git config --fixed-value --unset-all notes.rewriteRef 'refs/notes/kitty-telemetry*'", "missing", "rewrite_ref"),
    ("git config notes.rewriteMode overwrite", "wrong", "rewrite_mode"),
    ("git config --add notes.rewriteRef refs/notes/commits", "risky", "rewrite_mode"),
    ("git remote add o /x; git config --add remote.o.fetch '+refs/notes/*:refs/notes/*'", "risky", "forced_refspec"),
    ("mkdir -p .git/refs/notes; touch .git/refs/notes/kitty-telemetry.lock", "risky", "lock"),
    ("mkdir -p .git/refs/notes; touch -d '2 minutes ago' .git/refs/notes/kitty-telemetry.lock", "wrong", "lock"),
    ("git update-ref refs/notes/kitty-telemetry/x HEAD", "wrong", "notes_ref"),
    ("git config core.logAllRefUpdates false", "risky", "reflog"),
    ("rm .git/hooks/post-commit", "missing", "hooks"),
    ("chmod -x .git/hooks/post-merge", "missing", "hooks"),
    ("printf '#!/bin/sh\\n' >.git/hooks/post-rewrite", "missing", "hooks"),
    ("sed -i '/jsonl/d' .git/info/exclude", "missing", "excludes"),
    ("rm .git/info/attributes", "missing", "attributes"),
    ("printf '* merge=theirs\\n' >.git/info/attributes", "missing", "attributes"),
  ])
  func `what is the matter is named, and the command that is given mends it`(
    _ harm: String, _ severity: String, _ kind: String
  ) throws {
    let repository = try setUp()
    try run(harm, in: repository)
    let found = try symptoms(of: repository)
    try #require(found.map { [$0.severity, $0.kind] } == [[severity, kind]], "\(harm)")
    try run(try #require(found[0].command), in: repository)
    var left = try symptoms(of: repository)
    // Another name has to be made known to git as well.
    if kind == "notes_ref" {
      #expect(left.map(\.kind) == ["rewrite_ref"])
      try run(try #require(left[0].command), in: repository)
      left = try symptoms(of: repository)
    }
    #expect(left.isEmpty)
  }

  @Test(arguments: [
    ("printf '!kitty-specs/*/execution.events.jsonl\\n' >>.git/info/exclude", "excludes"),
    ("printf '*.jsonl -merge\\n' >>.git/info/attributes", "attributes"),
  ])
  func `what overrides a block of ours is named`(_ harm: String, _ kind: String) throws {
    let repository = try setUp()
    try run(harm, in: repository)
    #expect(try symptoms(of: repository) == [Symptom(severity: "wrong", kind: kind, command: nil)])
  }

  @Test func `tracked logs are as they should be, and their changes are to be committed`() throws {
    let repository = try TestRepository()
    try repository.plan()
    try repository.setUp("--track-log")
    try repository.emitted("--feature", "f")
    try repository.commit("Track logs")
    #expect(try symptoms(of: repository).isEmpty)
    try repository.emitted("--feature", "f")
    let found = try symptoms(of: repository)
    #expect(found.map(\.kind) == ["uncommitted"])
    try run(try #require(found.first?.command), in: repository)
    #expect(try symptoms(of: repository).isEmpty)
    try repository.write(".git/info/exclude", "kitty-specs/*/execution.events.jsonl\n")
    #expect(try symptoms(of: repository).isEmpty, "that line is the user's")
  }

  @Test func `our own merge driver is as good as union`() throws {
    let repository = try setUp()
    try repository.write(".git/info/attributes", "*.jsonl merge=kitty-telemetry\n")
    try repository.git("config", "merge.kitty-telemetry.driver", "kitty-git-telemetry merge-file %O %A %B")
    #expect(try symptoms(of: repository).isEmpty)
  }

  @Test func `hooks that need the program and do not find it are named, and worktrees that have none`() throws {
    let repository = try setUp()
    let path = ["PATH": "/usr/bin:/bin"]
    #expect(
      try symptoms(of: repository, environment: path)
        == [Symptom(severity: "wrong", kind: "not_on_path", command: nil)])
    try repository.setUp("--undo")
    try repository.write(".husky/_/.gitignore", "*")
    for name in ["post-checkout", "post-commit", "post-merge", "post-rewrite"] {
      try repository.write(".husky/_/\(name)", "#!/usr/bin/env sh\n")
      try repository.run("chmod", "+x", "\(repository.path)/.husky/_/\(name)")
    }
    try repository.git("config", "core.hooksPath", ".husky/_")
    try repository.setUp()
    let worktree = try repository.startWork(on: "WP01")
    let found = try symptoms(of: repository)
    #expect(found.map { [$0.severity, $0.kind] } == [["risky", "hooks_in_worktrees"]])
    try run(try #require(found.first?.command), in: repository, directory: worktree)
    try repository.git("config", "core.hooksPath", "/dev/null")
    #expect(try symptoms(of: repository).map { [$0.severity, $0.kind] } == [["missing", "hooks"]])
  }

  @Test func `the environment may override what is configured`() throws {
    let repository = try setUp()
    let found = try symptoms(of: repository, environment: ["GIT_NOTES_REWRITE_MODE": "overwrite"])
    #expect(found == [Symptom(severity: "risky", kind: "rewrite_ref", command: "unset GIT_NOTES_REWRITE_MODE")])
  }

  @Test func `where there is no repository that can be used, it says so`() throws {
    let repository = try setUp()
    #expect(try symptoms(of: repository, in: "/").map { [$0.severity, $0.kind] } == [["wrong", "repository"]])
    try repository.git("config", "kitty-telemetry.notesRef", "refs/heads/main")
    #expect(try symptoms(of: repository).map { [$0.severity, $0.kind] } == [["wrong", "repository"]])
  }
}
