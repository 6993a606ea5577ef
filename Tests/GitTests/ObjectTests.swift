import Foundation
import Git
import Synchronization
import TestSupport
import Testing

struct ObjectTests {
  /// How often something is still to be done by another thread.
  private final class Counter: Sendable {
    let left = Atomic(0)
  }

  @Test(arguments: Answerer.allCases)
  func `what is written is what git reads`(answerer: Answerer) throws {
    let scratch = try TestRepository()
    let repository = try open(scratch.path, for: answerer)
    let bytes: [UInt8] = [0, 10, 255, 65]
    let blob = try repository.write(blob: bytes)
    let empty = try repository.write(blob: [])
    let inner = try repository.writeTree(from: nil, setting: [TreeEntry(name: "file", id: blob, kind: .blob)])
    let tree = try repository.writeTree(
      from: nil,
      setting: [TreeEntry(name: "folder", id: inner, kind: .tree), TreeEntry(name: "empty", id: empty, kind: .blob)])
    let commit = try repository.writeCommit(tree: tree, parents: [], message: "a subject")

    let result = try scratch.attempt(["cat-file", "blob", "\(commit):folder/file"])
    #expect(result.output == bytes)
    #expect(try scratch.git("ls-tree", "-r", "--name-only", "\(commit)") == "empty\nfolder/file")
    let header = try scratch.git("log", "-1", "--format=%s|%an|%ae", "\(commit)")
    #expect(header == "a subject|Test Person|test@example.com")
    #expect(try scratch.git("fsck", "--strict", "--no-dangling").isEmpty)

    let read = (try repository.blob(blob), try repository.blobSize(blob), try repository.blob(empty))
    #expect(read == (bytes, 4, []))
    let entry = try repository.entry(at: "folder/file", in: tree)
    #expect(entry == TreeEntry(name: "file", id: blob, kind: .blob))
    let missing = (
      try repository.entry(at: "folder/none", in: tree), try repository.entry(at: "empty/file", in: tree)
    )
    #expect(missing == (nil, nil))
    let names = try repository.tree(tree).map(\.name)
    #expect(names == ["empty", "folder"])
    #expect(try scratch.git("for-each-ref").isEmpty)
  }

  @Test func `an object is written while git removes the empty folder that it goes to`() throws {
    let scratch = try TestRepository()
    let repository = try open(scratch.path)
    let name = try repository.write(blob: [65]).description
    let folder = scratch.path + "/.git/objects/" + name.prefix(2)
    // Something that did nothing else would win for ever; a collection of garbage comes by once.
    let removals = Counter()
    let removal = Thread {
      while !Thread.current.isCancelled {
        if removals.left.load(ordering: .relaxed) > 0, unsafe rmdir(folder) == 0 {
          removals.left.subtract(1, ordering: .relaxed)
        }
      }
    }
    removal.start()
    defer { removal.cancel() }
    for _ in 0..<500 {
      removals.left.store(3, ordering: .relaxed)
      // The folder is empty again.
      #expect(unsafe unlink(folder + "/" + name.dropFirst(2)) == 0)
      #expect(try repository.write(blob: [65]).description == name)
    }
  }

  @Test(arguments: Answerer.allCases)
  func `a commit is copied whole`(answerer: Answerer) throws {
    let scratch = try TestRepository()
    let first = try id(scratch.commit("first"))
    let second = try id(scratch.commit("second"))
    let commit = try open(scratch.path, for: answerer).commit(second)
    #expect(commit?.parents == [first])
    #expect(commit?.message == "second\n")
    #expect(try commit?.tree.description == scratch.git("rev-parse", "HEAD^{tree}"))
    #expect(try commit.map { "\($0.time)" } == scratch.git("log", "-1", "--format=%ct"))
  }

  @Test(arguments: Answerer.allCases)
  func `what is absent is nil and no failure`(answerer: Answerer) throws {
    let scratch = try TestRepository()
    try scratch.commit("first")
    let nowhere = try id(String(repeating: "1", count: 40))
    let repository = try open(scratch.path, for: answerer)
    let absent = (try repository.blob(nowhere), try repository.blobSize(nowhere), try repository.commit(nowhere))
    #expect(absent == (nil, nil, nil))
    let contained = try repository.contains(nowhere)
    #expect(!contained)
  }

