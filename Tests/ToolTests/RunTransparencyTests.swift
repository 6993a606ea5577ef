import Events
import Foundation
import TestSupport
import Testing

/// `run`: an agent works as it would without us, and each run is one event.
struct `Run of an agent, seen from outside` {
  @Test func `streams and exit status are the agent's`() throws {
    let repository = try TestRepository(workPackage: "f-WP01")
    let script = "printf 'in\\0put' | $tool run -- sh -c 'cat; printf err >&2; exit 3' | cat; exit ${PIPESTATUS[1]}"
    let result = try repository.shell(script)
    #expect(result.status == 3 && result.output == Array("in\0put".utf8) && result.errorText == "err")
    let payload = try repository.onlyEvent().payload
    #expect(payload["exit_code"] == .integer(3) && payload["success"] == .bool(false))
    #expect(payload["error"]?.text == "err" && payload["agent"]?.text == "sh" && payload["wp_id"]?.text == "WP01")
  }

  @Test func `files are written by the agent itself, also at their ends`() throws {
    let repository = try TestRepository(workPackage: "f-WP01")
    let script = """
      printf before > out; $tool run -- sh -c 'echo one; echo two >&2' >> out 2>> out
      echo "$tool" | cut -c1-1 >> out; cat out
      """
    #expect(try repository.shell(script).outputText == "beforeone\ntwo\n/\n")
  }

  @Test(arguments: [
    ("nosuch-agent", 127, "there is no such program"), ("./file", 126, "denied"), ("/", 126, "denied"),
    ("./broken", 126, "its interpreter is missing"), ("/etc/passwd/x", 126, "Not a directory"),
    ("./no/such", 127, "no such program"),
  ])
  func `what cannot be run gives the shell's status and an event`(name: String, status: Int, reason: String) throws {
    let repository = try TestRepository(workPackage: "f-WP01")
    try repository.write("file", "echo")
    try repository.write("broken", "#!/no/such/interpreter\n")
    try repository.run("chmod", "+x", "broken")
    let result = try repository.tool("run", "--", name)
    #expect(result.status == status && result.output.isEmpty)
    #expect(result.complaints.count == 1 && result.errorText.contains(reason), "\(result.errorText)")
    let payload = try repository.onlyEvent().payload
    #expect(payload["exit_code"] == .integer(status) && payload["success"] == .bool(false))
    #expect(payload["error"]?.text?.hasPrefix("cannot run \(name): ") == true, "\(payload)")
  }

  @Test func `a script without an interpreter is run by the shell`() throws {
    let repository = try TestRepository(workPackage: "f-WP01")
    try repository.write("script", "echo \"$0 $1\"\n")
    try repository.run("chmod", "+x", "script")
    let result = try repository.tool("run", "--", "./script", "a b")
    #expect(result.status == 0 && result.outputText == "./script a b\n", "\(result.errorText)")
  }

  @Test func `death by a signal is death by that signal`() throws {
    let repository = try TestRepository(workPackage: "f-WP01")
    let result = try repository.shell("$tool run -- sh -c 'kill -9 $$'; echo $? >&2")
    #expect(result.errorText.hasSuffix("137\n") && result.errorText.contains("Killed"), "\(result.errorText)")
    let payload = try repository.onlyEvent().payload
    #expect(payload["exit_code"] == .integer(137) && payload["success"] == .bool(false))
    #expect(payload["error"]?.text == "killed by signal 9 (SIGKILL)")
  }

  @Test func `a hundred megabytes arrive`() throws {
    let repository = try TestRepository(workPackage: "f-WP01")
    let result = try repository.shell("$tool run -- head -c 100000000 /dev/zero | wc -c")
    #expect(result.outputText == "100000000\n" && result.errorText.isEmpty)
    #expect(try repository.onlyEvent().payload["success"] == .bool(true))
  }

