internal import Git

/// The commits that took over the work of others which do not lead to HEAD.
struct Successors {
  /// For a commit that a squash took in, the commit that the squash made.
  private(set) var squashed: [ObjectID: ObjectID] = [:]
  /// For a commit that was made anew by a rebase, an amendment, a cherry-pick or from mail, the new one.
  private(set) var rewritten: [ObjectID: ObjectID] = [:]

  /// What stays the same when git makes a commit anew.
  private struct Origin: Hashable {
    let author: Commit.Author
    let subject: Substring

    init(_ commit: Commit) {
      author = commit.author
      subject = commit.subject
    }
  }

  /// The commit that took over the work of `commit`.
  func successor(of commit: ObjectID) -> ObjectID? { squashed[commit] ?? rewritten[commit] }

  /// No commits.
  init() {}

  /// Looks among the commits that lead to `heads` for the successors of `commits`.
  init(of commits: Set<ObjectID>, from heads: [ObjectID], in repository: borrowing Repository) throws(GitError) {
    var origins: [Origin: [ObjectID]] = [:]
    for id in commits {
      if let commit = try repository.commit(id) { origins[Origin(commit), default: []].append(id) }
    }
    try repository.walk(from: heads) { id throws(GitError) in
      guard let commit = try repository.commit(id) else { return true }
      // The walk goes from new to old, so the oldest successor stays.
      for taken in Successors.squashed(in: commit.message) where commits.contains(taken) { squashed[taken] = id }
      for old in origins[Origin(commit)] ?? [] where old != id { rewritten[old] = id }
      return true
    }
  }

  /// The commits named by the message that `git merge --squash` prepares, a line `commit <id>` for each.
  static func squashed(in message: String) -> [ObjectID] {
    guard message.utf8.count >= 47 else { return [] }
    return message.split(separator: "\n").filter { $0.hasPrefix("commit ") }
      .compactMap { ObjectID(hex: $0.dropFirst("commit ".count)) }
  }
}
