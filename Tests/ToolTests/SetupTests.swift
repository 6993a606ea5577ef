import Events
import Foundation
import TestSupport
import Testing

/// `setup` and `setup --undo`: what git sees of logs, and how it merges them.
struct `Setup` {
  private let exclude = ".git/info/exclude"
  private let attributes = ".git/info/attributes"
  private let config = ".git/config"

  /// What becomes of the hooks.
  private func hooks(_ action: String) -> [String: String] {
    let names = ["post-checkout", "post-commit", "post-merge", "post-rewrite"]
    return Dictionary(uniqueKeysWithValues: names.map { (".git/hooks/\($0)", action) })
  }

  @Test func `logs are out of sight in every worktree, and merge without conflicts where they are committed`() throws {
    let repository = try TestRepository()
    try repository.plan()
    try repository.setUp()
    let worktree = try repository.startWork(on: "WP01")
    try repository.emitted(in: worktree)
    #expect(repository.lines("\(worktree)/\(repository.log())").count == 1)
    #expect(try repository.git("status", "--porcelain", in: worktree).isEmpty)
    for path in [repository.log(), repository.clock()] {
      let checked = try repository.git("check-attr", "merge", "text", "eol", "--", path, in: worktree)
      #expect(checked.split(separator: "\n").map { $0.split(separator: " ").last } == ["union", "set", "lf"])
    }
    try repository.git("add", "--force", "kitty-specs", in: worktree)
    try repository.git("commit", "-q", "-m", "Commit the log", in: worktree)
    try repository.emitted("--feature", "f")
    try repository.git("add", "--force", "kitty-specs")
    try repository.git("commit", "-q", "-m", "Commit the log")
    try repository.git("merge", "-q", "-X", "theirs", "f-WP01")
    #expect(repository.lines(repository.log()).count == 2)
    try repository.merged()
    try repository.expectSettled()
  }

  @Test func `a second run changes nothing, and a dry one does not even begin`() throws {
    let repository = try TestRepository()
    let before = try repository.everything()
    let first = [exclude: "changed", attributes: "created", config: "changed"].merging(hooks("created")) { $1 }
    #expect(try repository.setUp("--dry-run") == first)
    #expect(try repository.everything() == before)
    #expect(try repository.setUp() == first)
    let after = try repository.everything()
    #expect(try repository.setUp() == first.mapValues { _ in "unchanged" })
    #expect(try repository.tool("setup").outputText == "everything is set up\n")
    let last = first.mapValues { $0 == "created" ? "deleted" : $0 }
    #expect(try repository.setUp("--undo", "--dry-run") == last)
    #expect(try repository.everything() == after)
    #expect(try repository.setUp("--undo") == last)
    #expect(try repository.everything() == before)
    #expect(try repository.tool("setup", "--undo").outputText == "nothing to undo\n")
    #expect(try repository.everything() == before)
  }

  @Test(arguments: [nil, "", "*.log", "*.log\n", "*.log\r\n*.tmp\r\n", "*.log\r\n*.tmp", "\n\n"])
  func `undo leaves the files as they were, byte for byte`(_ content: String?) throws {
    let repository = try TestRepository()
    for file in [exclude, attributes, ".gitattributes"] {
      if let content {
        try repository.write(file, content)
      } else if file == exclude {
        for folder in ["info", "hooks"] {
          try FileManager.default.removeItem(atPath: "\(repository.path)/.git/\(folder)")
        }
      }
    }
    let before = try repository.everything()
    for arguments in [["setup"], ["setup", "--track-log"]] {
      #expect(try repository.startTool(arguments).wait().status == 0)
      #expect(try repository.everything() != before)
      #expect(try repository.git("check-attr", "merge", "--", repository.log()).hasSuffix("merge: union"))
      let isIgnored = try repository.attempt(["check-ignore", "-q", repository.log()]).status == 0
      #expect(isIgnored == (arguments == ["setup"]))
      try repository.setUp("--undo")
      #expect(try repository.everything() == before, "\(arguments)")
    }
  }

  @Test func `what others write meanwhile stays, inside the blocks and beside them`() throws {
    let repository = try TestRepository()
    try repository.write(exclude, "first")
    try repository.setUp()
    var lines = repository.lines(exclude)
    lines.insert("inside", at: 3)
    try repository.write(exclude, (["zeroth"] + lines + ["last"]).joined(separator: "\n"))
    let changed = try repository.read(exclude)
    #expect(try repository.setUp()[exclude] == "unchanged")
    #expect(try repository.read(exclude) == changed)
    try repository.setUp("--undo")
    #expect(text(try repository.read(exclude)) == "zeroth\nfirst\ninside\nlast")
  }

  @Test func `a block that lost a line, or came twice, is mended`() throws {
    let repository = try TestRepository()
    let before = try repository.read(exclude)
    try repository.setUp()
    let whole = try repository.read(exclude)
    let torn = repository.lines(exclude).filter { !$0.hasSuffix("execution.events.jsonl") && !$0.hasSuffix(" end") }
    try repository.write(exclude, torn.joined(separator: "\n") + "\n")
    #expect(try repository.setUp()[exclude] == "changed")
    #expect(try repository.read(exclude) == whole)
    try repository.write(exclude, text(whole + whole.dropFirst(before.count)))
    #expect(try repository.setUp()[exclude] == "changed")
    #expect(try repository.read(exclude) == whole)
  }

