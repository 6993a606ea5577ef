/// What the demo plays: a feature of three work packages from its plan to its costs.
struct DemoScript {
  let stage: DemoStage

  private static let feature = "017-login"

  /// A work package and what its agents reported.
  private struct WorkPackage {
    let id: String
    let agent: String
    let model: String
    let tokens: (input: Int, output: Int)
    let cost: String
    let minutes: Int
    let reviewSucceeds: Bool
  }

  private static let packages = [
    WorkPackage(
      id: "WP01", agent: "claude", model: "claude-sonnet-4-5", tokens: (48_210, 9_120), cost: "0.2814", minutes: 11,
      reviewSucceeds: true),
    WorkPackage(
      id: "WP02", agent: "codex", model: "gpt-5-codex", tokens: (121_904, 15_377), cost: "0.3061", minutes: 19,
      reviewSucceeds: false),
    WorkPackage(
      id: "WP03", agent: "claude", model: "claude-sonnet-4-5", tokens: (30_551, 6_804), cost: "0.1937", minutes: 8,
      reviewSucceeds: true),
  ]

  func play() throws {
    try plan()
    for package in DemoScript.packages { try work(package) }
    try converge()
    try look()
  }

  private func plan() throws {
    stage.say("A repository with a planned feature")
    try stage.run("git", "init", "-q", "-b", "main", ".")
    try stage.write("Log in with a passkey.\n", to: "kitty-specs/\(Self.feature)/spec.md")
    try stage.write(".worktrees/\n", to: ".gitignore")
    try stage.run("git", "add", ".")
    try stage.run("git", "commit", "-q", "-m", "Plan \(Self.feature)")
  }

  private func work(_ package: WorkPackage) throws {
    let name = "\(Self.feature)-\(package.id)"
    let worktree = ".worktrees/\(name)"
    stage.say("\(package.id): an agent works in a worktree of its own, another one reviews; both are recorded")
    try stage.run("git", "worktree", "add", "-q", "-b", name, worktree)
    try stage.write("// \(package.id), written by \(package.agent)\n", to: "\(worktree)/\(package.id).swift")
    try stage.run("git", "add", "\(package.id).swift", in: worktree)
    try stage.run(
      "git", "commit", "-q", "-m", "feat(\(package.id)): implementation by \(package.agent)", in: worktree)
    try stage.record(
      "--role", "implementer", "--agent", package.agent, "--model", package.model,
      "--input-tokens", "\(package.tokens.input)", "--output-tokens", "\(package.tokens.output)",
      "--cost-usd", package.cost, "--duration-ms", "\(package.minutes * 60_000)", in: worktree)
    let verdict = package.reviewSucceeds ? ["--success"] : ["--failure", "--error", "tests are missing"]
    try stage.record(["--role", "reviewer", "--agent", "gemini"] + verdict, in: worktree)
  }

  private func converge() throws {
    stage.say("Two branches are merged, one is squashed; worktrees and branches go, and their logs with them")
    for id in ["WP01", "WP02"] {
      try stage.run(
        "git", "merge", "-q", "--no-ff", "-m", "Merge \(id) from \(Self.feature)", "\(Self.feature)-\(id)")
    }
    try stage.run("git", "merge", "-q", "--squash", "\(Self.feature)-WP03")
    try stage.run("git", "commit", "-q", "-m", "Squash WP03 from \(Self.feature)")
    for package in DemoScript.packages {
      try stage.run("git", "worktree", "remove", "--force", ".worktrees/\(Self.feature)-\(package.id)")
      try stage.run("git", "branch", "-q", "-D", "\(Self.feature)-\(package.id)")
    }
  }

  private func look() throws {
    stage.say("merge joins what is left: the journal and the notes, also of the commit that is gone")
    try stage.run(DemoStage.tool, "merge")
    stage.say("The events of the squashed commit have their note on a commit that is still there")
    try stage.run("git", "notes", "--ref=kitty-telemetry", "show")
    stage.say("Any commit tells which runs made it")
    try stage.run(
      "git", "log", "--notes=kitty-telemetry", "--format=%n%h %s%n%N", "-1", "HEAD~1^2")
    stage.say("The log has every event once, in order; it is committed like any file")
    try stage.run("cut", "-c1-150", "kitty-specs/\(Self.feature)/execution.events.jsonl")
    try stage.run("git", "add", "kitty-specs")
    try stage.run("git", "commit", "-q", "-m", "Record the telemetry of \(Self.feature)")
    stage.say("What it cost")
    try stage.run(DemoStage.tool, "cost", "--group-by", "wp,agent")
  }
}
