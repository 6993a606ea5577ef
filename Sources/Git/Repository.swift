/// A git repository as one of its work trees sees it.
///
/// It belongs to one thread; a second thread opens its own. What its functions return are values that outlive it.
package struct Repository: ~Copyable {
  let plumbing: any Plumbing

  /// The root of the work tree, absolute and without a trailing slash; `nil` when the repository is bare.
  package let workTree: String?
  /// The git directory of this work tree: `.git`, or `.git/worktrees/<name>` for a linked worktree.
  package let gitDirectory: String
  /// The git directory that all work trees share, where objects and branches are.
  package let commonDirectory: String
  /// Whether this is a worktree made by `git worktree add`.
  package let isLinkedWorktree: Bool

  /// Opens the repository that `path` lies in, wherever in it that is.
  ///
  /// `GIT_DIR` and its like are not looked at: hooks set them for another repository than the one asked about.
  ///
  /// What libgit2 cannot open is asked of the git executable. Where that knows the format no better, or cannot be run,
  /// the places below are known all the same, and whatever else is asked throws ``GitError/Code/unsupported``.
  ///
  /// - Throws: ``GitError`` with ``GitError/Code/notFound`` when there is none, ``GitError/Code/notOwned`` when it
  ///   belongs to another user, ``GitError/Code/unsupported`` when its path is not UTF-8.
  package init(discoveredFrom path: String) throws(GitError) {
    do {
      self.init(try LibraryPlumbing(discoveredFrom: path))
    } catch let error where error.code == .unsupported || error.code == .unavailable {
      self.init(try CommandPlumbing(discoveredFrom: path, insteadOf: error))
    }
  }

  /// Opens the repository that `path` lies in for the git executable, also where libgit2 would do.
  ///
  /// It is meant for tests, which compare the two.
  package init(askingGitAbout path: String) throws(GitError) {
    self.init(try CommandPlumbing(discoveredFrom: path))
  }

  private init(_ plumbing: any Plumbing) {
    self.plumbing = plumbing
    let layout = plumbing.layout
    workTree = layout.workTree
    gitDirectory = layout.gitDirectory
    commonDirectory = layout.commonDirectory
    isLinkedWorktree = layout.isLinkedWorktree
  }

  /// Whether the history has been cut off, so that commits may have absent parents.
  package var isShallow: Bool { plumbing.isShallow }

  /// What git has begun in this work tree and not finished.
  package var operationInProgress: Operation? { plumbing.operationInProgress }

  /// Returns the value that `key` has in the configuration; the last of several.
  package func configuration(_ key: String) throws(GitError) -> String? { try plumbing.configuration(key) }

  /// Returns all values that `key` has in the configuration, in the order in which git reads them.
  package func configurations(_ key: String) throws(GitError) -> [String] { try plumbing.configurations(key) }
}
