internal import CLibgit2

extension Repository {
  /// Returns the main work tree and every linked one; what cannot be made sense of is left out.
  package func worktrees() throws(GitError) -> [Worktree] {
    var names = unsafe git_strarray()
    try check(unsafe git_worktree_list(&names, handle.pointer), "list the worktrees of \(commonDirectory)")
    defer { unsafe git_strarray_dispose(&names) }
    var worktrees: [Worktree] = []
    // A main work tree that is broken must not hide the others.
    if let main = try? mainWorktree() { worktrees.append(main) }
    for index in 0..<(unsafe names.count) {
      guard let name = unsafe names.strings[index] else { continue }
      // One broken worktree must not hide the others.
      guard let worktree = try? linkedWorktree(unsafe String(cString: name)) else { continue }
      worktrees.append(worktree)
    }
    return worktrees
  }

  private func mainWorktree() throws(GitError) -> Worktree {
    // The path is libgit2's own, so looking around for a repository ends where it starts.
    let main = try Repository(discoveredFrom: commonDirectory)
    let head = try main.head()
    return Worktree(
      name: "", path: main.workTree ?? commonDirectory, branch: head.branch, head: head.commit, isPresent: true)
  }

  private func linkedWorktree(_ name: String) throws(GitError) -> Worktree? {
    let worktree = try unsafe Handle(freedBy: git_worktree_free, "read the worktree \(name)") {
      unsafe git_worktree_lookup(&$0, handle.pointer, name)
    }
    guard let path = unsafe Self.folder(git_worktree_path(worktree.pointer)) else { return nil }
    let isPresent = unsafe git_worktree_validate(worktree.pointer) == 0
    let head = try unsafe Handle.ifFound(freedBy: git_reference_free, "read HEAD of the worktree \(name)") {
      unsafe git_repository_head_for_worktree(&$0, handle.pointer, name)
    }
    guard let head else { return Worktree(name: name, path: path, branch: nil, head: nil, isPresent: isPresent) }
    let reference = unsafe git_reference_name(head.pointer).map { unsafe String(cString: $0) }
    return Worktree(
      name: name, path: path, branch: reference == "HEAD" ? nil : reference,
      head: unsafe ObjectID(git_reference_target(head.pointer)), isPresent: isPresent)
  }
}
