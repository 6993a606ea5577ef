internal import Journal
package import SystemPackage

/// Sets a repository up for recording, and undoes that.
///
/// What it writes lies inside the git directory, or where git ignores it, so that it is no dirt in anybody's work tree;
/// only a log that is to be tracked needs a file of the project. Each file keeps what others have in it, before and
/// after.
package struct Setup {
  private let directory: FilePath
  private let environment: [String: String]

  private static let patience: Duration = .seconds(5)

  /// What is to be set up.
  package struct Options: Sendable {
    /// Whether branches commit their logs; otherwise logs and clocks are out of git's sight.
    package var tracksLog = false
    /// Whether `git log` shows our notes.
    package var displaysNotes = false
    /// Whether agents get shims: those that are installed, and those that are named.
    package var makesShims = false
    /// The programs of agents that get shims although they are not known or not installed.
    package var agents: [String] = []
    /// Whether to say what would be done, and do nothing.
    package var isDryRun = false

    /// Creates the usual options.
    package init() {}
  }

  /// Creates a setup that works from `directory`, as git does with `-C`.
  package init(directory: FilePath, environment: [String: String]) {
    self.directory = directory
    self.environment = environment
  }

  /// Sets up, or completes what an earlier run has left or others have taken away.
  ///
  /// - Throws: ``TelemetryError`` with `environment` where there is no repository, or no work tree to track logs in,
  ///   and with `usage` for an agent that cannot have a shim.
  package func install(_ options: Options) throws(TelemetryError) -> SetupReport {
    for agent in options.agents where !Setup.isProgram(agent) {
      throw TelemetryError(.usage, "cannot make a shim of \(printable(agent)): give the bare name of a program")
    }
    let place = try SetupPlace(directory)
    guard place.workTree != nil || !options.tracksLog else {
      throw TelemetryError(
        .environment,
        "cannot track logs in \(place.commonDirectory): a bare repository has no .gitattributes; run it in a worktree")
    }
    return try locked(place, options.isDryRun) { report throws(JournalError) in
      let isTracking = try place.projectAttributes?.isPresent ?? false
      if isTracking, !options.tracksLog {
        report.notices.append("logs are tracked here, as .gitattributes says; setup --undo ends that")
      }
      let isTracked = options.tracksLog || isTracking
      report.apply(place.sharedAttributes, installing: true, options.isDryRun)
      report.apply(place.excludes, installing: !isTracked, options.isDryRun)
      if isTracked, let attributes = place.projectAttributes {
        report.apply(attributes, installing: true, options.isDryRun)
        report.adviseCommit(of: attributes)
      }
      let configuration = NotesSettings(at: place)
      report.apply(try configuration.file(displaying: options.displaysNotes), installing: true, options.isDryRun)
      report.notices += try configuration.advice
      installHooks(place, options.isDryRun, &report)
      installShims(place, options, &report)
      if !SetupPlace.hasProgram(onPath: environment["PATH"], from: directory) {
        report.notices.append(
          "\(SetupPlace.program) is not on PATH here: where it is not, hooks and shims do nothing")
      }
    }
  }

  /// Whether a shell finds a program of this name on `PATH`, and a script may hold the name as it is.
  private static func isProgram(_ name: String) -> Bool {
    !name.isEmpty && name == shellWord(name) && !name.utf8.contains(UInt8(ascii: "/")) && name.first != "-"
      && name.first != "."
  }

  /// Takes everything out again that setting up has brought.
  ///
  /// - Throws: ``TelemetryError`` with `environment` where there is no repository.
  package func undo(dryRun: Bool) throws(TelemetryError) -> SetupReport {
    let place = try SetupPlace(directory)
    return try locked(place, dryRun) { report throws(JournalError) in
      let shims = ShimFolder(at: place, from: directory, environment: environment)
      for shim in shims.shims { report.attempt { () throws in try shim.remove(dryRun: dryRun) } }
      if !dryRun { try shims.removeIfEmpty() }
      removeHooks(place, dryRun, &report)
      report.apply(try NotesSettings(at: place).file(displaying: false), installing: false, dryRun)
      if let attributes = place.projectAttributes, try attributes.isPresent {
        report.apply(attributes, installing: false, dryRun)
        report.adviseCommit(of: attributes)
      }
      report.apply(place.excludes, installing: false, dryRun)
      report.apply(place.sharedAttributes, installing: false, dryRun)
    }
  }

  private func locked(
    _ place: SetupPlace, _ dryRun: Bool, _ body: (inout SetupReport) throws -> Void
  ) throws(TelemetryError) -> SetupReport {
    try environmental {
      var report = SetupReport()
      guard !dryRun else {
        try body(&report)
        return report
      }
      // The folder itself is locked: a lock of the journal's would leave a file behind in a repository without one.
      let lock = try FileLock(place.commonDirectory, within: Setup.patience)
      try body(&report)
      _ = consume lock
      return report
    }
  }

  private func installHooks(_ place: SetupPlace, _ dryRun: Bool, _ report: inout SetupReport) {
    guard let refusal = place.refusal else {
      for hook in place.hooks { report.attempt { () throws in try hook.install(dryRun: dryRun) } }
      return
    }
    let missing = place.hooks.filter { !$0.isInstalled }
    guard !missing.isEmpty else { return }
    let calls = missing.map { "  \($0.hook.rawValue): \(HookFile.call(of: $0.hook))" }.joined(separator: "\n")
    report.notices.append(
      "no hooks were written: \(refusal); without them events get their commit when the next command runs; "
        + "to have them, add to the scripts in \(place.hooksFolder):\n\(calls)")
  }

  private func installShims(_ place: SetupPlace, _ options: Options, _ report: inout SetupReport) {
    let folder = ShimFolder(at: place, from: directory, environment: environment)
    // What is there is brought up to date even when nobody asks for shims.
    var names = Set(folder.shims.map(\.name))
    if options.makesShims { names.formUnion(options.agents + folder.installedAgents) }
    guard !names.isEmpty else {
      if options.makesShims {
        report.notices.append("no agent is installed that gets a shim; name them: setup --shims --agent <program>")
      }
      return
    }
    for name in names.sorted() {
      report.attempt { () throws in try Shim(name, in: folder.path).install(dryRun: options.isDryRun) }
    }
    if options.makesShims { report.pathLine = folder.line }
  }

  private func removeHooks(_ place: SetupPlace, _ dryRun: Bool, _ report: inout SetupReport) {
    // Whoever has set core.hooksPath since has left ours where they were.
    let usual = place.commonDirectory.appending("hooks")
    var folders = place.refusal == nil ? [place.hooksFolder] : []
    if FileSystem.resolved(usual) != place.hooksFolder { folders.append(usual) }
    for folder in folders {
      for hook in HookRunner.Hook.allCases.reversed() {
        report.attempt { () throws in try HookFile(hook, in: folder).remove(dryRun: dryRun) }
      }
    }
  }
}

