import Events
import Foundation
import TestSupport
import Testing

/// `demo`, `cost` and the start of the program.
struct `Demo` {
  @Test func `the demo shows every command and leaves nothing behind`() throws {
    let repository = try TestRepository()
    let before = try listing(repository.folder.path)
    let start = ContinuousClock.now
    let result = try repository.tool("demo", environment: ["TMPDIR": repository.folder.path])
    #expect(ContinuousClock.now - start < .seconds(30))
    #expect(result.status == 0, "\(result.errorText)")
    for command in [
      "$ git worktree add", "$ kitty-git-telemetry emit", "$ git merge -q --squash", "$ git worktree remove --force",
      "$ kitty-git-telemetry merge", "$ git notes --ref=kitty-telemetry show", "$ git log --notes=kitty-telemetry",
      "$ kitty-git-telemetry cost",
    ] {
      #expect(result.outputText.contains(command), "\(command)")
    }
    #expect(result.outputText.contains("017-login: 6 events (6 added"))
    #expect(result.outputText.contains("0.7812"))
    #expect(try listing(repository.folder.path) == before)
  }

  @Test func `the demo's repository can be kept, and nothing is overwritten`() throws {
    let repository = try TestRepository()
    let folder = repository.folder.path + "/kept"
    #expect(try repository.tool("demo", "--keep", folder).status == 0)
    #expect(try repository.git("fsck", "--strict", "--no-dangling", in: folder).isEmpty)
    #expect(try repository.git("log", "--format=%s", "-1", in: folder) == "Record the telemetry of 017-login")
    let again = try repository.tool("demo", "--keep", folder)
    #expect(again.status == 1 && again.errorText.contains("something is there"))
  }

  @Test func `libgit2 is started by commands that need it, and reads no certificates`() throws {
    let repository = try TestRepository()
    try repository.commit("Begin")
    // The dynamic linker says which functions are bound, and to what.
    let bindings = ["LD_DEBUG": "bindings", "LD_DEBUG_OUTPUT": repository.folder.path + "/bindings"]
    func bound(_ arguments: String...) throws -> String {
      _ = try repository.startTool(arguments, environment: bindings).wait()
      let files = try FileManager.default.contentsOfDirectory(atPath: repository.folder.path)
        .filter { $0.hasPrefix("bindings.") }
      let text = try files.map { try String(contentsOfFile: repository.folder.path + "/" + $0, encoding: .utf8) }
      for file in files { try FileManager.default.removeItem(atPath: repository.folder.path + "/" + file) }
      return text.joined()
    }
    #expect(try !bound("--help").contains("`git_libgit2_init'"))
    let emitting = try bound("emit", "--role", "planner", "--feature", "f")
    #expect(emitting.contains("`git_libgit2_init'"))
    let parsing = emitting.split(separator: "\n").filter { $0.contains("`mbedtls_x509_crt_parse_file'") }
    // libgit2 built with another library has nothing to bind here.
    #expect(parsing.allSatisfy { $0.contains("to ") && $0.contains("kitty-git-telemetry [0]: normal symbol") })
  }
}
