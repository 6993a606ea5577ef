import Foundation
import Git
import TestSupport
import Testing

struct ReferenceTests {
  @Test(arguments: Answerer.allCases)
  func `the head is a branch, a commit, or a branch to come`(answerer: Answerer) throws {
    let scratch = try TestRepository()
    let unborn = try open(scratch.path, for: answerer).head()
    #expect(unborn.branch == "refs/heads/main")
    #expect(unborn.commit == nil)

    let commit = try id(scratch.commit("first"))
    let born = try open(scratch.path, for: answerer).head()
    #expect(born.branch == "refs/heads/main")
    #expect(born.commit == commit)

    let lane = try scratch.addWorktree("lane", branch: "lane")
    let linked = try open(lane, for: answerer).head()
    #expect(linked.branch == "refs/heads/lane")
    #expect(linked.commit == commit)

    try scratch.git("checkout", "--quiet", "--detach")
    let detached = try open(scratch.path, for: answerer).head()
    #expect(detached.branch == nil)
    #expect(detached.commit == commit)
  }

  @Test(arguments: Answerer.allCases)
  func `a reference moves only from where it was seen`(answerer: Answerer) throws {
    let scratch = try TestRepository()
    let first = try id(scratch.commit("first"))
    let second = try id(scratch.commit("second"))
    let repository = try open(scratch.path, for: answerer)
    try repository.move("refs/test/it", from: nil, to: first, reason: "create")
    try repository.move("refs/test/it", from: first, to: second, reason: "move")
    let error = #expect(throws: GitError.self) {
      try open(scratch.path, for: answerer).move("refs/test/it", from: first, to: first, reason: "late")
    }
    #expect(error?.code == .changedMeanwhile)
    #expect(try scratch.git("rev-parse", "refs/test/it") == second.description)
  }

  @Test(arguments: Answerer.allCases)
  func `no old value means that the reference must not exist`(answerer: Answerer) throws {
    let scratch = try TestRepository()
    let first = try id(scratch.commit("first"))
    let second = try id(scratch.commit("second"))
    for form in ["loose", "packed"] {
      let name = "refs/test/\(form)"
      try open(scratch.path, for: answerer).move(name, from: nil, to: first, reason: "create")
      if form == "packed" { try scratch.git("pack-refs", "--all") }
      let error = #expect(throws: GitError.self) {
        try open(scratch.path, for: answerer).move(name, from: nil, to: second, reason: "create again")
      }
      #expect(error?.code == .changedMeanwhile)
      #expect(try scratch.git("rev-parse", name) == first.description)
    }
  }

  @Test func `a commit that git gc has taken away is a change by others, and what cannot be written is not`() throws {
    let scratch = try TestRepository()
    let first = try id(scratch.commit("first"))
    let repository = try open(scratch.path, for: .library)
    let gone = try #require(ObjectID(hex: String(repeating: "1", count: 40)))
    let error = #expect(throws: GitError.self) {
      try repository.move("refs/test/it", from: nil, to: gone, reason: "create")
    }
    #expect(error?.code == .changedMeanwhile)
    try scratch.write("refs/test", "a file where a folder belongs", in: "\(scratch.path)/.git")
    let refusal = #expect(throws: GitError.self) {
      try repository.move("refs/test/it", from: nil, to: first, reason: "create")
    }
    #expect(refusal?.code != .changedMeanwhile)
  }

  @Test(arguments: Answerer.allCases)
  func `a reference deleted meanwhile is not made again`(answerer: Answerer) throws {
    let scratch = try TestRepository()
    let first = try id(scratch.commit("first"))
    let error = #expect(throws: GitError.self) {
      try open(scratch.path, for: answerer).move("refs/test/gone", from: first, to: first, reason: "late")
    }
    #expect(error?.code == .changedMeanwhile)
    let gone = try open(scratch.path, for: answerer).reference("refs/test/gone")
    #expect(gone == nil)
  }

  @Test(arguments: Answerer.allCases)
  func `a lock file left behind is reported as a lock`(answerer: Answerer) throws {
    let scratch = try TestRepository()
    let first = try id(scratch.commit("first"))
    try scratch.write(".git/refs/test/it.lock", "")
    let error = #expect(throws: GitError.self) {
      try open(scratch.path, for: answerer).move("refs/test/it", from: nil, to: first, reason: "create")
    }
    #expect(error?.code == .locked)
  }

  @Test(arguments: Answerer.allCases)
  func `moving a symbolic reference moves what it leads to`(answerer: Answerer) throws {
    let scratch = try TestRepository()
    let first = try id(scratch.commit("first"))
    try scratch.git("symbolic-ref", "refs/test/link", "refs/test/real")
    try open(scratch.path, for: answerer).move("refs/test/link", from: nil, to: first, reason: "create")
    #expect(try scratch.git("symbolic-ref", "refs/test/link") == "refs/test/real")
    #expect(try scratch.git("rev-parse", "refs/test/real") == first.description)
  }

  @Test(arguments: Answerer.allCases)
  func `a symbolic reference that leads elsewhere is not moved, nor is what it leads to`(answerer: Answerer) throws {
    let scratch = try TestRepository()
    let first = try id(scratch.commit("first"))
    let second = try id(scratch.commit("second"))
    for target in ["refs/heads/main", "refs/heads/new"] {
      try scratch.git("symbolic-ref", "refs/notes/link", target)
      let old = target.hasSuffix("main") ? second : nil
      let error = #expect(throws: GitError.self) {
        try open(scratch.path, for: answerer)
          .move("refs/notes/link", within: "refs/notes/", from: old, to: first, reason: "move")
      }
      #expect(error?.code == .misdirected && error?.reason.contains(target) == true)
    }
    #expect(
      try scratch.git("for-each-ref", "--format=%(refname) %(objectname)", "refs/heads") == "refs/heads/main \(second)")
    try scratch.git("symbolic-ref", "refs/notes/link", "refs/notes/real")
    try open(scratch.path, for: answerer)
      .move("refs/notes/link", within: "refs/notes/", from: nil, to: first, reason: "move")
    #expect(try scratch.git("rev-parse", "refs/notes/real") == first.description)
  }

  @Test(arguments: Answerer.allCases)
  func `references lead to commits through tags, and others are left out`(answerer: Answerer) throws {
    let scratch = try TestRepository()
    let first = try id(scratch.commit("first"))
    try scratch.git("tag", "-a", "-m", "a tag", "annotated")
    try scratch.git("update-ref", "refs/test/tree", scratch.git("rev-parse", "HEAD^{tree}"))
    let references = try open(scratch.path, for: answerer).references()
    #expect(references.map(\.name).sorted() == ["refs/heads/main", "refs/tags/annotated"])
    #expect(references.allSatisfy { $0.commit == first })
  }

  @Test(arguments: Answerer.allCases)
  func `worktrees are listed, one whose folder was deleted included`(answerer: Answerer) throws {
    let scratch = try TestRepository()
    let commit = try id(scratch.commit("first"))
    let kept = try scratch.addWorktree("kept", branch: "kept")
    let lost = try scratch.addWorktree("lost", branch: "lost")
    try scratch.git("checkout", "--quiet", "--detach", in: kept)
    try FileManager.default.removeItem(atPath: lost)
    for (file, text) in [("HEAD", "nonsense"), ("commondir", "../..\n"), ("gitdir", "/nowhere/.git\n")] {
      try scratch.write(".git/worktrees/broken/\(file)", text)
    }
    for start in [scratch.path, kept] {
      let worktrees = try open(start, for: answerer).worktrees().sorted { $0.name < $1.name }
      #expect(worktrees.map(\.name) == ["", "kept", "lost"])
      #expect(worktrees.map(\.path) == [scratch.path, kept, lost])
      #expect(worktrees.map(\.branch) == ["refs/heads/main", nil, "refs/heads/lost"])
      #expect(worktrees.map(\.head) == [commit, commit, commit])
      #expect(worktrees.map(\.isPresent) == [true, true, false])
    }
  }
}
