import Events
import Foundation
import TestSupport
import Testing

extension TestRepository {
  /// What `verify --json` tells: the kinds of its findings and of its information.
  func verified(
    _ arguments: String..., in directory: String? = nil, sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> (findings: [String], information: [String]) {
    let result = try startTool(["verify", "--json"] + arguments, in: directory).wait()
    let document = try #require(result.document, "\(result.errorText)", sourceLocation: sourceLocation)
    func kinds(_ value: JSONValue?) -> [String] {
      guard case .array(let findings)? = value else { return ["no array"] }
      return findings.compactMap { $0.object?["kind"]?.text }
    }
    let kinds = (findings: kinds(document["findings"]), information: kinds(document["information"]))
    let isContent = kinds.findings.isEmpty
    #expect(result.status == (isContent ? 0 : 1), sourceLocation: sourceLocation)
    #expect(document["ok"] == .bool(isContent), sourceLocation: sourceLocation)
    return kinds
  }

  /// Runs `repair`, after which `verify` must be content and another repair changes nothing.
  func repaired(_ arguments: String..., sourceLocation: SourceLocation = #_sourceLocation) throws {
    let result = try startTool(["repair"] + arguments).wait()
    #expect(result.status == 0, "\(result.errorText)", sourceLocation: sourceLocation)
    #expect(try verified().findings.isEmpty, sourceLocation: sourceLocation)
    let before = try listing(path + "/.git/refs").merging(try listing(path + "/kitty-specs")) { $1 }
    #expect(try startTool(["repair"] + arguments).wait().status == 0, sourceLocation: sourceLocation)
    let after = try listing(path + "/.git/refs").merging(try listing(path + "/kitty-specs")) { $1 }
    #expect(before == after, "a second repair changes nothing", sourceLocation: sourceLocation)
    try git("fsck", "--strict")
  }
}

/// Verify names each disagreement, and repair heals it.
struct VerifyTests {
  private let repository: TestRepository
  private let ids: [String]

