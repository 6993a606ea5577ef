import Foundation
import TestSupport
import Testing

/// `setup` among the hooks of others: they work as before, and are as before once it is undone.
struct `Setup of hooks` {
  private let names = ["post-checkout", "post-commit", "post-merge", "post-rewrite"]

  /// Writes a hook that may be executed.
  private func write(_ hook: String, _ text: String, in repository: TestRepository, mode: String = "755") throws {
    try repository.write(hook, text)
    try repository.run("chmod", mode, "\(repository.path)/\(hook)")
  }

  /// What the files of a folder are, their permissions and what links say included.
  private func described(_ folder: String, in repository: TestRepository) throws -> String {
    let listed = try ChildProcess.run(
      "sh", ["-c", "ls -lAR --time-style=+ . | grep -v ^total; find . -type f -exec cat {} +"],
      in: "\(repository.path)/\(folder)", environment: repository.environment)
    return listed.outputText
  }

  /// Checks that an event which waits gets the next commit.
  private func expectHooked(_ repository: TestRepository, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let id = try repository.recorded("--next-commit")
    let commit = try repository.hookedWork(UUID().uuidString, sourceLocation: sourceLocation)
    #expect(try repository.notedIDs(on: commit) == [id], sourceLocation: sourceLocation)
  }

  @Test func `where there are no hooks, those of this project are installed`() throws {
    let repository = try TestRepository()
    try repository.plan()
    let advice = "note: kitty-git-telemetry is not on PATH here: where it is not, hooks and shims do nothing"
    #expect(try repository.tool("setup", environment: ["PATH": "/usr/bin:/bin"]).complaints == [advice])
    for name in names {
      let script = try String(contentsOf: TestRepository.hooks().appending(path: name), encoding: .utf8)
      #expect(text(try repository.read(".git/hooks/\(name)")) == script)
      #expect(FileManager.default.isExecutableFile(atPath: TestRepository.hooks().appending(path: name).path))
    }
    try expectHooked(repository)
    let worktree = try repository.startWork(on: "WP01")
    let id = try repository.recorded("--next-commit", in: worktree)
    let commit = try repository.hookedWork(in: worktree, "work.txt")
    #expect(try repository.notedIDs(on: commit) == [id])
  }