extension SetupReport {
  /// Changes one file; a failure costs the others nothing.
  fileprivate mutating func apply(_ file: SetupFile, installing: Bool, _ dryRun: Bool) {
    attempt { () throws in
      let action = try file.apply(installing: installing, dryRun: dryRun)
      return SetupReport.Change(path: file.path, action: action, purpose: file.purpose)
    }
  }

  fileprivate mutating func attempt(_ body: () throws -> Change?) {
    do {
      if let change = try body() { changes.append(change) }
    } catch {
      troubles.append("\(error)")
    }
  }

  fileprivate mutating func adviseCommit(of file: SetupFile) {
    guard changes.last?.path == file.path, changes.last?.action != .unchanged else { return }
    notices.append("commit .gitattributes, so that every clone merges logs this way")
  }
}

// The files.
extension SetupPlace {
  /// The attributes of this repository.
  var sharedAttributes: SetupFile {
    SetupFile(
      path: info("attributes"), block: MarkedBlock(lines: LogVisibility.attributes),
      purpose: "logs and clocks merge without conflicts")
  }

  /// What this repository does not see.
  var excludes: SetupFile {
    SetupFile(
      path: info("exclude"), block: MarkedBlock(lines: [LogVisibility.excludePattern] + LogVisibility.excludedBesides),
      purpose: "logs and clocks are out of git's sight")
  }

  /// The project's own attributes; `nil` in a bare repository.
  var projectAttributes: SetupFile? {
    workTree.map { workTree in
      SetupFile(
        path: workTree.appending(".gitattributes"), block: MarkedBlock(lines: LogVisibility.attributes),
        purpose: "logs and clocks merge without conflicts in every clone")
    }
  }

  /// A file that all worktrees share; git follows a symbolic link there.
  private func info(_ name: String) -> FilePath {
    FileSystem.resolved(commonDirectory.appending("info").appending(name))
  }
}
