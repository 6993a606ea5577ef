import Events
import Foundation
import TestSupport
import Testing

/// What is refused before anything is written.
struct `A request that cannot be met` {
  @Test(arguments: [
    ["--feature", "../../etc"], ["--feature", ""], ["--feature="], ["--feature", "a/b"], ["--feature", "."],
    ["--feature", ".."], ["--feature", "/"], ["--feature", "a\nb"], ["--feature", "a\u{1b}[31mb"],
    ["--feature", "a\u{7f}"], ["--feature", "a\u{85}"], ["--feature", String(repeating: "x", count: 300)],
    ["--feature", "f", "--cost-usd", "nan"], ["--feature", "f", "--cost-usd", "inf"],
    ["--feature", "f", "--cost-usd", "-1"], ["--feature", "f", "--cost-usd", "1e999"],
    ["--feature", "f", "--cost-usd", "twelve"], ["--feature", "f", "--role", "cook"],
    ["--feature", "f", "--event-id", "nonsense"], ["--feature", "f", "--event-id", ""],
    ["--feature", "f", "--input-tokens", "-5"], ["--feature", "f", "--output-tokens", "1.5"],
    ["--feature", "f", "--duration-ms", "-1"], ["--feature", "f", "--input-tokens", "99999999999999999999"],
    ["--feature", "f", "--success", "--failure"], ["--feature", "f", "--success", "--failed"],
    ["--feature", "f", "--commit", "nosuch"], ["--feature", "f", "--commit", ""],
    ["--feature", "f", "--commit", "HEAD", "--next-commit"], ["--feature", "f", "--nosuch"],
    ["--feature", "f", "stray"],
  ])
  func `exits with 64, says why and writes nothing`(arguments: [String]) throws {
    let repository = try TestRepository()
    try repository.commit("one")
    let before = try listing(repository.folder.path)
    for format in [[], ["--json"]] {
      let role = arguments.contains("--role") ? [] : ["--role", "implementer"]
      let result = try repository.startTool(["emit"] + role + arguments + format).wait()
      #expect(result.status == 64)
      let reasons = result.complaints.filter { $0.lowercased().hasPrefix("error: ") }
      #expect(reasons.count == 1, "\(result.errorText)")
      #expect(result.output.isEmpty)
      #expect(result.errors.allSatisfy { 0x20...0x7E ~= $0 || $0 == 0x0A || $0 >= 0x80 }, "\(result.errorText)")
      #expect(!result.errorText.unicodeScalars.contains { 0x80...0x9F ~= $0.value })
      #expect(try listing(repository.folder.path) == before)
    }
  }

  @Test func `names the role that is missing`() throws {
    let repository = try TestRepository()
    try repository.commit("one")
    let before = try listing(repository.folder.path)
    let result = try repository.tool("emit", "--feature", "f")
    #expect(result.status == 64)
    #expect(result.errorText.contains("--role"))
    #expect(try listing(repository.folder.path) == before)
  }

  @Test func `is refused outside of a repository as well`() throws {
    let scratch = try TestRepository()
    let before = try listing(scratch.folder.path)
    for feature in ["..", "a/b", "", "a\u{7f}"] {
      let result = try scratch.emit("--feature", feature, "--feature-dir", scratch.folder.path + "/new/f", in: "/")
      #expect(result.status == 64 && result.complaints.count == 1, "\(result.errorText)")
    }
    #expect(try scratch.emit("--feature-dir", "/", in: "/").status == 64)
    #expect(try listing(scratch.folder.path) == before)
  }

  @Test func `an event that readers would set aside is refused`() throws {
    let repository = try TestRepository()
    try repository.commit("one")
    let before = try listing(repository.folder.path)
    // Each of these characters takes twelve bytes in a line.
    let long = String(repeating: "😀", count: 30_000)
    let texts = ["--agent", long, "--model", long, "--node-id", long, "--wp-id", long]
    let result = try repository.startTool(["emit", "--role", "implementer", "--feature", "f"] + texts).wait()
    #expect(result.status == 64 && result.complaints.count == 1, "\(result.errorText.prefix(300))")
    #expect(result.errorText.contains("1 MiB"))
    #expect(repository.lines(repository.log()).isEmpty && repository.journaled().isEmpty)
    #expect(try listing(repository.folder.path) == before)
  }
}