  @Test func `scripts of all kinds, programs, links and what is turned off go on as before`() throws {
    let repository = try TestRepository()
    try repository.plan()
    let said = "\(repository.folder.path)/said"
    try write(
      ".git/hooks/post-commit", "#!/bin/sh -eu\nprintf '%s\\n' \"commit $0\" >>'\(said)'\nfalse\n", in: repository,
      mode: "700")
    try write(
      ".git/hooks/post-rewrite", "#!/usr/bin/env perl\nopen F, '>>', '\(said)'; print F \"$0 @ARGV \", <STDIN>;\n",
      in: repository)
    try write("script", "#!/bin/sh\necho \"merge $*\" >>'\(said)'\n", in: repository)
    try FileManager.default.createSymbolicLink(
      atPath: "\(repository.path)/.git/hooks/post-merge", withDestinationPath: "../../script")
    try write(".git/hooks/post-checkout", "#!/bin/sh\necho off >>'\(said)'\n", in: repository, mode: "644")
    let before = try described(".git/hooks", in: repository)
    let script = try repository.read("script")
    try repository.setUp()
    let installed = try described(".git/hooks", in: repository)
    #expect(Set(try repository.setUp().values) == ["unchanged"])
    #expect(try described(".git/hooks", in: repository) == installed)
    #expect(try repository.read("script") == script)
    try repository.git("add", "script")

    try expectHooked(repository)
    let old = try repository.git("rev-parse", "HEAD")
    try repository.hooked("commit", "-q", "--amend", "-m", "Other words")
    let new = try repository.git("rev-parse", "HEAD")
    try repository.hooked("checkout", "-q", "-b", "branch")
    try repository.hookedWork("more.txt")
    try repository.hooked("checkout", "-q", "main")
    try repository.hooked("merge", "-q", "branch")
    #expect(
      repository.lines(said) == [
        "commit .git/hooks/post-commit", "commit .git/hooks/post-commit",
        ".git/hooks/kitty-git-telemetry/post-rewrite amend \(old) \(new)", "commit .git/hooks/post-commit", "merge 0",
      ])
    try repository.setUp("--undo")
    #expect(try described(".git/hooks", in: repository) == before)
  }

  @Test func `husky's scripts keep their names, and new worktrees do without`() throws {
    let repository = try TestRepository()
    try repository.plan()
    let said = "\(repository.folder.path)/said"
    try repository.write(".husky/_/.gitignore", "*")
    try write(
      ".husky/_/h",
      """
      #!/usr/bin/env sh
      n=$(basename "$0")
      s=$(dirname "$(dirname "$0")")/$n
      [ ! -f "$s" ] && exit 0
      [ "${HUSKY-}" = "0" ] && exit 0
      export PATH="node_modules/.bin:$PATH"
      sh -e "$s" "$@"
      """, in: repository, mode: "644")
    for name in names + ["pre-commit", "commit-msg"] {
      try write(".husky/_/\(name)", "#!/usr/bin/env sh\n. \"$(dirname \"$0\")/h\"", in: repository)
    }
    try repository.write(".husky/post-commit", "echo husky >>'\(said)'\n")
    try repository.commit("Use husky")
    try repository.git("config", "core.hooksPath", ".husky/_")
    let before = try repository.everything()
    let modes = try described(".husky", in: repository)
    let actions = try repository.setUp()
    #expect(Set(actions.filter { $0.key.contains("/post-") }.keys) == Set(names.map { ".husky/_/\($0)" }))
    #expect(try repository.git("status", "--porcelain").isEmpty)
    try expectHooked(repository)
    #expect(repository.lines(said) == ["husky"])
    let worktree = try repository.startWork(on: "WP01")
    let result = try repository.tool("setup", in: worktree)
    #expect(result.status == 0 && result.errorText.contains("no hooks were written: core.hooksPath names a folder of"))
    #expect(result.errorText.contains(#"kitty-git-telemetry hook post-commit "$@" || :"#))
    #expect(try repository.git("status", "--porcelain", in: worktree).isEmpty)

    try repository.setUp("--undo")
    #expect(try described(".husky", in: repository) == modes)
    let after = try repository.everything()
    for part in [".husky", ".git/hooks", ".git/info", ".git/config"] {
      #expect(after.filter { $0.key.hasPrefix(part) } == before.filter { $0.key.hasPrefix(part) }, "\(part)")
    }
  }

  @Test func `lefthook and pre-commit still know their hooks, and move ours without harm`() throws {
    let repository = try TestRepository()
    try repository.plan()
    let said = "\(repository.folder.path)/said"
    let lefthook = """
      #!/bin/sh

      if [ "$LEFTHOOK" = "0" ]; then
        exit 0
      fi

      call_lefthook()
      {
        echo "lefthook $*" >>'\(said)'
      }

      call_lefthook run "post-commit" "$@"

      """
    try write(".git/hooks/post-commit", lefthook, in: repository)
    let preCommit = """
      #!/usr/bin/env bash
      # File generated by pre-commit: https://pre-commit.com
      # ID: 138fd403232d2ddd5efb44317e38bf03

      # start templated
      ARGS=(hook-impl --config=.pre-commit-config.yaml --hook-type=post-checkout)
      # end templated

      HERE="$(cd "$(dirname "$0")" && pwd)"
      ARGS+=(--hook-dir "$HERE" -- "$@")
      echo "pre-commit ${ARGS[*]}" >>'\(said)'
      [ ! -x "$HERE/post-checkout.legacy" ] || exec "$HERE/post-checkout.legacy" "$@"

      """
    try write(".git/hooks/post-checkout", preCommit, in: repository)
    try write(".git/hooks/pre-commit", preCommit.replacing("post-checkout", with: "pre-commit"), in: repository)
    let before = try described(".git/hooks", in: repository)
    try repository.setUp()
    #expect(text(try repository.read(".git/hooks/pre-commit")).contains("kitty-git-telemetry") == false)
    try expectHooked(repository)
    try repository.hooked("checkout", "-q", "-b", "branch")
    #expect(repository.lines(said).map { $0.prefix(24) }.contains("lefthook run post-commit"))
    #expect(repository.lines(said).contains { $0.hasPrefix("pre-commit hook-impl") && $0.hasSuffix(" 1") })
    try repository.setUp("--undo")
    #expect(try described(".git/hooks", in: repository) == before)

    // Installed after us, they give our hook another name and write theirs.
    for name in ["post-commit", "post-checkout"] {
      try FileManager.default.removeItem(atPath: "\(repository.path)/.git/hooks/\(name)")
    }
    try repository.setUp()
    try repository.run("mv", ".git/hooks/post-checkout", ".git/hooks/post-checkout.legacy")
    try write(".git/hooks/post-checkout", preCommit, in: repository)
    try repository.run("mv", ".git/hooks/post-commit", ".git/hooks/post-commit.old")
    try write(".git/hooks/post-commit", lefthook, in: repository)
    try repository.setUp()
    try expectHooked(repository)
    try repository.setUp("--undo")
    #expect(try described(".git/hooks", in: repository) == before)
  }

  @Test func `hooks of the project and of other repositories are not written, and said what to add`() throws {
    let repository = try TestRepository()
    try repository.plan()
    try write(".githooks/post-commit", "#!/bin/sh\n", in: repository)
    try repository.commit("Track hooks")
    for (path, reason) in [
      (".githooks", "names a folder of the project"), ("\(repository.folder.path)/global", "other repositories"),
      ("/dev/null", "turns hooks off"),
    ] {
      try repository.git("config", "core.hooksPath", path)
      let before = try repository.everything()
      let result = try repository.tool("setup")
      #expect(result.status == 0 && result.errorText.contains(reason), "\(result.errorText)")
      #expect(try repository.git("status", "--porcelain").isEmpty)
      #expect(!FileManager.default.fileExists(atPath: "\(repository.folder.path)/global"))
      try repository.setUp("--undo")
      #expect(try repository.everything() == before)
    }
    try repository.git("config", "core.hooksPath", ".githooks")
    let call = #"command -v kitty-git-telemetry >/dev/null 2>&1 && kitty-git-telemetry hook post-commit "$@" || :"#
    #expect(try repository.tool("setup").errorText.contains(call))
    try write(".githooks/post-commit", "#!/bin/sh\n\(call)\n", in: repository)
    #expect(try !repository.tool("setup").errorText.contains(call), "it is there now")
    try repository.commit("Call it")
    try expectHooked(repository)
    try repository.setUp("--undo")
    #expect(try repository.git("status", "--porcelain", ".githooks").isEmpty)
  }

  @Test func `a hook of ours that somebody has taken over is not lost`() throws {
    let repository = try TestRepository()
    try write(".git/hooks/post-commit", "#!/usr/bin/env perl\n", in: repository)
    try repository.setUp()
    let hook = ".git/hooks/post-commit"
    try repository.write(hook, text(try repository.read(hook)) + "echo more\n")
    let refused = try repository.tool("setup", "--undo")
    #expect(refused.status == 1 && refused.errorText.contains("somebody has written to it"))
    #expect(text(try repository.read(hook)).contains("echo more"))
    try repository.write(hook, text(try repository.read(hook)).replacing("echo more\n", with: ""))
    #expect(try repository.tool("setup", "--undo").status == 0)
    #expect(text(try repository.read(hook)) == "#!/usr/bin/env perl\n")
    try repository.setUp()
    try FileManager.default.removeItem(atPath: "\(repository.path)/\(hook)")
    try repository.setUp("--undo")
    #expect(text(try repository.read(hook)) == "#!/usr/bin/env perl\n", "the one that was moved aside comes back")
  }

  @Test func `git shows and keeps notes as it is told, and the settings of others stay`() throws {
    let repository = try TestRepository()
    try repository.plan()
    try repository.setUp()
    // Before the first event there are no notes that git could complain about.
    let quiet = try repository.attempt(["commit", "-q", "--amend", "-m", "Other words"])
    #expect(quiet.status == 0 && quiet.errorText.isEmpty)
    let id = try repository.recorded()
    try repository.git("commit", "-q", "--amend", "-m", "Again")
    #expect(try repository.notedIDs(on: "HEAD") == [id], "git itself has copied the note")
    #expect(try !repository.git("log", "-1").contains(id))
    try repository.setUp("--display-notes")
    #expect(try repository.git("log", "-1").contains(id))
    #expect(try repository.setUp()[".git/config"] == "unchanged", "once shown, they are shown")

    // A value that somebody changes is theirs; so is what they add to our section.
    try repository.git("config", "notes.rewriteMode", "concatenate")
    try repository.git("config", "--add", "notes.rewriteRef", "refs/notes/reviews")
    let config = try repository.read(".git/config")
    #expect(try repository.setUp()[".git/config"] == "unchanged")
    #expect(try repository.read(".git/config") == config)
    try repository.setUp("--undo")
    let left = try repository.git("config", "--get-regexp", "^notes")
    #expect(left == "notes.rewritemode concatenate\nnotes.rewriteref refs/notes/reviews")
    try repository.git("config", "--unset", "notes.rewriteMode")
    let advised = try repository.tool("setup", environment: ["PATH": try repository.toolOnPath()])
    let advice = #"note: notes.rewriteMode stays as it is, since it also holds for "refs/notes/reviews""#
    #expect(advised.complaints == [advice])
    #expect(try repository.attempt(["config", "notes.rewriteMode"]).status == 1)
  }

  @Test func `another notes reference is followed, and git's lock on its configuration is kept`() throws {
    let repository = try TestRepository()
    try repository.setUp()
    try repository.git("config", "kitty-telemetry.notesRef", "refs/notes/mine")
    #expect(try repository.setUp()[".git/config"] == "changed")
    #expect(try repository.git("config", "--get-all", "notes.rewriteRef") == "refs/notes/mine*")
    #expect(try repository.git("config", "notes.rewriteMode") == "cat_sort_uniq")
    try repository.write(".git/config.lock", "")
    let config = try repository.read(".git/config")
    let refused = try repository.tool("setup", "--display-notes")
    #expect(refused.status == 1 && refused.errorText.contains("git is writing it"))
    #expect(try repository.read(".git/config") == config)
    try FileManager.default.removeItem(atPath: "\(repository.path)/.git/config.lock")
    try repository.setUp("--display-notes")
    #expect(!FileManager.default.fileExists(atPath: "\(repository.path)/.git/config.lock"))
  }
}
