import Git
import TestSupport
import Testing

struct RemoteTests {
  @Test(arguments: Answerer.allCases)
  func `remotes are told with all their refspecs`(answerer: Answerer) throws {
    let scratch = try TestRepository()
    let repository = try open(scratch.path, for: answerer)
    #expect(try repository.remotes().isEmpty)
    try scratch.git("remote", "add", "upstream", "https://example.org/a")
    try scratch.git("remote", "add", "origin", "https://example.org/b")
    try scratch.git("config", "--add", "remote.origin.fetch", "+refs/notes/*:refs/notes/*")
    let remotes = try open(scratch.path, for: answerer).remotes()
    #expect(remotes.map(\.name) == ["origin", "upstream"])
    #expect(remotes[0].fetchRefspecs == ["+refs/heads/*:refs/remotes/origin/*", "+refs/notes/*:refs/notes/*"])
  }

  @Test(arguments: Answerer.allCases)
  func `a commit tells who wrote it, also when it was made anew`(answerer: Answerer) throws {
    let scratch = try TestRepository()
    let first = try id(scratch.commit("a subject\n\nand a body"))
    try scratch.git("commit", "--quiet", "--amend", "--no-edit", "--allow-empty", "--date=1700000999 +0100")
    let second = try id(scratch.git("rev-parse", "HEAD"))
    let repository = try open(scratch.path, for: answerer)
    let before = try #require(try repository.commit(first))
    let after = try #require(try repository.commit(second))
    #expect([before.subject, after.subject] == ["a subject", "a subject"])
    #expect(after.author.name == "Test Person" && after.author.email == "test@example.com")
    #expect(after.author.time == 1_700_000_999 && before.author != after.author)
  }

  @Test(arguments: Answerer.allCases)
  func `a file's name as a blob is the one that git would give it`(answerer: Answerer) throws {
    let scratch = try TestRepository()
    try scratch.git("config", "core.autocrlf", "true")
    try scratch.write("a/b.txt", "one\r\ntwo\r\n")
    let repository = try open(scratch.path, for: answerer)
    let name = try repository.blobName(ofFile: "a/b.txt")
    #expect(try name?.description == scratch.git("hash-object", "a/b.txt"))
    #expect(try repository.blobName(ofFile: "a/none.txt") == nil)
  }
}
