internal import CLibgit2

extension LibraryPlumbing {
  func worktrees() throws(GitError) -> [Worktree] {
    var names = unsafe git_strarray()
    try check(unsafe git_worktree_list(&names, handle.pointer), "list the worktrees of \(commonDirectory)")
    defer { unsafe git_strarray_dispose(&names) }
    // Seen from the shared directory, the heads of all worktrees have names.
    let shared = try LibraryPlumbing(discoveredFrom: commonDirectory)
    var worktrees: [Worktree] = []
    // One broken worktree must not hide the others.
    if let main = try? shared.mainWorktree() { worktrees.append(main) }
    for index in 0..<(unsafe names.count) {
      guard let name = unsafe names.strings[index].map({ unsafe String(cString: $0) }),
        let worktree = try? shared.linkedWorktree(name)
      else { continue }
      worktrees.append(worktree)
    }
    return worktrees
  }

  private func mainWorktree() throws(GitError) -> Worktree {
    let head = try head()
    return Worktree(
      name: "", path: workTree ?? commonDirectory, branch: head.branch, head: head.commit, isPresent: true)
  }

  private func linkedWorktree(_ name: String) throws(GitError) -> Worktree? {
    let worktree = try unsafe Handle(freedBy: git_worktree_free, "read the worktree \(name)") {
      unsafe git_worktree_lookup(&$0, handle.pointer, name)
    }
    guard let path = unsafe Self.folder(git_worktree_path(worktree.pointer)) else { return nil }
    let isPresent = unsafe git_worktree_validate(worktree.pointer) == 0
    // libgit2's own function for this opens the worktree, which fails when the folder is gone. This is git's name for
    // the head of another worktree, and for libgit2 it is simply the file's.
    let head = try head("worktrees/\(name)/HEAD")
    return Worktree(name: name, path: path, branch: head.branch, head: head.commit, isPresent: isPresent)
  }
}
