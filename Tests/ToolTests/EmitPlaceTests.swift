import Events
import Foundation
import TestSupport
import Testing

/// Which feature and which work package an event is of.
struct `The place of an event` {
  /// What `emit` found in a worktree.
  private func found(
    _ repository: TestRepository, _ worktree: String, _ arguments: [String] = [], environment: [String: String] = [:]
  ) throws -> [String?] {
    let result = try repository.startTool(
      ["emit", "--role", "implementer", "--json"] + arguments, in: worktree, environment: environment
    ).wait()
    #expect(result.status == 0 && result.errorText.isEmpty, "\(result.errorText)")
    let document = try #require(result.document)
    return [document["feature"]?.text, document["wp_id"]?.text]
  }

  @Test func `a work package's branch names both`() throws {
    let repository = try TestRepository()
    try repository.commit("one")
    let worktree = try repository.addWorktree("anything", branch: "043-x-WP03")
    #expect(try found(repository, worktree) == ["043-x", "WP03"])
    #expect(repository.lines(worktree + "/" + repository.log("043-x")).count == 1)
  }

  @Test func `a lane's branch names the feature, and lanes.json the work package`() throws {
    let repository = try TestRepository()
    try repository.commit("one")
    let worktree = try repository.addWorktree("anything", branch: "kitty/mission-043-x-lane-a")
    #expect(try found(repository, worktree) == ["043-x", "N/A"])
    let lanes = #"{"lanes": [{"lane_id": "lane-b", "wp_ids": ["WP09"]}, {"lane_id": "lane-a", "wp_ids": ["WP05"]}]}"#
    try repository.write("kitty-specs/043-x/lanes.json", lanes, in: worktree)
    #expect(try found(repository, worktree) == ["043-x", "WP05"])
    for useless in [#"{"lanes": [{"lane_id": "lane-a", "wp_ids": ["WP05", "WP06"]}]}"#, "[", "{}", #"{"lanes": 7}"#] {
      try repository.write("kitty-specs/043-x/lanes.json", useless, in: worktree)
      #expect(try found(repository, worktree) == ["043-x", "N/A"])
    }
  }

  @Test func `with a detached head the worktree's folder names both`() throws {
    let repository = try TestRepository()
    try repository.commit("one")
    let worktree = repository.folder.path + "/.worktrees/043-x-WP07"
    try repository.git("worktree", "add", "--quiet", "--detach", worktree)
    #expect(try found(repository, worktree) == ["043-x", "WP07"])
  }

  @Test func `a folder inside the worktree will do to start from`() throws {
    let repository = try TestRepository()
    try repository.commit("one")
    let worktree = try repository.addWorktree("anything", branch: "043-x-WP03")
    try repository.write("a/b/file", "", in: worktree)
    #expect(try found(repository, worktree + "/a/b") == ["043-x", "WP03"])
    #expect(repository.lines(worktree + "/" + repository.log("043-x")).count == 1)
  }

  @Test func `the environment goes before the branch, and the flags before both`() throws {
    let repository = try TestRepository()
    try repository.commit("one")
    let worktree = try repository.addWorktree("anything", branch: "043-x-WP03")
    let both = ["KITTY_FEATURE": "044-y", "KITTY_WP_ID": "WP11"]
    #expect(try found(repository, worktree, environment: both) == ["044-y", "WP11"])
    #expect(try found(repository, worktree, ["--feature", "045-z"], environment: both) == ["045-z", "WP11"])
    #expect(try found(repository, worktree, ["--wp-id", "WP12"], environment: both) == ["044-y", "WP12"])
    #expect(try found(repository, worktree, ["--wp-id", "WP12"]) == ["043-x", "WP12"])
    #expect(try found(repository, worktree, ["--feature", "043-x"]) == ["043-x", "WP03"])
    // The branch's work package is one of the branch's feature, and of no other.
    #expect(try found(repository, worktree, ["--feature", "045-z"]) == ["045-z", "N/A"])
  }

  @Test func `an empty variable of the environment says nothing`() throws {
    let repository = try TestRepository()
    try repository.commit("one")
    let worktree = try repository.addWorktree("anything", branch: "043-x-WP03")
    let empty = ["KITTY_FEATURE": "", "KITTY_WP_ID": ""]
    #expect(try found(repository, worktree, environment: empty) == ["043-x", "WP03"])
  }

