import Events
import Foundation
import TestSupport
import Testing

/// `setup --shims`: scripts that stand in for agents on `PATH`.
struct `Shims` {
  /// A repository with agents on `PATH`, and a program in place of ours that says what it was asked to run.
  private struct Stage {
    let repository: TestRepository
    /// Folders of agents, and of the stand-in.
    let agents: String
    let tool: String
    /// The folder of the shims.
    let shims: String
    /// A folder of what else is needed, where no agent of this machine is found.
    let system: String

    init() throws {
      repository = try TestRepository()
      agents = "\(repository.folder.path)/agents"
      tool = "\(repository.folder.path)/tool"
      shims = "\(repository.path)/.git/kitty-telemetry/shims"
      system = "\(repository.folder.path)/system"
      for name in ["env", "git", "sed", "sh"] {
        let found = try ChildProcess.run(
          "sh", ["-c", "command -v \(name)"], in: "/", environment: repository.environment)
        try repository.write("system/.keep", "", in: repository.folder.path)
        try FileManager.default.createSymbolicLink(
          atPath: "\(system)/\(name)", withDestinationPath: found.outputText.trimmingCharacters(in: .newlines))
      }
      try program("tool/kitty-git-telemetry", #"echo "run: $*"; shift 2; "$@""#)
      for name in ["claude", "gh"] { try program("agents/\(name)", #"echo "real \#(name): $*""#) }
    }

    /// Writes a program that may be executed, below the scratch folder.
    func program(_ path: String, _ body: String) throws {
      try repository.write(path, "#!/bin/sh\n\(body)\n", in: repository.folder.path)
      try repository.run("chmod", "+x", "\(repository.folder.path)/\(path)")
    }

    func setUp(_ arguments: String...) throws -> ProcessResult {
      try repository.startTool(["setup"] + arguments, environment: ["PATH": "\(agents):\(system)"]).wait()
    }

    /// Calls a program by its name; `folders` are in front of those of the system.
    func call(_ command: String..., folders: [String]? = nil) throws -> ProcessResult {
      let path = ((folders ?? [shims, agents, tool]) + [system]).joined(separator: ":")
      return try ChildProcess.run("env", command, in: repository.path, environment: ["PATH": path])
    }

    func names() -> [String] {
      ((try? FileManager.default.contentsOfDirectory(atPath: shims)) ?? []).sorted()
    }
  }

  @Test func `agents that are installed get shims, which undo removes`() throws {
    let stage = try Stage()
    let before = try stage.repository.everything()
    #expect(try stage.setUp("--shims", "--dry-run").status == 0)
    #expect(try stage.repository.everything() == before)
    let result = try stage.setUp("--shims")
    #expect(result.status == 0)
    #expect(result.outputText.hasSuffix("\n  export PATH=\(stage.shims):\"$PATH\"\n"))
    #expect(stage.names() == ["claude", "gh"])
    let after = try stage.repository.everything()
    #expect(try stage.setUp("--shims").outputText.hasPrefix("everything is set up\n"))
    #expect(try stage.setUp().outputText == "everything is set up\n")
    #expect(try stage.repository.everything() == after)
    let document = try #require(try stage.setUp("--shims", "--json").document)
    #expect(document["path_line"]?.text == "export PATH=\(stage.shims):\"$PATH\"")

    // One that is out of date is written anew, without being asked for.
    try stage.repository.write(".git/kitty-telemetry/shims/claude", "#!/bin/sh\n# kitty-git-telemetry shim: old\n")
    #expect(try stage.setUp().status == 0)
    #expect(try stage.repository.everything() == after)
    _ = try stage.setUp("--undo")
    #expect(try stage.repository.everything() == before)
  }

  @Test func `a run of an agent goes through the program, and on to the real one`() throws {
    let stage = try Stage()
    _ = try stage.setUp("--shims", "--agent", "mine")
    #expect(stage.names() == ["claude", "gh", "mine"])
    let real = "\(stage.agents)/claude"
    #expect(
      try stage.call("claude", "a", "b  c", "*").outputText == "run: run -- \(real) a b  c *\nreal claude: a b  c *\n")
    #expect(try stage.call("claude").outputText == "run: run -- \(real)\nreal claude: \n")
    #expect(
      try stage.call("gh", "copilot", "-p").outputText
        == "run: run -- \(stage.agents)/gh copilot -p\nreal gh: copilot -p\n")
    #expect(try stage.call("gh", "pr", "list").outputText == "real gh: pr list\n", "no agent")
    #expect(try stage.call("claude", "--version").outputText == "real claude: --version\n", "no work")
    #expect(try stage.call("claude", "x", folders: [stage.shims, stage.agents]).outputText == "real claude: x\n")
    let missing = try stage.call("mine")
    #expect(missing.status == 127 && missing.errorText == "mine: not found behind the shims of kitty-git-telemetry\n")
    try stage.program("agents/failing", "exit 3")
    _ = try stage.setUp("--shims", "--agent", "failing")
    #expect(try stage.call("failing").status == 3)
  }

