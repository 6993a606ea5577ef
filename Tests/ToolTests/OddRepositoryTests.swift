import Events
import Foundation
import TestSupport
import Testing

/// Repositories and surroundings that are not the usual ones: events land where they do elsewhere, or it is said why not.
struct `An odd repository` {
  private static let isRoot = geteuid() == 0

  /// Records two events in a lane, merges it, and checks that everything came home.
  private func playThrough(
    _ repository: TestRepository, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let ids = try repository.workPackage("WP01")
    #expect(try repository.notedIDs(on: "f-WP01") == ids, sourceLocation: sourceLocation)
    try repository.git("merge", "--quiet", "--no-ff", "--no-edit", "f-WP01")
    try repository.merged("--commit", sourceLocation: sourceLocation)
    try repository.expectHome(ids, sourceLocation: sourceLocation)
    let verified = try repository.tool("verify")
    #expect(verified.status == 0, "\(verified.outputText)\(verified.errorText)", sourceLocation: sourceLocation)
    #expect(try repository.git("status", "--porcelain").isEmpty, sourceLocation: sourceLocation)
  }

  @Test func `with settings of one worktree`() throws {
    let repository = try TestRepository()
    try repository.plan()
    try repository.git("config", "extensions.worktreeConfig", "true")
    try repository.git("config", "--worktree", "core.sparseCheckout", "false")
    try playThrough(repository)
  }

  @Test func `with worktrees that know each other by relative paths`() throws {
    let repository = try TestRepository()
    try repository.plan()
    let worktree = try repository.startWork(on: "WP01")
    let commit = try repository.work(in: worktree, "work.txt")
    // By hand, as a newer git than most writes it; from here on this one may refuse the repository.
    let config = try text(repository.read(".git/config"))
    try repository.write(
      ".git/config",
      config.replacing("repositoryformatversion = 0", with: "repositoryformatversion = 1")
        + "[extensions]\n\trelativeWorktrees = true\n")
    try repository.write(".git/worktrees/f-WP01/gitdir", "../../../.worktrees/f-WP01/.git\n")
    try repository.write(".git", "gitdir: ../../.git/worktrees/f-WP01\n", in: worktree)
    let document = try repository.emitted(in: worktree)
    #expect(document["commit"]?.text == commit && document["note"]?.text == "written")
    #expect(document["wp_id"]?.text == "WP01")
    #expect(repository.lines("\(worktree)/\(repository.log())").count == 1)
    #expect(try repository.tool("merge", "f-WP01").status == 0)
    #expect(repository.loggedIDs() == [document["event_id"]?.text])
  }

  @Test(arguments: ["sha1", "sha256"])
  func `a partial clone that lacks the text of a note never overwrites it`(format: String) throws {
    let repository = try TestRepository("--object-format=\(format)")
    try repository.plan()
    try repository.emitted("--feature", "f")
    try repository.git("config", "uploadpack.allowFilter", "true")
    let partial = "\(repository.folder.path)/partial"
    try repository.git("clone", "--quiet", "--filter=blob:none", "file://\(repository.path)", partial)
    let notes = "refs/notes/kitty-telemetry"
    try repository.git("fetch", "--quiet", "origin", "\(notes):\(notes)", in: partial)
    let before = try repository.git("rev-parse", notes, in: partial)
    let result = try repository.emit("--feature", "f", in: partial)
    #expect(result.status == 0)
    #expect(result.errorText.contains("this clone lacks its blob"), "\(result.errorText)")
    #expect(result.errorText.contains("stored in: journal, log"), "\(result.errorText)")
    #expect(try repository.git("rev-parse", notes, in: partial) == before)
    // What the message says to do fetches the text, and then both events are there.
    try repository.git("notes", "--ref=kitty-telemetry", "show", "HEAD", in: partial)
    #expect(try repository.tool("emit", "--flush", in: partial).status == 0)
    #expect(try repository.notedLines("HEAD", in: partial).count == 2)
  }

  @Test(arguments: ["sha1", "sha256"])
  func `a shallow clone records and reads, and projects nothing again`(format: String) throws {
    let repository = try TestRepository("--object-format=\(format)")
    try repository.plan()
    try repository.emitted("--feature", "f")
    try repository.merged()
    try repository.commit("Record")
    try repository.commit("More")
    let shallow = "\(repository.folder.path)/shallow"
    try repository.git("clone", "--quiet", "--depth=1", "file://\(repository.path)", shallow)
    let notes = "refs/notes/kitty-telemetry"
    try repository.git("fetch", "--quiet", "--depth=1", "origin", "\(notes):\(notes)", in: shallow)
    let before = try repository.git("rev-parse", notes, in: shallow)
    let document = try repository.emitted("--feature", "f", in: shallow)
    #expect(document["note"]?.text == "written")
    #expect(try repository.tool("merge", in: shallow).status == 0)
    #expect(events(repository.lines("\(shallow)/\(repository.log())")).count == 2)
    #expect(try repository.git("rev-parse", "\(notes)^", in: shallow) == before)
  }

