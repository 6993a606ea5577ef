extension CommandPlumbing {
  var operationInProgress: Operation? {
    let signs: [(file: String, operation: Operation)] = [
      ("rebase-merge", .rebase), ("rebase-apply/rebasing", .rebase), ("rebase-apply/applying", .applyMailbox),
      ("rebase-apply", .rebase), ("MERGE_HEAD", .merge), ("REVERT_HEAD", .revert), ("CHERRY_PICK_HEAD", .cherryPick),
      ("BISECT_LOG", .bisect),
    ]
    if let sign = signs.first(where: { SmallFile.exists("\(layout.gitDirectory)/\($0.file)") }) {
      return sign.operation
    }
    // Some of these are references, which need not be files. Where git cannot tell, nothing is known to be in progress.
    guard (try? keepsReferencesInTables()) == true else { return nil }
    return signs.first { ((try? commit(at: $0.file)) ?? nil) != nil }?.operation
  }

  func mergeHeads() throws(GitError) -> [ObjectID] {
    let text = SmallFile.text("\(layout.gitDirectory)/MERGE_HEAD") ?? ""
    return text.split(separator: "\n").compactMap { ObjectID(hex: $0) }
  }

  func worktrees() throws(GitError) -> [Worktree] {
    var worktrees: [Worktree] = []
    let common = layout.commonDirectory
    // One broken worktree must not hide the others.
    if let head = try answered({ () throws(GitError) in try head(in: common) }) {
      let settings = try mainSettings()
      let path = RepositoryLayout.mainWorkTree(of: common, settings: settings) ?? common
      worktrees.append(Worktree(name: "", path: path, branch: head.branch, head: head.commit, isPresent: true))
    }
    for name in SmallFile.names(in: "\(common)/worktrees") {
      let directory = "\(common)/worktrees/\(name)"
      guard let path = RepositoryLayout.folder(ofWorktree: directory),
        let head = try answered({ () throws(GitError) in try head(in: directory) })
      else { continue }
      worktrees.append(
        Worktree(
          name: name, path: path, branch: head.branch, head: head.commit, isPresent: SmallFile.exists(path)))
    }
    return worktrees
  }

  /// What git has to say; `nil` when that is no, and a throw when git cannot be asked at all.
  private func answered<Answer>(_ question: () throws(GitError) -> Answer) throws(GitError) -> Answer? {
    do {
      return try question()
    } catch {
      guard error.code == .other else { throw error }
      return nil
    }
  }

  /// The settings that say where the main work tree is, which in a linked one may be others.
  private func mainSettings() throws(GitError) -> (String) -> String? {
    let bare = try configuration("core.bare")
    let tree = try configuration("core.worktree")
    return { ["core.bare": bare, "core.worktree": tree][$0].flatMap(\.self) }
  }

  func conflict(at path: String) throws(GitError) -> Conflict? {
    let stages = try stages(of: path)
    guard stages[1] != nil || stages[2] != nil || stages[3] != nil else { return nil }
    return Conflict(ancestor: stages[1], ours: stages[2], theirs: stages[3])
  }

  func conflicts() throws(GitError) -> [(path: String, conflict: Conflict)] {
    var conflicts: [(path: String, stages: [Int: ObjectID])] = []
    // The stages of a path follow one another.
    for (path, stage, id) in try entries(["--unmerged"]) {
      if let last = conflicts.last, last.path.utf8.elementsEqual(path.utf8) {
        conflicts[conflicts.count - 1].stages[stage] = id
      } else {
        conflicts.append((path: path, stages: [stage: id]))
      }
    }
    return conflicts.map { path, stages in
      (path: path, conflict: Conflict(ancestor: stages[1], ours: stages[2], theirs: stages[3]))
    }
  }

  func isTracked(_ path: String) throws(GitError) -> Bool { try !stages(of: path).isEmpty }

  /// The entries of the index for `path` by their stages: 0 without a conflict, else 1 to 3.
  private func stages(of path: String) throws(GitError) -> [Int: ObjectID] {
    var stages: [Int: ObjectID] = [:]
    for (name, stage, id) in try entries(["--", path]) where name.utf8.elementsEqual(path.utf8) { stages[stage] = id }
    return stages
  }

  /// Those entries of the index that `git ls-files` names when it is asked so.
  private func entries(_ arguments: [String]) throws(GitError) -> [(path: String, stage: Int, id: ObjectID)] {
    let attempt = "read the index of \(layout.gitDirectory)"
    let listed = try run(["ls-files", "--stage", "-z"] + arguments, attempt)
    guard listed.status == 0 else { throw GitError(.other, attempt, listed.reason) }
    var entries: [(path: String, stage: Int, id: ObjectID)] = []
    // `<mode> <id> <stage>\t<path>` each.
    for entry in listed.output.split(separator: 0) {
      let parts = entry.split(separator: UInt8(ascii: "\t"), maxSplits: 1)
      let words = String(decoding: parts[0], as: UTF8.self).split(separator: " ")
      guard parts.count == 2, words.count == 3, let stage = Int(words[2]), let id = ObjectID(hex: words[1]) else {
        continue
      }
      entries.append((path: String(decoding: parts[1], as: UTF8.self), stage: stage, id: id))
    }
    return entries
  }

  func stage(_ paths: [String]) throws(GitError) {
    for path in paths where !SmallFile.exists("\(folder)/\(path)") {
      throw GitError(.notFound, "stage \(path)", "there is no such file")
    }
    let attempt = "stage \(paths.joined(separator: ", "))"
    let outcome = try run(
      ["update-index", "--add", "-z", "--stdin"], input: paths.flatMap { [UInt8]($0.utf8) + [0] }, attempt)
    guard outcome.status != 0 else { return }
    let isLocked = outcome.complaint.contains("index.lock': File exists")
    throw GitError(isLocked ? .locked : .other, attempt, isLocked ? "the index's lock is held" : outcome.reason)
  }

  func blobName(ofFile path: String) throws(GitError) -> ObjectID? {
    guard let workTree = layout.workTree, SmallFile.exists("\(workTree)/\(path)") else { return nil }
    let outcome = try run(["hash-object", "--", path], "read \(path)")
    guard outcome.status == 0 else { throw GitError(.other, "read \(path)", outcome.reason) }
    return ObjectID(hex: outcome.text)
  }
}
