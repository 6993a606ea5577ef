extension CommandPlumbing {
  func head() throws(GitError) -> Head {
    // Without git the files that hold references still tell where an event was recorded.
    if isUnanswered, let head = FileReferences(layout).head() { return head }
    return try head(in: layout.gitDirectory)
  }

  /// Where the work tree stands whose git directory is `directory`.
  func head(in directory: String) throws(GitError) -> Head {
    let attempt = "read HEAD of \(directory)"
    let symbolic = try run(["--git-dir=\(directory)", "symbolic-ref", "--quiet", "HEAD"], attempt)
    if symbolic.status == 0 {
      return Head(branch: symbolic.text, commit: try reference(symbolic.text))
    }
    let detached = try run(["--git-dir=\(directory)", "rev-parse", "--verify", "HEAD"], attempt)
    guard detached.status == 0, let commit = ObjectID(hex: detached.text) else {
      throw GitError(.other, attempt, detached.reason)
    }
    return Head(branch: nil, commit: commit)
  }

  func reference(_ name: String) throws(GitError) -> ObjectID? {
    // Other ways of asking take a branch of that name, or want the object to be there.
    let listed = try run(["for-each-ref", "--format=%(objectname) %(refname)", name], "read \(name)")
    guard listed.status == 0 else { throw GitError(.other, "read \(name)", listed.reason) }
    for line in listed.text.split(separator: "\n") {
      let words = line.split(separator: " ", maxSplits: 1)
      if words.count == 2, words[1] == name { return ObjectID(hex: words[0]) }
    }
    return nil
  }

  func references() throws(GitError) -> [Reference] {
    let attempt = "list the references of \(layout.commonDirectory)"
    let listed = try run(["for-each-ref", "--format=%(objectname) %(refname)"], attempt)
    guard listed.status == 0 else { throw GitError(.other, attempt, listed.reason) }
    var references: [Reference] = []
    for line in listed.text.split(separator: "\n") {
      let words = line.split(separator: " ", maxSplits: 1)
      // One that leads to a tree, or to an object this clone does not have, leads to no commit: that is no failure.
      guard words.count == 2, let commit = try commit(at: String(words[0])) else { continue }
      references.append(Reference(name: String(words[1]), commit: commit))
    }
    return references
  }

  func target(of name: String) throws(GitError) -> String {
    let attempt = "move \(name)"
    let symbolic = try run(["symbolic-ref", "--quiet", name], attempt)
    switch symbolic.status {
    case 0: return symbolic.text
    case 1: return name
    default:
      throw GitError(.misdirected, attempt, "\(symbolic.reason); run: git symbolic-ref --delete \(name)")
    }
  }

  func move(_ name: String, from old: ObjectID?, to new: ObjectID, reason: String) throws(GitError) {
    let attempt = "move \(name)"
    // To git the all-zero name means "must not exist".
    let expected = old?.description ?? String(repeating: "0", count: nameLength * 2)
    let outcome = try run(["update-ref", "--no-deref", "-m", reason, name, "\(new)", expected], attempt)
    guard outcome.status != 0 else { return }
    // Git has one status for every failure. What the reference is now says more than its words, which are asked only
    // whether a lock was in the way.
    if try reference(name) != old { throw GitError(.changedMeanwhile, attempt, "it has been moved meanwhile") }
    let isLocked = outcome.complaint.contains(".lock': File exists")
    throw GitError(isLocked ? .locked : .other, attempt, isLocked ? "its lock is held" : outcome.reason)
  }

  func reflog(of name: String) throws(GitError) -> [ReferenceStep] {
    let isShared = name.hasPrefix("refs/") && !name.hasPrefix("refs/bisect/") && !name.hasPrefix("refs/worktree/")
    let directory = isShared ? layout.commonDirectory : layout.gitDirectory
    if let log = SmallFile.bytes("\(directory)/logs/\(name)") { return Self.steps(in: log) }
    guard try keepsReferencesInTables() else { return [] }
    return try listedSteps(of: name)
  }

  /// Whether references are kept in a form that only git reads.
  func keepsReferencesInTables() throws(GitError) -> Bool {
    try configuration("extensions.refStorage").map { $0 != "files" } ?? false
  }

  /// Reads lines `<old> <new> <name> <<email>> <seconds> <zone>\t<reason>`, oldest first.
  private static func steps(in log: [UInt8]) -> [ReferenceStep] {
    log.split(separator: UInt8(ascii: "\n")).compactMap { line in
      let parts = line.split(separator: UInt8(ascii: "\t"), maxSplits: 1)
      let names = parts.first?.split(separator: UInt8(ascii: " "), maxSplits: 2) ?? []
      guard names.count == 3, let old = ObjectID(hex: String(decoding: names[0], as: UTF8.self)),
        let new = ObjectID(hex: String(decoding: names[1], as: UTF8.self))
      else { return nil }
      let reason = parts.count == 2 ? String(decoding: parts[1], as: UTF8.self) : ""
      return ReferenceStep(old: old.isZero ? nil : old, new: new, reason: reason)
    }
  }

  /// The steps as git tells them: each begins where the one before ended, as far as git remembers.
  private func listedSteps(of name: String) throws(GitError) -> [ReferenceStep] {
    let attempt = "read the reflog of \(name) in \(layout.gitDirectory)"
    guard try run(["reflog", "exists", name], attempt).status == 0 else { return [] }
    let listed = try run(
      ["-c", "log.showSignature=false", "log", "--walk-reflogs", "--format=%H %gs", name, "--"],
      within: Self.longPatience, attempt)
    guard listed.status == 0 else { throw GitError(.other, attempt, listed.reason) }
    var steps: [ReferenceStep] = []
    for line in listed.text.split(separator: "\n").reversed() {
      let words = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
      guard let new = ObjectID(hex: words[0]) else { continue }
      steps.append(ReferenceStep(old: steps.last?.new, new: new, reason: words.count == 2 ? String(words[1]) : ""))
    }
    return steps
  }
}

extension ObjectID {
  /// Whether it is the name that git gives to no object at all.
  fileprivate var isZero: Bool { bytes.allSatisfy { $0 == 0 } }
}
