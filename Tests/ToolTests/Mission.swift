import Events
import Foundation
import TestSupport
import Testing

/// A mission of the feature `f` as an orchestrator runs it: agents that are called by name, in worktrees of their own.
///
/// The agents print transcripts of real ones. Claude implements, and fails at its first attempt at WP01; Codex reviews.
final class Mission {
  let repository: TestRepository
  /// What each run was, in order: the work package, the role, and the tokens that the agent told of.
  private(set) var runs: [String] = []
  private let path: String

  /// Plans the feature, and sets the repository up with shims.
  init() throws {
    repository = try TestRepository()
    try repository.plan()
    let transcripts = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "AgentsTests/Fixtures").path
    try repository.agent(
      "claude",
      """
      wp=$(sed -n 's/^work_package_id: //p')
      [ $wp != WP01 ] || [ -e ../tried ] || { touch ../tried; cat \(transcripts)/claude-limit.json; exit 1; }
      echo work > $wp.py && git add -A && git commit -q -m "feat($wp): work" || exit 2
      cat \(transcripts)/claude.json
      """)
    try repository.agent("codex", "cat \(transcripts)/codex.jsonl")
    let agents = "\(repository.folder.path)/bin:\(try repository.toolOnPath())"
    #expect(try repository.tool("setup", "--shims", environment: ["PATH": agents]).status == 0)
    path = "\(repository.path)/.git/kitty-telemetry/shims:\(agents)"
  }

  /// Calls an agent as orchestrators do, with the work package's text on standard input.
  @discardableResult
  private func call(_ agent: String, _ wpID: String, lane: String, in worktree: String) throws -> Int32 {
    let words = agent == "claude" ? "claude -p --output-format json" : "codex exec - --json --full-auto"
    let prompt = "---\nwork_package_id: \(wpID)\nlane: \(lane)\n---\n# Do it\n"
    // Called through a shell, since it is this PATH that the name is looked for in.
    let result = try repository.shell(
      words, environment: repository.environment.merging(["PATH": path]) { $1 }, input: Array(prompt.utf8),
      in: worktree)
    #expect(result.errors.isEmpty, "\(result.errorText)")
    #expect(try repository.hooked("status", "--porcelain", in: worktree).isEmpty, "a gate would find this")
    return Int32(result.status)
  }

  /// Lets one agent implement a work package, until it has, and another review it.
  func run(_ wpID: String, in worktree: String) throws {
    while try call("claude", wpID, lane: "doing", in: worktree) != 0 {
      try #require(runs.last != "\(wpID) implementer 0", "a second failure")
      runs.append("\(wpID) implementer 0")
    }
    runs.append("\(wpID) implementer 10220")
    #expect(try call("codex", wpID, lane: "for_review", in: worktree) == 0)
    runs.append("\(wpID) reviewer 15377")
  }

  /// Checks that every run is one event with what its agent told of it: in the committed log, and in notes on commits
  /// that lead to HEAD.
  func expectRecorded(sourceLocation: SourceLocation = #_sourceLocation) throws {
    let lines = try repository.git("show", "HEAD:\(repository.log())").split(separator: "\n").map(String.init)
    let logged = events(lines, sourceLocation: sourceLocation)
    let told = logged.map { event in
      let tokens = event.payload["output_tokens"].map { text($0.canonicalText) }
      let words = [event.payload["wp_id"]?.text, event.payload["role"]?.text, tokens]
      return words.map { $0 ?? "?" }.joined(separator: " ")
    }
    #expect(told.sorted() == runs.sorted(), sourceLocation: sourceLocation)
    let costs = logged.filter { $0.payload["cost_usd"] == .float(0.8125431) }
    #expect(costs.count == runs.count { $0.hasSuffix(" 10220") }, sourceLocation: sourceLocation)
    try repository.expectHome(logged.map(\.id.description), sourceLocation: sourceLocation)
    #expect(try repository.git("status", "--porcelain").isEmpty, sourceLocation: sourceLocation)
    let verified = try repository.tool("verify")
    #expect(verified.status == 0, "\(verified.outputText)", sourceLocation: sourceLocation)
    try repository.git("fsck", "--strict")
  }
}