  @Test(arguments: Answerer.allCases)
  func `a partial clone's missing blob is absent`(answerer: Answerer) throws {
    let scratch = try TestRepository()
    try scratch.write("file", "text")
    try scratch.commit("first")
    try scratch.git("config", "uploadpack.allowFilter", "true")
    let partial = scratch.folder.path + "/partial"
    try scratch.git("clone", "--quiet", "--no-checkout", "--filter=blob:none", "file://\(scratch.path)", partial)
    let repository = try open(partial, for: answerer)
    let root = try repository.commit(named: "HEAD").flatMap { try repository.commit($0) }?.tree
    let entry = try repository.entry(at: "file", in: #require(root))
    let blob = try #require(entry).id
    let absent = (try repository.blob(blob), try repository.blobSize(blob))
    #expect(absent == (nil, nil))
  }

  @Test(arguments: Answerer.allCases)
  func `an absent tree is not taken for an empty one`(answerer: Answerer) throws {
    let scratch = try TestRepository()
    try scratch.write("folder/file", "text")
    try scratch.commit("first")
    let tree = try id(scratch.git("rev-parse", "HEAD:folder"))
    let root = try id(scratch.git("rev-parse", "HEAD^{tree}"))
    let hex = tree.description
    try FileManager.default.removeItem(atPath: "\(scratch.path)/.git/objects/\(hex.prefix(2))/\(hex.dropFirst(2))")
    let error = #expect(throws: GitError.self) {
      _ = try open(scratch.path, for: answerer).entry(at: "folder/file", in: root)
    }
    #expect(error?.code == .notFound)
  }

  @Test(arguments: Answerer.allCases)
  func `a revision expression names a commit or nothing`(answerer: Answerer) throws {
    let scratch = try TestRepository()
    let first = try id(scratch.commit("first"))
    try scratch.commit("second")
    try scratch.git("tag", "-a", "-m", "a tag", "release", "HEAD~1")
    let repository = try open(scratch.path, for: answerer)
    for expression in ["HEAD~1", "release", "main^", String(first.description.prefix(10))] {
      let named = try repository.commit(named: expression)
      #expect(named == first, "\(expression)")
    }
    for expression in ["nothing", "HEAD~9", "HEAD^{tree}", "HEAD^{", ""] {
      let named = try repository.commit(named: expression)
      #expect(named == nil, "\(expression)")
    }
  }

  @Test(arguments: Answerer.allCases)
  func `a tree keeps the entries it is not told about`(answerer: Answerer) throws {
    let scratch = try TestRepository()
    try scratch.write("run", "#!/bin/sh\n")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: scratch.path + "/run")
    try FileManager.default.createSymbolicLink(atPath: scratch.path + "/link", withDestinationPath: "run")
    try scratch.write("old", "old")
    try scratch.commit("first")
    let before = try scratch.git("ls-tree", "HEAD", "run", "link")
    let repository = try open(scratch.path, for: answerer)
    let base = try id(scratch.git("rev-parse", "HEAD^{tree}"))
    let blob = try repository.write(blob: Array("new".utf8))
    let tree = try repository.writeTree(
      from: base, setting: [TreeEntry(name: "new", id: blob, kind: .blob)], removing: ["old", "never there"])
    #expect(try scratch.git("ls-tree", "\(tree)", "run", "link") == before)
    #expect(try scratch.git("ls-tree", "--name-only", "\(tree)") == "link\nnew\nrun")
  }

  @Test(arguments: Answerer.allCases)
  func `without an identity a commit is still written`(answerer: Answerer) throws {
    let scratch = try TestRepository()
    try scratch.git("config", "--unset", "user.name")
    try scratch.git("config", "--unset", "user.email")
    let repository = try open(scratch.path, for: answerer)
    let tree = try repository.writeTree(from: nil, setting: [])
    let commit = try repository.writeCommit(tree: tree, parents: [], message: "subject\n")
    let variables = ProcessInfo.processInfo.environment
    let name = variables["GIT_AUTHOR_NAME"] ?? "kitty-git-telemetry"
    let email = variables["GIT_AUTHOR_EMAIL"] ?? "kitty-git-telemetry@localhost"
    #expect(try scratch.git("log", "-1", "--format=%an <%ae>", "\(commit)") == "\(name) <\(email)>")
  }
}
