package import Git

// Other programs move the reference without looking: `git notes` and `git rebase` build a tree on what they read a while
// ago and put it in place of whatever is there by then. What was written in between is gone from the notes, and still
// there in their past: in a parent of the commit that replaced it, or in a commit that only the reflog remembers.

extension NotesRef {
  /// Returns notes of the past that the notes may lack now; some of them may still be there in another form.
  ///
  /// `joined` is a commit of the reference up to which that has been looked at before. Commits of our own only ever
  /// add, so of those that lead to the reference only what others have replaced is returned.
  package func pastNotes(
    since joined: ObjectID?, in repository: borrowing Repository
  ) throws(NotesError) -> [Note] {
    guard let tip = try tip(in: repository) else { return [] }
    do {
      var past: Set<Note> = []
      var current: Set<ObjectID> = []
      let done = joined.map { [$0] } ?? []
      try repository.walk(from: [tip], hiding: done) { id throws(GitError) in
        current.insert(id)
        guard let commit = try repository.commit(id), !isOwn(commit) else { return true }
        for parent in commit.parents {
          guard let before = try repository.commit(parent) else { continue }
          past.formUnion(try NotesTree.changes(from: commit.tree, to: before.tree, in: repository))
        }
        return true
      }
      let overtaken = try overtaken(since: joined, in: repository).filter { !current.contains($0) }
      try repository.walk(from: overtaken, hiding: [tip] + done) { id throws(GitError) in
        guard let commit = try repository.commit(id) else { return true }
        let before = try commit.parents.first.flatMap { id throws(GitError) in try repository.commit(id) }
        past.formUnion(try NotesTree.changes(from: before?.tree, to: commit.tree, in: repository))
        return true
      }
      return past.sorted { ($0.annotated, $0.blob) < ($1.annotated, $1.blob) }
    } catch {
      throw NotesError(error, "read the past of \(name)")
    }
  }

  /// The commits that the reference has pointed to since it pointed to `joined`, as the reflog remembers.
  private func overtaken(
    since joined: ObjectID?, in repository: borrowing Repository
  ) throws(GitError) -> [ObjectID] {
    let steps = try repository.reflog(of: name)
    let done = steps.lastIndex { $0.new == joined }.map { $0 + 1 } ?? 0
    return Set(steps[done...].flatMap { [$0.old, $0.new].compactMap(\.self) }).sorted()
  }

  /// The subject of a commit that adds `events` to the notes about `commits`.
  static func subject(events: Int, commits: Int) -> String {
    "Note \(events) event\(events == 1 ? "" : "s") on \(commits) commit\(commits == 1 ? "" : "s")"
  }

  /// Whether a commit was made by ``join(_:in:within:)``: it has the subject of one, and nothing but one parent.
  private func isOwn(_ commit: Commit) -> Bool {
    let words = commit.subject.split(separator: " ")
    guard commit.parents.count <= 1, words.count == 6, let events = Int(words[1]), let commits = Int(words[4]) else {
      return false
    }
    return commit.subject == NotesRef.subject(events: events, commits: commits)[...]
  }
}