  @Test func `every byte of a long input and output arrives in order`() throws {
    let repository = try TestRepository(workPackage: "f-WP01")
    let input = (0..<3_000_001).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 9) }
    let result = try repository.shell("cat | $tool run -- cat | cat", input: input)
    #expect(result.output == input && result.errorText.isEmpty)
  }

  @Test func `input that the agent does not take is left for others`() throws {
    let repository = try TestRepository(workPackage: "f-WP01")
    let header = Array("---\nwork_package_id: WP07\n---\nline\n".utf8)
    for script in ["$tool run -- true; cat", "cat | { $tool run -- true; cat; }"] {
      #expect(try repository.shell(script, input: header).output == header, "\(script)")
    }
  }

  @Test func `two streams that are one keep their order`() throws {
    let repository = try TestRepository(workPackage: "f-WP01")
    let agent = "for i in 1 2 3 4 5 6 7 8 9; do echo o$i; echo e$i >&2; done"
    let plain = try repository.shell("sh -c '\(agent)' 2>&1 | cat")
    #expect(try repository.shell("$tool run -- sh -c '\(agent)' 2>&1 | cat").output == plain.output)
  }

  @Test func `output arrives while the agent runs`() throws {
    let repository = try TestRepository(workPackage: "f-WP01")
    // The agent goes on when somebody has read its first line.
    let agent = "echo one; read x < go; echo two"
    let script = "mkfifo go; $tool run -- sh -c '\(agent)' | { read x; echo > go; echo $x; cat; }"
    #expect(try repository.shell(script).outputText == "one\ntwo\n")
  }

  @Test func `who is left behind by the agent goes on printing, and nobody waits for it`() throws {
    let repository = try TestRepository(workPackage: "f-WP01")
    // It goes on when `run` has ended.
    let script = """
      mkfifo go; { $tool run -- sh -c '(read x < go; echo late; echo later >&2) & echo now'; echo > go; } 2>&1 | cat
      """
    #expect(try repository.shell(script).outputText == "now\nlate\nlater\n")
    #expect(try repository.onlyEvent().payload["success"] == .bool(true))
  }

  @Test func `an agent whose reader is gone is told so`() throws {
    let repository = try TestRepository(workPackage: "f-WP01")
    let result = try repository.shell("$tool run -- sh -c 'yes; echo $? >&2' | head -1")
    #expect(result.outputText == "y\n" && result.errorText == "141\n", "\(result.errorText)")
  }

  @Test func `signals are as they were, and so are words and environment`() throws {
    let repository = try TestRepository(workPackage: "f-WP01")
    let inspect = #"grep -E "^(Sig(Blk|Ign)|Threads)" /proc/self/status"#
    for ignored in ["", "trap '' PIPE HUP INT CHLD;"] {
      let plain = try repository.shell("\(ignored) \(inspect)")
      let run = try repository.shell("\(ignored) $tool run -- \(inspect)")
      #expect(run.outputText == plain.outputText && !plain.output.isEmpty, "\(ignored)")
    }
    let words = #"printf '[%s]' $'\xff' --name= -C / -- '' "$x""#
    let plain = try repository.shell(words, environment: ["x": "é\n"])
    #expect(try repository.shell("$tool run -- \(words)", environment: ["x": "é\n"]).output == plain.output)
  }

  @Test func `a signal to us is passed on`() throws {
    let repository = try TestRepository(workPackage: "f-WP01")
    let script = """
      mkfifo ready; $tool run -- sh -c 'trap "echo told; exit 5" TERM; echo > ready; while :; do :; done' &
      run=$!; read x < ready; kill -TERM $run; wait $run; echo $?
      """
    #expect(try repository.shell(script).outputText == "told\n5\n")
    #expect(try repository.onlyEvent().payload["exit_code"] == .integer(5))
  }

  @Test func `when we are killed the agent is killed`() throws {
    let repository = try TestRepository(workPackage: "f-WP01")
    // The reader of `alive` ends when nobody holds it any more.
    let script = """
      mkfifo ready alive; cat alive & $tool run -- sh -c 'exec 3> alive; echo > ready; while :; do :; done' &
      run=$!; read x < ready; kill -KILL $run; wait; echo gone
      """
    #expect(try repository.shell(script).outputText == "gone\n")
  }

  @Test func `a key on the terminal reaches the agent once`() throws {
    let repository = try TestRepository(workPackage: "f-WP01")
    let terminal = "test -t 0 && test -t 1 && test -t 2 && echo terminal"
    try repository.agent(
      "agent", "trap 'echo interrupted; exit 7' INT; \(terminal); echo > ready; while :; do :; done")
    let script = """
      mkfifo ready; { read x < ready; printf '\\003'; } |
        script -qec "$tool run -- $PWD/../bin/agent; echo status \\$?" /dev/null
      """
    // This shell waits to see how a command takes an interruption.
    let shown = text(try repository.shell(script, environment: ["SHELL": "/bin/bash"]).output.filter { $0 != 0x0D })
    #expect(shown.contains("terminal\n") && shown.contains("status 7"), "\(shown)")
    #expect(shown.split(separator: "\n").count { $0.hasSuffix("interrupted") } == 1, "\(shown)")
    #expect(try repository.onlyEvent().payload["exit_code"] == .integer(7))
  }

  @Test func `an agent that the terminal interrupts is interrupted, and recorded`() throws {
    let repository = try TestRepository(workPackage: "f-WP01")
    try repository.agent("agent", "echo > ready; while :; do :; done")
    let script = """
      mkfifo ready; { read x < ready; printf '\\003'; } | script -qec "$tool run -- $PWD/../bin/agent" /dev/null; echo $?
      """
    #expect(try repository.shell(script).outputText.hasSuffix("130\n"))
    let payload = try repository.onlyEvent().payload
    #expect(payload["exit_code"] == .integer(130) && payload["error"]?.text == "killed by signal 2 (SIGINT)")
  }

  @Test func `when the agent stops we stop, and go on with it`() throws {
    let repository = try TestRepository(workPackage: "f-WP01")
    let script = """
      $tool run -- sh -c 'kill -STOP $$; echo on' & run=$!
      until grep -q '^State:.T' /proc/$run/status; do :; done
      kill -CONT $run; wait $run; echo $?
      """
    #expect(try repository.shell(script).outputText == "on\n0\n")
  }

  @Test func `the agent works in the folder that -C names`() throws {
    let repository = try TestRepository(workPackage: "f-WP01")
    try repository.write("a/b", "")
    #expect(try repository.tool("run", "-C", "a", "--", "ls").outputText == "b\n")
    #expect(try repository.tool("-C", "a", "run", "--", "ls").outputText == "b\n")
    #expect(try repository.tool("run", "-C", "nosuch", "--", "ls").status == 64)
  }

  @Test(arguments: [
    ["run"], ["run", "--"], ["run", "ls"], ["run", "--role", "cook", "--", "ls"], ["run", "--x", "--", "ls"],
  ])
  func `a request that cannot be met is refused, and nothing runs`(arguments: [String]) throws {
    let repository = try TestRepository(workPackage: "f-WP01")
    let result = try repository.startTool(arguments).wait()
    #expect(result.status == 64 && result.output.isEmpty, "\(result.errorText)")
    #expect(repository.lines(repository.log()).isEmpty)
  }

  @Test func `what keeps us from recording never changes how the agent ends`() throws {
    let repository = try TestRepository(workPackage: "f-WP01")
    let agent = "echo out; exit 4"
    let outside = try repository.tool("run", "--", "sh", "-c", agent, in: repository.folder.path)
    #expect(outside.status == 4 && outside.outputText == "out\n" && outside.complaints.count == 1)
    let quiet = try repository.tool("run", "--quiet", "--", "sh", "-c", agent, in: repository.folder.path)
    #expect(quiet.status == 4 && quiet.outputText == "out\n" && quiet.errors.isEmpty)
    try repository.git("checkout", "--quiet", "-b", "other")
    #expect(try repository.tool("run", "--", "sh", "-c", agent).status == 4)
    try repository.write(".git/kitty-telemetry", "a file where the journal should be")
    let broken = try repository.tool("run", "--feature", "f", "--", "sh", "-c", agent)
    #expect(broken.status == 4 && broken.outputText == "out\n" && broken.errorText.contains("warning: "))
  }
  @Test func `through a shim nothing is said where there is no feature to record for`() throws {
    let repository = try TestRepository()
    try repository.commit("Begin")
    let shim = ["KITTY_TELEMETRY_SHIM": "1 sh"]
    for directory in [repository.path, repository.folder.path] {
      let result = try repository.tool("run", "--", "sh", "-c", "exit 4", in: directory, environment: shim)
      #expect(result.status == 4 && result.errors.isEmpty, "\(result.errorText)")
    }
    let known = shim.merging(["KITTY_FEATURE": "f"]) { $1 }
    let outside = try repository.tool("run", "--", "true", in: repository.folder.path, environment: known)
    #expect(outside.complaints.count == 1, "here one was asked for")
  }
}
