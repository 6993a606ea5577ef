internal import CLibgit2

/// One step of what HEAD of a work tree has pointed to.
package struct HeadStep: Hashable, Sendable {
  /// Where it came from; `nil` when there was no commit yet.
  package let old: ObjectID?
  /// Where it went.
  package let new: ObjectID
  /// Why, in git's words: `commit: <subject>`, `rebase (finish): …`.
  package let reason: String
}

extension Repository {
  /// Returns what HEAD of this work tree has pointed to, oldest step first; empty where git keeps no record of it.
  package func headHistory() throws(GitError) -> [HeadStep] {
    let log = try unsafe Handle(freedBy: git_reflog_free, "read the reflog of HEAD in \(gitDirectory)") {
      unsafe git_reflog_read(&$0, handle.pointer, "HEAD")
    }
    var steps: [HeadStep] = []
    for index in (0..<(unsafe git_reflog_entrycount(log.pointer))).reversed() {
      guard let entry = unsafe git_reflog_entry_byindex(log.pointer, index),
        let old = unsafe git_reflog_entry_id_old(entry), let new = unsafe git_reflog_entry_id_new(entry)
      else { continue }
      let reason = unsafe git_reflog_entry_message(entry).map { unsafe String(cString: $0) } ?? ""
      let isFirst = unsafe git_oid_is_zero(old) == 1
      steps.append(
        HeadStep(old: isFirst ? nil : unsafe ObjectID(old.pointee), new: unsafe ObjectID(new.pointee), reason: reason))
    }
    return steps
  }
}