  /// A repository with three events, two of them on a merged commit.
  init() throws {
    repository = try TestRepository()
    try repository.plan()
    let first = try repository.emitted("--feature", "f")
    let others = try repository.workPackage("WP01")
    try repository.git("merge", "--quiet", "--no-ff", "-m", "Merge WP01", "f-WP01")
    try repository.merged()
    ids = [try #require(first["event_id"]?.text)] + others
  }

  @Test func `what agrees is content, and looking changes nothing`() throws {
    let before = try listing(repository.path)
    #expect(try repository.verified() == (findings: [], information: []))
    #expect(try repository.tool("verify").outputText == "content: 3 events of 1 feature\n")
    #expect(try repository.tool("merge", "--check").status == 0)
    #expect(try listing(repository.path) == before)
  }

  @Test func `an event that the log lacks is not logged`() throws {
    try repository.write(repository.log(), repository.lines(repository.log()).dropLast().joined(separator: "\n") + "\n")
    #expect(try repository.verified().findings == ["not_logged"])
    #expect(try repository.tool("merge", "--check").status == 1)
    try repository.repaired()
    try repository.expectHome(ids)
  }

  @Test func `an event that no note has is not noted, also when only the log is left`() throws {
    try repository.git("update-ref", "-d", "refs/notes/kitty-telemetry")
    #expect(try repository.verified().findings == ["not_noted", "not_noted", "not_noted"])
    try FileManager.default.removeItem(atPath: repository.path + "/.git/kitty-telemetry")
    #expect(try repository.verified().findings == ["not_noted", "not_noted", "not_noted"])
    try repository.repaired()
    try repository.expectHome(ids)
  }

  @Test func `an event on two lines is a duplicate`() throws {
    let lines = repository.lines(repository.log())
    try repository.write(repository.log(), (lines + lines.suffix(1)).joined(separator: "\n") + "\n")
    #expect(try repository.verified().findings == ["duplicate"])
    try repository.repaired()
  }

  @Test func `another value of an event is a conflict, and on record afterwards`() throws {
    let lines = repository.lines(repository.log())
    let other = try #require(lines.last).replacing("\"success\": true", with: "\"success\": false")
    try repository.write(repository.log(), (lines + [other]).joined(separator: "\n") + "\n")
    #expect(try repository.verified().findings.contains("conflict"))
    #expect(try repository.tool("merge").status == 1)
    #expect(try repository.verified() == (findings: [], information: ["recorded_conflict"]))
  }

  @Test func `markers of a conflict and lines that are no events are told apart`() throws {
    let lines = repository.lines(repository.log())
    let conflicted = ["<<<<<<< HEAD"] + lines + ["=======", ">>>>>>> f-WP01", "no event"]
    try repository.write(repository.log(), conflicted.joined(separator: "\n") + "\n")
    #expect(try repository.verified() == (findings: ["conflicted"], information: ["unreadable"]))
    try repository.repaired()
    #expect(repository.lines(repository.log()) == lines + ["no event"])
  }

  @Test(arguments: ["{}", "{\"cli:WP01\": 1", #"{"*": 1, "cli:N/A": 1, "cli:WP01": 1}"#])
  func `a clock that is broken or behind its log is rebuilt`(clock: String) throws {
    let before = try repository.read(repository.clock())
    try repository.write(repository.clock(), clock)
    #expect(try repository.verified().findings == ["clock_behind"])
    try repository.repaired()
    #expect(try repository.read(repository.clock()) == before)
  }

  @Test func `a refspec that would overwrite the notes is named, with the command that removes it`() throws {
    try repository.git("config", "remote.origin.url", "https://example.org/x")
    try repository.git("config", "remote.origin.fetch", "+refs/notes/*:refs/notes/*")
    #expect(try repository.verified().findings == ["forced_refspec"])
    let said = try repository.tool("verify").outputText
    let command = try #require(said.split(separator: "\n").first?.split(separator: "run: ").last)
    try repository.run("sh", "-c", String(command))
    #expect(try repository.verified().findings.isEmpty)
  }

  @Test func `waiting events and notes about commits that are gone are no damage`() throws {
    let next = try repository.emitted("--next-commit", "--feature", "f")
    #expect(next["commit"] == .null)
    let gone = String(repeating: "1", count: 40)
    let blob = try repository.git("hash-object", "-w", "--stdin", input: Array("{}\n".utf8))
    var commands = "commit refs/notes/kitty-telemetry\ncommitter A <a@b> 1700000000 +0000\ndata 0\n"
    commands += "from refs/notes/kitty-telemetry^0\nM 100644 \(blob) \(gone)\n"
    try repository.git("fast-import", "--quiet", input: Array(commands.utf8))
    let verified = try repository.verified()
    #expect(verified.findings.isEmpty)
    #expect(verified.information.sorted() == ["unreadable", "vanished_commit", "waiting"])
  }

  @Test func `notes that are laid out as git would not are told of, and laid out anew`() throws {
    func add(_ names: [String]) throws {
      let blob = try repository.git("hash-object", "-w", "--stdin", input: Array("a note\n".utf8))
      var commands = "commit refs/notes/kitty-telemetry\ncommitter A <a@b> 1700000000 +0000\ndata 0\n"
      commands += "from refs/notes/kitty-telemetry^0\n"
      for name in names { commands += "M 100644 \(blob) \(name)\n" }
      try repository.git("fast-import", "--quiet", input: Array(commands.utf8))
    }
    var generator = SeededGenerator(seed: 11)
    let names = (0..<301).map { _ in
      String((0..<40).map { _ in "0123456789abcdef".randomElement(using: &generator) ?? "0" })
    }
    try add(Array(names.dropLast()))
    #expect(try repository.verified().findings == ["flat_tree"])
    try repository.repaired()
    try add(names.suffix(1))
    #expect(try repository.verified().findings == ["mixed_tree"])
    try repository.repaired()
    #expect(try repository.git("notes", "--ref=kitty-telemetry", "list").split(separator: "\n").count == 303)
  }

  @Test func `a note that another program put back to what it was is healed from its past`() throws {
    try repository.emitted("--feature", "f")
    try FileManager.default.removeItem(atPath: repository.path + "/.git/kitty-telemetry")
    try FileManager.default.removeItem(atPath: repository.path + "/" + repository.log())
    try repository.git("update-ref", "refs/notes/kitty-telemetry", "refs/notes/kitty-telemetry~1")
    let findings = try repository.verified().findings
    #expect(findings.count { $0 == "not_logged" } == 4 && findings.count { $0 == "not_noted" } == 1, "\(findings)")
    try repository.repaired()
    #expect(repository.loggedIDs().count == 4)
  }

  @Test func `events that a clock has counted and no replica has are told of`() throws {
    try FileManager.default.removeItem(atPath: repository.path + "/.git/kitty-telemetry/journal.jsonl")
    let id = try #require(try repository.emitted("--feature", "f")["event_id"]?.text)
    try FileManager.default.removeItem(atPath: repository.path + "/.git/kitty-telemetry/journal.jsonl")
    let lines = repository.lines(repository.log()).filter { !$0.contains(id) }
    try repository.write(repository.log(), lines.joined(separator: "\n") + "\n")
    try repository.git("update-ref", "-d", "refs/notes/kitty-telemetry")
    #expect(try repository.verified().information.contains("lost"))
    #expect(try repository.tool("repair").errorText.contains("is in no replica any more"))
  }

  @Test func `a bare repository is verified at a commit`() throws {
    try repository.git("add", "--all")
    try repository.git("commit", "--quiet", "-m", "Logs")
    let bare = repository.folder.path + "/bare"
    try repository.git("clone", "--quiet", "--mirror", repository.path, bare)
    #expect(try repository.verified("--ref", "main", in: bare).findings.isEmpty)
    let refused = try repository.tool("verify", in: bare)
    #expect(refused.status == 1 && refused.errorText.contains("verify --ref main"))
    #expect(try repository.verified("--ref", "main~1", in: bare).findings.contains("not_logged"))
  }

  @Test func `a clone that has not fetched the notes is told to, and then is content`() throws {
    try repository.git("add", "--all")
    try repository.git("commit", "--quiet", "-m", "Logs")
    let clone = repository.folder.path + "/clone"
    try repository.git("clone", "--quiet", "file://" + repository.path, clone)
    #expect(try repository.verified(in: clone).findings == ["unavailable"])
    let told = try repository.tool("repair", in: clone)
    #expect(told.status == 1)
    let command = try #require(told.errorText.split(separator: "run: ").last?.split(separator: ";").first)
    try repository.git("config", "user.name", "Clone", in: clone)
    try repository.git("config", "user.email", "clone@example.com", in: clone)
    try repository.run("sh", "-c", "cd '\(clone)' && \(command)")
    #expect(try repository.tool("repair", in: clone).status == 0)
    #expect(try repository.verified(in: clone).findings.isEmpty)
    let tree = try repository.git("rev-parse", "refs/notes/kitty-telemetry^{tree}")
    #expect(try repository.git("rev-parse", "refs/notes/kitty-telemetry^{tree}", in: clone) == tree)
  }
}
