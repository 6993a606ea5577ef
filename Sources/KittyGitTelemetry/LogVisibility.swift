internal import Git
internal import Journal
internal import SystemPackage

/// What git sees of a feature's log in a work tree.
enum LogVisibility {
  /// The line in the common git directory's `info/exclude` that keeps logs out of git's sight.
  static let excludePattern = "\(FeatureLocation.root)/*/\(LogFile.name)"

  /// The lines that keep clocks out of git's sight, and the temporary files that a crash may leave beside a log.
  static let excludedBesides = [
    "\(FeatureLocation.root)/*/\(ClockFile.name)", "\(FeatureLocation.root)/*/.\(LogFile.name).*",
    "\(FeatureLocation.root)/*/.\(ClockFile.name).*",
  ]

  /// The lines that let git join two logs, or two clocks, by keeping the lines of both; a merge of ours then brings them
  /// into order.
  static let attributes = [LogFile.name, ClockFile.name].map {
    "\(FeatureLocation.root)/*/\($0) text eol=lf merge=union"
  }

  /// Whether recorders leave the log at `path`, below the top of the work tree, alone.
  ///
  /// With logs excluded, orchestrators see clean worktrees. That ends where the log is a tracked file all the same, or
  /// where a sparse checkout leaves it out: a changed file there stops merges and the orchestrators' gates. In such a
  /// worktree the journal and the note hold the event, and only `merge` writes the log.
  static func isLeftAlone(
    _ path: String, in repository: borrowing Repository, at head: Head
  ) throws -> Bool {
    guard repository.isLinkedWorktree, isExcluded(in: FilePath(repository.commonDirectory)) else { return false }
    do {
      if let id = head.commit, let commit = try repository.commit(id),
        try repository.entry(at: path, in: commit.tree) != nil
      {
        return true
      }
      return try isSparse(repository) && isOutsidePatterns(repository)
    } catch let error as GitError where error.code == .unsupported {
      // Nobody here can tell what is tracked. The log is as good a place as the journal, and seldom a tracked one.
      return false
    }
  }

  /// Whether logs are out of git's sight in the repository with this common git directory.
  static func isExcluded(in commonDirectory: FilePath) -> Bool {
    lines(of: commonDirectory.appending("info").appending("exclude")).contains(excludePattern[...])
  }

  /// Whether the work tree leaves out files by a sparse checkout.
  static func isSparse(_ repository: borrowing Repository) throws -> Bool {
    if try repository.configuration("core.sparseCheckout") == "true" { return true }
    // Where git keeps settings of one worktree; libgit2 1.5 does not read them.
    return lines(of: FilePath(repository.gitDirectory).appending("config.worktree")).contains { line in
      line.filter { !$0.isWhitespace }.lowercased() == "sparsecheckout=true"
    }
  }

  private static func isOutsidePatterns(_ repository: borrowing Repository) -> Bool {
    let root = FeatureLocation.root
    let patterns = lines(of: FilePath(repository.gitDirectory).appending("info").appending("sparse-checkout"))
    return patterns.contains { $0 == "!/\(root)/" || $0 == "!\(root)/" }
      || patterns.contains("!/*/") && !patterns.contains("/\(root)/")
  }

  /// The lines of a file of git's, also through symbolic links, which git follows there.
  ///
  /// What cannot be read says nothing to git either.
  private static func lines(of path: FilePath) -> [Substring] {
    guard let file = try? OpenFile.ifPresent(FileSystem.resolved(path)), let bytes = try? file.readAll()
    else { return [] }
    // By scalars: to Swift a CR and an LF are one character, which is no line end then.
    let lines = String(decoding: bytes, as: UTF8.self).unicodeScalars.split { $0 == "\n" || $0 == "\r" }
    return lines.map(Substring.init)
  }
}
