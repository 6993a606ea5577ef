import Git
import TestSupport
import Testing

struct GitCommandTests {
  @Test func `git runs in the folder, with input`() throws {
    let repository = try TestRepository()
    let hashed = try GitCommand.run(
      ["hash-object", "-w", "--stdin"], in: repository.path, input: Array("text\n".utf8))
    #expect(hashed.status == 0)
    #expect(try repository.git("cat-file", "blob", hashed.text) == "text")
  }

  @Test func `a git that fails is an outcome, with its reason`() throws {
    let repository = try TestRepository()
    let outcome = try GitCommand.run(["rev-parse", "--verify", "nothing"], in: repository.path)
    #expect(outcome.status == 128)
    #expect(outcome.reason == "fatal: Needed a single revision")
    #expect(outcome.text.isEmpty)
  }

  @Test func `a folder that is gone is the reason of a failure`() throws {
    let outcome = try GitCommand.run(["version"], in: "/nowhere/at/all")
    #expect(outcome.status == 128)
    #expect(outcome.reason.hasPrefix("fatal: cannot change to '/nowhere/at/all': "))
  }
}
