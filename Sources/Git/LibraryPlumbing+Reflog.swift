internal import CLibgit2

extension LibraryPlumbing {
  func reflog(of name: String) throws(GitError) -> [ReferenceStep] {
    try requireFile("logs/\(name)", in: name == "HEAD" ? gitDirectory : commonDirectory)
    let log = try unsafe Handle(freedBy: git_reflog_free, "read the reflog of \(name) in \(gitDirectory)") {
      unsafe git_reflog_read(&$0, handle.pointer, name)
    }
    var steps: [ReferenceStep] = []
    for index in (0..<(unsafe git_reflog_entrycount(log.pointer))).reversed() {
      guard let entry = unsafe git_reflog_entry_byindex(log.pointer, index),
        let old = unsafe git_reflog_entry_id_old(entry), let new = unsafe git_reflog_entry_id_new(entry)
      else { continue }
      let reason = unsafe git_reflog_entry_message(entry).map { unsafe String(cString: $0) } ?? ""
      let isFirst = unsafe git_oid_is_zero(old) == 1
      steps.append(
        ReferenceStep(
          old: isFirst ? nil : unsafe ObjectID(old.pointee), new: unsafe ObjectID(new.pointee), reason: reason))
    }
    return steps
  }
}
