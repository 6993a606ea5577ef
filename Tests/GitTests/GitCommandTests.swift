import Git
import TestSupport
import Testing

struct GitCommandTests {
  @Test func `git runs in the folder, with input and the environment`() async throws {
    let repository = try TestRepository()
    let hashed = try await GitCommand.run(
      ["hash-object", "-w", "--stdin"], in: repository.path, input: Array("text\n".utf8))
    #expect(hashed.status == 0)
    #expect(try repository.git("cat-file", "blob", hashed.text) == "text")
    let named = try await GitCommand.run(
      ["var", "GIT_AUTHOR_IDENT"], in: repository.path, environment: ["GIT_AUTHOR_NAME": "Somebody Else"])
    #expect(named.text.hasPrefix("Somebody Else <"))
  }

  @Test func `a git that fails is an outcome, with its reason`() async throws {
    let repository = try TestRepository()
    let outcome = try await GitCommand.run(["rev-parse", "--verify", "nothing"], in: repository.path)
    #expect(outcome.status == 128)
    #expect(outcome.reason == "fatal: Needed a single revision")
    #expect(outcome.text.isEmpty)
  }

  @Test func `a folder that is gone is an error that says so`() async throws {
    let error = await #expect(throws: GitError.self) {
      try await GitCommand.run(["version"], in: "/nowhere/at/all")
    }
    #expect(error?.description.hasPrefix("cannot run git in /nowhere/at/all: ") == true)
  }
}
