internal import CLibgit2

extension LibraryPlumbing {
  func head() throws(GitError) -> Head {
    try head("HEAD")
  }

  /// Returns where the work tree stands whose head is the reference `name`.
  func head(_ name: String) throws(GitError) -> Head {
    let head = try unsafe Handle(freedBy: git_reference_free, "read \(name) of \(gitDirectory)") {
      unsafe git_reference_lookup(&$0, handle.pointer, name)
    }
    guard let target = unsafe git_reference_symbolic_target(head.pointer) else {
      return Head(branch: nil, commit: unsafe ObjectID(git_reference_target(head.pointer)))
    }
    let branch = unsafe String(cString: target)
    return Head(branch: branch, commit: try reference(branch))
  }

  func reference(_ name: String) throws(GitError) -> ObjectID? {
    try requireFile(name)
    var id = git_oid()
    let status = unsafe git_reference_name_to_id(&id, handle.pointer, name)
    return try found(status, "read \(name)") ? ObjectID(id) : nil
  }

  /// Throws when a FIFO or its like stands in the place of a file of the git directory, before which libgit2 would wait
  /// for ever; `folder` is the shared one unless it is given.
  func requireFile(_ name: String, in folder: String? = nil) throws(GitError) {
    let path = "\(folder ?? commonDirectory)/\(name)"
    guard SmallFile.isSpecial(path) else { return }
    throw GitError(.other, "read \(name)", "\(path) is no regular file; move it away")
  }

  func move(
    _ name: String, from old: ObjectID?, to new: ObjectID, reason: String
  ) throws(GitError) {
    try requireFile("logs/\(name)")
    do {
      try point(name, from: old, to: new, reason: reason)
    } catch let error where error.code == .other {
      // While git gc packs what is there, what has just been written cannot be seen for a moment, or not any more.
      guard try contains(new) else {
        throw error.retold(as: .changedMeanwhile, "\(new) cannot be seen; is git gc at work?")
      }
      try point(name, from: old, to: new, reason: reason)
    }
  }

  private func point(
    _ name: String, from old: ObjectID?, to new: ObjectID, reason: String
  ) throws(GitError) {
    var new = new.raw
    // To libgit2 the all-zero name means "must not exist", which makes creating as safe as moving.
    var old = old?.raw ?? git_oid()
    do {
      _ = try unsafe Handle(freedBy: git_reference_free, "move \(name)") {
        unsafe git_reference_create_matching(&$0, handle.pointer, name, &new, 1, &old, reason)
      }
    } catch let error where error.code == .notFound {
      throw error.retold(as: .changedMeanwhile, "it has been deleted meanwhile")
    }
  }

  func references() throws(GitError) -> [Reference] {
    let attempt = "list the references of \(commonDirectory)"
    if let path = SmallFile.special(below: "\(commonDirectory)/refs") {
      throw GitError(.other, attempt, "\(path) is no regular file; move it away")
    }
    let iterator = try unsafe Handle(freedBy: git_reference_iterator_free, attempt) {
      unsafe git_reference_iterator_new(&$0, handle.pointer)
    }
    var references: [Reference] = []
    while true {
      let next = try unsafe Handle.ifFound(freedBy: git_reference_free, attempt, absence: .end) {
        unsafe git_reference_next(&$0, iterator.pointer)
      }
      guard let next else { return references }
      guard let name = unsafe git_reference_name(next.pointer), let commit = commit(next) else { continue }
      references.append(Reference(name: unsafe String(cString: name), commit: commit))
    }
  }

  /// Returns the commit that a reference leads to.
  ///
  /// One that leads to a tree, or to an object this clone does not have, leads to no commit: that is no failure.
  private func commit(_ reference: borrowing Handle) -> ObjectID? {
    let peeled = try? unsafe Handle(freedBy: git_object_free, "follow a reference") {
      unsafe git_reference_peel(&$0, reference.pointer, GIT_OBJECT_COMMIT)
    }
    guard let peeled else { return nil }
    return unsafe ObjectID(git_object_id(peeled.pointer))
  }

  func target(of name: String) throws(GitError) -> String {
    let attempt = "move \(name)"
    var target = name
    // git follows five symbolic references and takes more for a loop.
    for _ in 0..<5 {
      // Git puts a file in the place of such a link; libgit2 writes to what it leads to, which may be a branch.
      guard !SmallFile.isLink("\(commonDirectory)/\(target)") else {
        throw GitError(
          .misdirected, attempt, "\(commonDirectory)/\(target) is a link in the file system; remove it")
      }
      try requireFile(target)
      let reference = try unsafe Handle.ifFound(freedBy: git_reference_free, "read \(target)") {
        unsafe git_reference_lookup(&$0, handle.pointer, target)
      }
      guard let reference, let next = unsafe git_reference_symbolic_target(reference.pointer) else { return target }
      target = unsafe String(cString: next)
    }
    throw GitError(
      .misdirected, attempt, "its symbolic references lead nowhere; run: git symbolic-ref --delete \(name)")
  }
}