  @Test func `shims never call each other, and an agent that calls its own name is one invocation`() throws {
    let stage = try Stage()
    _ = try stage.setUp("--shims")
    let other = try Stage()
    _ = try other.setUp("--shims")
    // The folder twice, under another name, and the shims of another repository.
    let alias = "\(stage.repository.folder.path)/alias"
    try FileManager.default.createSymbolicLink(atPath: alias, withDestinationPath: stage.shims)
    let folders = [stage.shims, other.shims, alias, stage.shims + "/", stage.agents, stage.tool]
    #expect(
      try stage.call("claude", folders: folders).outputText == "run: run -- \(stage.agents)/claude\nreal claude: \n")
    let nowhere = [stage.shims, other.shims, alias, stage.tool]
    #expect(try stage.call("claude", folders: nowhere).status == 127)

    // A version manager's script goes on to the next program of its name, shims and all.
    let manager = "\(stage.repository.folder.path)/manager"
    try stage.program("manager/claude", #"PATH=$(echo "$PATH" | sed "s|\#(manager):||") exec claude --managed "$@""#)
    let managed = try stage.call("claude", "x", folders: [stage.shims, manager, stage.agents, stage.tool])
    #expect(managed.outputText == "run: run -- \(manager)/claude x\nreal claude: --managed x\n")
    // An agent that calls another, or itself once more, makes another invocation.
    try stage.program("agents/claude", #"echo "real claude: $*"; [ "$1" = again ] || claude again"#)
    #expect(
      try stage.call("claude", "x").outputText == """
        run: run -- \(stage.agents)/claude x
        real claude: x
        run: run -- \(stage.agents)/claude again
        real claude: again

        """)
  }

  @Test func `names that are no programs are refused, and nothing is overwritten`() throws {
    let stage = try Stage()
    for name in ["", "../x", "/bin/claude", "a b", "$(x)", "-x", ".x"] {
      let refused = try stage.setUp("--shims", "--agent", name)
      #expect(refused.status == 64 && refused.errorText.contains("give the bare name of a program"), "\(name)")
    }
    #expect(try stage.setUp("--agent", "claude").status == 64)
    #expect(try stage.setUp("--undo", "--shims").status == 64)
    #expect(stage.names().isEmpty)
    try stage.program("repository/.git/kitty-telemetry/shims/claude", "echo mine")
    let refused = try stage.setUp("--shims")
    #expect(refused.status == 1 && refused.errorText.contains("another program has that name"))
    #expect(stage.names() == ["claude", "gh"])
    _ = try stage.setUp("--undo")
    #expect(stage.names() == ["claude"])
    let path = ["PATH": "\(stage.tool):\(stage.system)"]
    let none = try stage.repository.tool("setup", "--shims", environment: path)
    #expect(
      none.complaints == ["note: no agent is installed that gets a shim; name them: setup --shims --agent <program>"])
  }

  @Test func `doctor looks after the shims`() throws {
    let stage = try Stage()
    try stage.repository.plan()
    _ = try stage.setUp("--shims")
    func kinds(_ folders: [String]) throws -> [String] {
      let path = (folders + [stage.system]).joined(separator: ":")
      let result = try stage.repository.tool("doctor", environment: ["PATH": path])
      return result.outputText.split(separator: "\n").map { $0.split(separator: ";")[0].description }
    }
    let behind = "risky: the shims are not in front of the agents on PATH here: what is called by name is not recorded"
    #expect(try kinds([stage.shims, stage.agents, stage.tool]) == ["all is well"])
    #expect(try kinds([stage.agents, stage.tool]) == [behind])
    #expect(try kinds([stage.agents, stage.shims, stage.tool]) == [behind])
    try stage.program("agents/codex", "echo real codex")
    #expect(
      try kinds([stage.shims, stage.agents, stage.tool]) == ["missing: agents without a shim are not recorded: codex"])
    try FileManager.default.removeItem(atPath: "\(stage.agents)/codex")
    try FileManager.default.removeItem(atPath: "\(stage.agents)/claude")
    #expect(
      try kinds([stage.shims, stage.agents, stage.tool])
        == ["wrong: claude is not installed, and its shim makes it look as if it were"])
    try stage.repository.setUp("--undo")
    _ = try stage.setUp("--shims")
    #expect(
      try kinds([stage.shims, stage.agents])
        == ["wrong: kitty-git-telemetry is not on PATH: hooks and shims do nothing"])
  }
}