  @Test func `a submodule is a repository of its own`() throws {
    let repository = try TestRepository()
    try repository.plan()
    let outer = try TestRepository()
    try outer.commit("outer")
    try outer.git(
      "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", repository.path, "sub")
    try outer.commit("Add the submodule")
    let inner = "\(outer.path)/sub"
    let document = try outer.emitted("--feature", "f", in: inner)
    #expect(try document["commit"]?.text == outer.git("rev-parse", "HEAD", in: inner))
    #expect(try outer.notedLines("HEAD", in: inner).count == 1)
    #expect(outer.lines(".git/modules/sub/kitty-telemetry/journal.jsonl").count == 1)
    #expect(!FileManager.default.fileExists(atPath: "\(outer.path)/.git/kitty-telemetry"))
  }

  @Test(arguments: ["sha1", "sha256"])
  func `a clone that borrows its objects from another repository`(format: String) throws {
    let repository = try TestRepository("--object-format=\(format)")
    try repository.plan()
    let borrower = "\(repository.folder.path)/borrower"
    try repository.git("clone", "--quiet", "--shared", repository.path, borrower)
    let document = try repository.emitted("--feature", "f", in: borrower)
    #expect(document["note"]?.text == "written")
    #expect(try repository.notedLines("HEAD", in: borrower).count == 1)
    #expect(try repository.attempt(["fsck", "--strict"], in: borrower).status == 0)
    #expect(try repository.git("for-each-ref", "refs/notes").isEmpty)
  }

