internal import Git
internal import Journal
package import SystemPackage

/// Sets a repository up for recording, and undoes that.
///
/// What it writes lies inside the git directory, where it is no dirt in anybody's work tree; only a log that is to be
/// tracked needs a file of the project. Each file keeps what others have in it, before and after.
package struct Setup {
  private let directory: FilePath

  private static let patience: Duration = .seconds(5)

  /// What is to be set up.
  package struct Options: Sendable {
    /// Whether branches commit their logs; otherwise logs and clocks are out of git's sight.
    package var tracksLog = false
    /// Whether to say what would be done, and do nothing.
    package var isDryRun = false

    /// Creates the usual options.
    package init() {}
  }

  /// Creates a setup that works from `directory`, as git does with `-C`.
  package init(directory: FilePath) { self.directory = directory }

  /// Sets up, or completes what an earlier run has left or others have taken away.
  ///
  /// - Throws: ``TelemetryError`` with `environment` where there is no repository, or no work tree to track logs in.
  package func install(_ options: Options) throws(TelemetryError) -> SetupReport {
    try run(options.isDryRun) { repository, report in
      let attributesFile = attributesFile(of: repository)
      let isTracking = try attributesFile.map { file in try Self.isPresent(file) } ?? false
      guard attributesFile != nil || !options.tracksLog else {
        throw TelemetryError(
          .environment,
          "cannot track logs in \(repository.gitDirectory): a bare repository has no .gitattributes; run it in a worktree"
        )
      }
      if isTracking, !options.tracksLog {
        report.notices.append("logs are tracked here, as .gitattributes says; setup --undo ends that")
      }
      let isTracked = options.tracksLog || isTracking
      apply(Self.sharedAttributes(of: repository), installing: true, options.isDryRun, to: &report)
      apply(Self.excludes(of: repository), installing: !isTracked, options.isDryRun, to: &report)
      if isTracked, let attributesFile {
        apply(attributesFile, installing: true, options.isDryRun, to: &report)
        adviseCommit(of: attributesFile, &report)
      }
    }
  }

  /// Takes everything out again that setting up has brought.
  ///
  /// - Throws: ``TelemetryError`` with `environment` where there is no repository.
  package func undo(dryRun: Bool) throws(TelemetryError) -> SetupReport {
    try run(dryRun) { repository, report in
      if let attributesFile = attributesFile(of: repository), try Self.isPresent(attributesFile) {
        apply(attributesFile, installing: false, dryRun, to: &report)
        adviseCommit(of: attributesFile, &report)
      }
      apply(Self.excludes(of: repository), installing: false, dryRun, to: &report)
      apply(Self.sharedAttributes(of: repository), installing: false, dryRun, to: &report)
    }
  }

  private func run(
    _ dryRun: Bool, _ body: (borrowing Repository, inout SetupReport) throws -> Void
  ) throws(TelemetryError) -> SetupReport {
    try environmental {
      let repository = try Repository(discoveredFrom: directory.string)
      var report = SetupReport()
      guard !dryRun else {
        try body(repository, &report)
        return report
      }
      // The folder itself is locked: a lock of the journal's would leave a file behind in a repository without one.
      let lock = try FileLock(FilePath(repository.commonDirectory), within: Setup.patience)
      try body(repository, &report)
      _ = consume lock
      return report
    }
  }

  /// Changes one file; a failure costs the others nothing.
  private func apply(_ file: SetupFile, installing: Bool, _ dryRun: Bool, to report: inout SetupReport) {
    do {
      let action = try file.apply(installing: installing, dryRun: dryRun)
      report.changes.append(SetupReport.Change(path: file.path, action: action, purpose: file.purpose))
    } catch {
      report.troubles.append("\(error)")
    }
  }

  private func adviseCommit(of file: SetupFile, _ report: inout SetupReport) {
    guard report.changes.last?.path == file.path, report.changes.last?.action != .unchanged else { return }
    report.notices.append("commit .gitattributes, so that every clone merges logs this way")
  }
}

// The files.
extension Setup {
  private static func sharedAttributes(of repository: borrowing Repository) -> SetupFile {
    SetupFile(
      path: info("attributes", of: repository), block: MarkedBlock(lines: LogVisibility.attributes),
      purpose: "logs and clocks merge without conflicts")
  }

  private static func excludes(of repository: borrowing Repository) -> SetupFile {
    SetupFile(
      path: info("exclude", of: repository),
      block: MarkedBlock(lines: [LogVisibility.excludePattern] + LogVisibility.excludedBesides),
      purpose: "logs and clocks are out of git's sight")
  }

  /// The project's own attributes; `nil` in a bare repository.
  private func attributesFile(of repository: borrowing Repository) -> SetupFile? {
    repository.workTree.map { workTree in
      SetupFile(
        path: FilePath(workTree).appending(".gitattributes"), block: MarkedBlock(lines: LogVisibility.attributes),
        purpose: "logs and clocks merge without conflicts in every clone")
    }
  }

  private static func isPresent(_ file: SetupFile) throws(JournalError) -> Bool {
    guard let content = try OpenFile.ifPresent(file.path)?.readAll() else { return false }
    return file.block.isPresent(in: content)
  }

  /// A file that all worktrees share; git follows a symbolic link there.
  private static func info(_ name: String, of repository: borrowing Repository) -> FilePath {
    FileSystem.resolved(FilePath(repository.commonDirectory).appending("info").appending(name))
  }
}