  @Test func `where nothing names the feature that is said`() throws {
    let repository = try TestRepository()
    try repository.commit("one")
    let before = try listing(repository.path)
    let result = try repository.emit()
    #expect(result.status == 64)
    #expect(result.complaints.count == 1 && result.errorText.contains("--feature"), "\(result.errorText)")
    #expect(result.output.isEmpty)
    #expect(try listing(repository.path) == before)
  }

  @Test func `a relative feature folder is read from the current directory`() throws {
    let repository = try TestRepository()
    try repository.commit("one")
    try repository.write("sub/file", "")
    let document = try repository.emitted("--feature-dir", "../specs/f", in: repository.path + "/sub")
    #expect(document["feature"]?.text == "f")
    #expect(document["log"]?.text == repository.path + "/specs/f/execution.events.jsonl")
    #expect(repository.lines("specs/f/execution.events.jsonl").count == 1)
    #expect(try repository.notedLines().count == 1)
  }

  @Test func `a feature folder outside of any repository is made, and takes log and clock`() throws {
    let scratch = try TestRepository()
    let folder = scratch.folder.path + "/deep/down/here/043-x"
    for clock in 1...2 {
      let document = try scratch.emitted("--feature-dir", folder, "--wp-id", "WP01", in: "/")
      #expect(document["feature"]?.text == "043-x")
      #expect(document["commit"] == .null)
      #expect(document["note"]?.text == "none")
      #expect(document["lamport_clock"] == .integer(clock))
    }
    #expect(events(scratch.lines(folder + "/execution.events.jsonl")).count == 2)
    #expect(try text(scratch.read(folder + "/.telemetry-clock.json")) == #"{"cli:WP01": 2}"#)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == 2)
    #expect(scratch.lines(".git/kitty-telemetry/journal.jsonl").isEmpty)
  }

  @Test func `a feature folder in another repository is recorded there`() throws {
    let here = try TestRepository()
    let there = try TestRepository()
    try here.commit("here")
    let commit = try there.commit("there")
    let document = try here.emitted("--feature-dir", there.path + "/kitty-specs/f")
    #expect(document["commit"]?.text == commit)
    #expect(try there.notedLines().count == 1)
    #expect(!FileManager.default.fileExists(atPath: here.path + "/.git/kitty-telemetry"))
  }

  @Test func `the working folder may stand before and after the subcommand`() throws {
    let repository = try TestRepository()
    try repository.commit("one")
    let name = "repository"
    for arguments in [
      ["-C", repository.path, "emit"], ["emit", "-C", repository.path],
      ["-C", repository.folder.path, "emit", "-C", name], ["-C", repository.folder.path, "-C", name, "emit"],
    ] {
      let result = try repository.startTool(arguments + ["--role", "merger", "--feature", "f"], in: "/").wait()
      #expect(result.status == 0 && result.errors.isEmpty, "\(result.errorText)")
    }
    #expect(repository.lines(repository.log()).count == 4)
    #expect(try repository.notedLines().count == 4)
  }

  @Test func `another repository in the environment does not lead astray`() throws {
    let repository = try TestRepository()
    let other = try TestRepository()
    let commit = try repository.commit("one")
    try other.commit("other")
    let before = try listing(other.path)
    let document = try repository.emitted(
      "--feature", "f",
      environment: [
        "GIT_DIR": other.path + "/.git", "GIT_INDEX_FILE": other.path + "/.git/index", "GIT_WORK_TREE": other.path,
        "GIT_COMMON_DIR": other.path + "/.git", "GIT_OBJECT_DIRECTORY": other.path + "/.git/objects",
        "GIT_NAMESPACE": "x", "GIT_CEILING_DIRECTORIES": repository.folder.path, "GIT_PREFIX": "sub/",
      ])
    #expect(document["commit"]?.text == commit)
    #expect(try repository.notedLines().count == 1)
    #expect(repository.lines(repository.log()).count == 1)
    #expect(try listing(other.path) == before)
  }
}