  @Test func `one that a group shares`() throws {
    let repository = try TestRepository("--shared=group")
    try repository.plan()
    let lane = try repository.startWork(on: "WP01")
    let words = ["-c", "umask 077; exec \"$@\"", "sh", try toolPath()]
    for arguments in [["emit", "--role", "implementer"], ["emit", "--role", "reviewer", "--next-commit"]] {
      let result = try ChildProcess.run(
        "sh", words + arguments, in: lane, environment: repository.toolEnvironment)
      #expect(result.status == 0 && result.errorText.isEmpty, "\(result.errorText)")
    }
    let folder = "\(repository.path)/.git/kitty-telemetry"
    for name in try [""] + FileManager.default.subpathsOfDirectory(atPath: folder) {
      let facts = try FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")
      let mode = try #require(facts[.posixPermissions] as? Int)
      #expect(mode & 0o060 == 0o060, "\(name): \(String(mode, radix: 8))")
      if facts[.type] as? FileAttributeType == .typeDirectory { #expect(mode & 0o2010 == 0o2010, "\(name)") }
    }
  }

  @Test(.enabled(if: isRoot, "only root can give a folder to another user"), arguments: ["sha1", "sha256"])
  func `one of another user`(format: String) throws {
    let repository = try TestRepository("--object-format=\(format)")
    try repository.plan()
    try repository.run("chown", "-R", "12345", repository.path)
    let refused = try repository.emit("--feature", "f")
    #expect(refused.status == 0)
    let remedy = "git config --global --add safe.directory \(repository.path)"
    #expect(refused.errorText.contains(remedy), "\(refused.errorText)")
    #expect(refused.errorText.contains("nothing was stored"), "\(refused.errorText)")
    // A folder that was named takes the log all the same.
    let named = try repository.emit("--feature-dir", "\(repository.path)/kitty-specs/f")
    #expect(named.status == 0 && named.errorText.contains("stored in: log"), "\(named.errorText)")
    #expect(events(repository.lines(repository.log())).count == 1)

    let trusting = "\(repository.folder.path)/trusting"
    try repository.git("config", "--file", trusting, "--add", "safe.directory", repository.path)
    try FileManager.default.moveItem(atPath: trusting, toPath: "\(repository.folder.path)/home/.gitconfig")
    let trusted = try ChildProcess.run(
      try toolPath(), ["emit", "--role", "implementer", "--feature", "f", "--json"], in: repository.path,
      environment: repository.toolEnvironment.filter { $0.key != "GIT_CONFIG_GLOBAL" })
    #expect(trusted.status == 0 && trusted.errorText.isEmpty, "\(trusted.errorText)")
    #expect(trusted.document?["note"]?.text == "written")
  }

  @Test func `one that converts the ends of lines`() throws {
    let repository = try TestRepository()
    try repository.git("config", "core.autocrlf", "true")
    try repository.plan()
    try playThrough(repository)
    #expect(try !repository.read(repository.log()).contains(0x0D))
    #expect(try !text(Array(repository.git("show", "HEAD:\(repository.log())").utf8)).contains("\r"))
    // A log that was checked out with them is read as if it had none.
    let log = try text(repository.read(repository.log()))
    try repository.write(repository.log(), log.replacing("\n", with: "\r\n"))
    #expect(try repository.tool("merge").status == 0)
    #expect(try text(repository.read(repository.log())) == log)
  }

  @Test func `one whose file system may ignore case keeps features apart that differ in it`() throws {
    let repository = try TestRepository()
    try repository.git("config", "core.ignoreCase", "true")
    try repository.plan()
    for feature in ["f", "F"] { try repository.emitted("--feature", feature) }
    let document = try repository.merged()
    let isArray = if case .array? = document["features"] { true } else { false }
    #expect(isArray)
    #expect(repository.loggedIDs().count == 1)
    #expect(events(repository.lines(repository.log("F"))).count == 1)
  }

  @Test(arguments: ["with spaces", "with\na line end", "with 'quotes\" and $signs", "mit Umläuten"])
  func `in a folder`(name: String) throws {
    for format in ["sha1", "sha256"] {
      let scratch = try TestRepository()
      let path = "\(scratch.folder.path)/\(format) \(name)"
      try scratch.git("init", "--quiet", "--initial-branch=main", "--object-format=\(format)", path)
      try scratch.write("kitty-specs/f/spec.md", "A feature.\n", in: path)
      try scratch.git("config", "user.name", "Test Person", in: path)
      try scratch.git("config", "user.email", "test@example.com", in: path)
      try scratch.commit("Plan", in: path)
      let lane = "\(path)/.worktrees/f-WP01 \(name)"
      try scratch.git("worktree", "add", "--quiet", "-b", "f-WP01", lane, in: path)
      for place in [path, lane] {
        let document = try scratch.emitted("--feature", "f", in: place)
        #expect(document["note"]?.text == "written")
        #expect(document["log"]?.text == "\(place)/\(scratch.log())")
      }
      let merged = try scratch.tool("merge", in: path)
      #expect(merged.status == 0, "\(merged.errorText)")
      #expect(events(scratch.lines("\(path)/\(scratch.log())")).count == 2)
    }
  }

  @Test func `in a folder whose name is not UTF-8 is refused in plain words, and a named folder takes the log`() throws
  {
    let scratch = try TestRepository()
    let script = """
      path=$(printf 'caf\\351') && git init -q "$path" && cd "$path" && shift
      "$@" --feature f; echo $?; "$@" --feature-dir '\(scratch.folder.path)/named/f'; echo $?
      """
    let words = ["-c", script, "sh", "--", try toolPath(), "emit", "--role", "implementer"]
    let result = try ChildProcess.run("sh", words, in: scratch.folder.path, environment: scratch.toolEnvironment)
    let statuses = result.outputText.split(separator: "\n").filter { $0 == "0" }
    #expect(statuses.count == 2, "\(result.outputText)\(result.errorText)")
    #expect(result.errorText.contains("its path is not UTF-8"), "\(result.errorText)")
    #expect(result.errorText.contains("nothing was stored"), "\(result.errorText)")
    #expect(events(scratch.lines("\(scratch.folder.path)/named/f/execution.events.jsonl")).count == 1)
  }

  @Test func `whose current folder has vanished`() throws {
    for format in ["sha1", "sha256"] {
      let repository = try TestRepository("--object-format=\(format)")
      try repository.plan()
      let script = "mkdir gone && cd gone && rmdir ../gone && shift && exec \"$@\""
      let words = ["-c", script, "sh", "--", try toolPath(), "emit", "--role", "implementer"]
      let lost = try ChildProcess.run(
        "sh", words + ["--feature", "f"], in: repository.path, environment: repository.toolEnvironment)
      #expect(lost.status == 0)
      #expect(lost.complaints.count == 1 && lost.errorText.contains("that folder is gone"), "\(lost.errorText)")
      #expect(lost.errorText.contains("nothing was stored"))
      // Whoever says where to work needs no current folder.
      let named = try ChildProcess.run(
        "sh", words + ["-C", repository.path, "--feature", "f", "--json"], in: repository.path,
        environment: repository.toolEnvironment)
      #expect(named.status == 0 && named.document?["note"]?.text == "written", "\(named.errorText)")
    }
  }

  /// A command that runs another one with a folder mounted so that nobody can write it; `nil` where that is not allowed.
  private static let readOnly: [String]? = {
    let script = "mount --bind \"$1\" \"$1\" && mount -o remount,bind,ro \"$1\" && shift && exec \"$@\""
    let words = ["unshare", "-m", "sh", "-c", script, "sh"]
    let probe = try? ChildProcess.run("unshare", Array(words.dropFirst()) + ["/tmp", "true"], in: "/")
    return probe?.status == 0 ? words : nil
  }()

  @Test(.enabled(if: readOnly != nil, "no mount namespaces here"), arguments: ["sha1", "sha256"])
  func `on media that cannot be written`(format: String) throws {
    let repository = try TestRepository("--object-format=\(format)")
    try repository.plan()
    try repository.emitted("--feature", "f")
    try repository.merged()
    let before = try listing(repository.path)
    let prefix = try #require(Self.readOnly) + [repository.path]
    let result = try repository.emit("--feature", "f", prefix: prefix)
    #expect(result.status == 0)
    #expect(result.complaints.count == 1 && result.errorText.contains("nothing was stored"), "\(result.errorText)")
    let verified = try repository.tool("verify", prefix: prefix)
    #expect(verified.status == 0, "\(verified.outputText)\(verified.errorText)")
    let queried = try repository.tool("query", "--jsonl", prefix: prefix)
    #expect(try queried.output == repository.read(repository.log()), "\(queried.errorText)")
    #expect(try listing(repository.path) == before)
    // A log elsewhere can still be written.
    let folder = "\(repository.folder.path)/elsewhere/f"
    let elsewhere = try repository.emit("--feature-dir", folder, prefix: prefix)
    #expect(elsewhere.status == 0)
    #expect(events(repository.lines("\(folder)/execution.events.jsonl")).count == 1)
  }

  @Test(arguments: ["sha1", "sha256"])
  func `beside another one that the environment names`(format: String) throws {
    let repository = try TestRepository("--object-format=\(format)")
    try repository.plan()
    let other = try TestRepository()
    try other.commit("other")
    let before = try listing(other.path)
    let misleading = [
      "GIT_DIR": "\(other.path)/.git", "GIT_WORK_TREE": other.path, "GIT_INDEX_FILE": "\(other.path)/.git/index",
      "GIT_OBJECT_DIRECTORY": "\(other.path)/.git/objects", "GIT_COMMON_DIR": "\(other.path)/.git",
      "GIT_NAMESPACE": "x", "GIT_CEILING_DIRECTORIES": repository.folder.path, "GIT_SHALLOW_FILE": "/nowhere",
      "GIT_REPLACE_REF_BASE": "refs/x/", "GIT_CONFIG_PARAMETERS": "'core.bare=true'", "GIT_LITERAL_PATHSPECS": "0",
    ]
    let document = try repository.emitted("--feature", "f", environment: misleading)
    #expect(document["note"]?.text == "written")
    #expect(try repository.notedLines().count == 1)
    let merged = try repository.startTool(["merge", "--commit"], environment: misleading).wait()
    #expect(merged.status == 0, "\(merged.errorText)")
    #expect(try repository.git("status", "--porcelain").isEmpty)
    #expect(try listing(other.path) == before)
  }

  @Test func `in quarantine gets no notes`() throws {
    let repository = try TestRepository()
    try repository.plan()
    try repository.setUp()
    let id = try repository.recorded("--next-commit")
    try repository.work(in: repository.path, "work.txt")
    #expect(try repository.allNotedLines().isEmpty)
    let quarantine = "\(repository.path)/.git/objects/incoming-x"
    let hook = try repository.startTool(
      ["hook", "post-commit"], environment: ["GIT_QUARANTINE_PATH": quarantine, "GIT_OBJECT_DIRECTORY": quarantine]
    ).wait()
    #expect(hook.status == 0 && hook.errorText.isEmpty, "\(hook.errorText)")
    let result = try repository.emit("--feature", "f", environment: ["GIT_QUARANTINE_PATH": quarantine])
    #expect(result.status == 0 && result.errorText.contains("in quarantine"), "\(result.errorText)")
    #expect(result.errorText.contains("stored in: journal, log"), "\(result.errorText)")
    #expect(try repository.git("for-each-ref", "refs/notes").isEmpty)
    #expect(!FileManager.default.fileExists(atPath: quarantine))
    #expect(try repository.tool("hook", "post-commit").status == 0)
    #expect(try repository.notedIDs(on: "HEAD").contains(id))
    #expect(try repository.notedLines().count == 2)
  }
}
