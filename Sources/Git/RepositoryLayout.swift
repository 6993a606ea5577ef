/// Where the parts of a repository are, as one of its work trees sees it.
struct RepositoryLayout {
  /// The root of the work tree, absolute and without a trailing slash; `nil` when the repository is bare.
  let workTree: String?
  /// The git directory of this work tree.
  let gitDirectory: String
  /// The git directory that all work trees share.
  let commonDirectory: String
  /// Whether this is a worktree made by `git worktree add`.
  let isLinkedWorktree: Bool
}

extension RepositoryLayout {
  /// Finds the parts from the few files that say so; `settings` gives those of the shared git directory.
  init(ofGitDirectory git: String, settings: (String) -> String?) {
    gitDirectory = git
    if let common = SmallFile.text("\(git)/commondir") {
      isLinkedWorktree = true
      commonDirectory = SmallFile.resolved(common, from: git)
      workTree = Self.folder(ofWorktree: git)
    } else {
      isLinkedWorktree = false
      commonDirectory = git
      workTree = Self.mainWorkTree(of: git, settings: settings)
    }
  }

  /// The folder of the linked worktree whose git directory is `git`, whether or not it exists.
  static func folder(ofWorktree git: String) -> String? {
    guard let link = SmallFile.text("\(git)/gitdir"), link.hasSuffix("/.git") else { return nil }
    return SmallFile.resolved(String(link.dropLast("/.git".utf8.count)), from: git)
  }

  /// The main work tree of the repository at `common`; `nil` when it is bare.
  static func mainWorkTree(of common: String, settings: (String) -> String?) -> String? {
    if let named = settings("core.worktree") { return SmallFile.resolved(named, from: common) }
    let isBare = settings("core.bare").map { ["true", "yes", "on", "1", ""].contains($0.lowercased()) }
    guard isBare != true, common.hasSuffix("/.git") else { return nil }
    return common == "/.git" ? "/" : String(common.dropLast("/.git".utf8.count))
  }
}