  @Test func `logs that branches track stay in sight, and every clone merges them`() throws {
    let repository = try TestRepository()
    try repository.plan()
    let before = try repository.everything()
    let path = ["PATH": try repository.toolOnPath()]
    let result = try repository.tool("setup", "--track-log", environment: path)
    #expect(result.complaints == ["note: commit .gitattributes, so that every clone merges logs this way"])
    #expect(try repository.git("status", "--porcelain") == "?? .gitattributes")
    let advice = try repository.tool("setup", environment: path)
    #expect(advice.complaints == ["note: logs are tracked here, as .gitattributes says; setup --undo ends that"])
    #expect(try repository.attempt(["check-ignore", "-q", repository.log()]).status == 1)
    try repository.commit("Merge logs by union")
    try repository.git("clone", "-q", repository.path, "\(repository.folder.path)/clone")
    let clone = "\(repository.folder.path)/clone"
    #expect(try repository.git("check-attr", "merge", "--", repository.log(), in: clone).hasSuffix("union"))
    try repository.setUp("--undo")
    #expect(try repository.git("status", "--porcelain").trimmingCharacters(in: .whitespaces) == "D .gitattributes")
    let after = try repository.everything()
    #expect(after.filter { $0.key.hasPrefix(".git/info") } == before.filter { $0.key.hasPrefix(".git/info") })
  }

  @Test func `a repository changes from logs out of sight to tracked ones`() throws {
    let repository = try TestRepository()
    let before = try repository.everything()
    try repository.setUp()
    #expect(try repository.setUp("--track-log")[exclude] == "changed")
    #expect(try repository.attempt(["check-ignore", "-q", repository.log()]).status == 1)
    try repository.setUp("--undo")
    #expect(try repository.everything() == before)
  }

  @Test func `a symbolic link is followed where git follows it, and not elsewhere`() throws {
    let repository = try TestRepository()
    let target = "\(repository.folder.path)/excludes"
    try repository.write("excludes", "mine\n", in: repository.folder.path)
    try FileManager.default.removeItem(atPath: "\(repository.path)/\(exclude)")
    try FileManager.default.createSymbolicLink(atPath: "\(repository.path)/\(exclude)", withDestinationPath: target)
    try FileManager.default.createSymbolicLink(
      atPath: "\(repository.path)/.gitattributes", withDestinationPath: target)
    let refused = try repository.tool("setup", "--track-log")
    #expect(refused.status == 1)
    #expect(refused.errorText.contains("it is a symbolic link, which is not followed"))
    #expect(text(try repository.read(target)) == "mine\n")
    try FileManager.default.removeItem(atPath: "\(repository.path)/.gitattributes")
    try repository.setUp()
    #expect(try repository.attempt(["check-ignore", "-q", repository.log()]).status == 0)
    try repository.setUp("--undo")
    #expect(text(try repository.read(target)) == "mine\n")
    #expect((try? FileManager.default.destinationOfSymbolicLink(atPath: "\(repository.path)/\(exclude)")) == target)
  }

  @Test func `from a worktree the repository is set up, and a bare one has no logs to track`() throws {
    let repository = try TestRepository()
    try repository.plan()
    let worktree = try repository.startWork(on: "WP01")
    #expect(try repository.setUp(in: "\(worktree)/kitty-specs")[exclude] == "changed")
    let bare = try TestRepository("--bare")
    #expect(try bare.setUp()["info/attributes"] == "created")
    let refused = try bare.tool("setup", "--track-log")
    #expect(refused.status == 1 && refused.errorText.contains("a bare repository has no .gitattributes"))
    let nowhere = try bare.tool("setup", in: "/")
    #expect(nowhere.status == 1 && nowhere.errorText.hasSuffix("run: git init\n"))
  }

  @Test func `several at once leave one block`() throws {
    let repository = try TestRepository()
    try repository.setUp()
    let once = try repository.everything()
    try repository.setUp("--undo")
    let runs = try (0..<6).map { _ in try repository.startTool(["setup"]) }
    for run in runs { #expect(try run.wait().status == 0) }
    #expect(try repository.everything() == once)
  }

  @Test func `a log that is tracked all the same is left alone, whatever ends the lines of the excludes`() throws {
    let repository = try TestRepository()
    try repository.write(exclude, "*.tmp\r\n")
    try repository.setUp()
    try repository.write(repository.log(), "")
    try repository.git("add", "--force", repository.log())
    try repository.plan()
    let worktree = try repository.startWork(on: "WP01")
    try repository.emitted(in: worktree)
    #expect(try repository.git("status", "--porcelain", in: worktree).isEmpty)
  }

  @Test func `undo takes no further wishes`() throws {
    let repository = try TestRepository()
    #expect(try repository.tool("setup", "--undo", "--track-log").status == 64)
    #expect(try repository.tool("setup", "--undo", "--display-notes").status == 64)
  }
}
