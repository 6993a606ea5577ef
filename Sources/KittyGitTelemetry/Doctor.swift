internal import Git
internal import Journal
internal import Notes
package import SystemPackage

/// Says what is missing, wrong or risky about how a repository records, and which command mends it; changes nothing.
package struct Doctor {
  private let directory: FilePath
  private let environment: [String: String]

  private static let program = SetupPlace.program
  private static let setup = "\(program) setup"

  /// Creates a doctor that works from `directory`, as git does with `-C`.
  package init(directory: FilePath, environment: [String: String]) {
    self.directory = directory
    self.environment = environment
  }

  /// Looks at everything that recording depends on.
  package func examine() -> [Symptom] {
    do {
      let place = try SetupPlace(directory)
      var symptoms = program(at: place)
      symptoms += try visibility(at: place)
      symptoms += hooks(at: place)
      symptoms += shims(at: place)
      symptoms += try rewriting(at: place)
      symptoms += try references(at: place)
      symptoms += try surroundings(at: place)
      return symptoms
    } catch {
      // What keeps us from looking is the first thing to mend; it says how.
      return [Symptom(.wrong, .repository, "\(error)", run: nil)]
    }
  }

  private func program(at place: SetupPlace) -> [Symptom] {
    let isFound = SetupPlace.hasProgram(onPath: environment["PATH"], from: directory)
    let isNeeded = place.hooks.contains(where: \.isInstalled) || !shimFolder(at: place).shims.isEmpty
    guard !isFound, isNeeded else { return [] }
    return [
      Symptom(
        .wrong, .notOnPath,
        "\(Doctor.program) is not on PATH: hooks and shims do nothing; put it into a folder that is", run: nil)
    ]
  }

  private func shimFolder(at place: SetupPlace) -> ShimFolder {
    ShimFolder(at: place, from: directory, environment: environment)
  }

  /// Whether agents are found behind their shims, and shims before the agents.
  private func shims(at place: SetupPlace) -> [Symptom] {
    let folder = shimFolder(at: place)
    let shims = folder.shims
    guard !shims.isEmpty else { return [] }
    var symptoms: [Symptom] = []
    if !folder.isInFront {
      symptoms.append(
        Symptom(
          .risky, .shims,
          "the shims are not in front of the agents on PATH here: what is called by name is not recorded",
          run: folder.line))
    }
    for shim in shims where shim.program(among: folder.others) == nil {
      symptoms.append(
        Symptom(
          .wrong, .shims, "\(shim.name) is not installed, and its shim makes it look as if it were",
          run: "rm \(shellWord(shim.path.string))"))
    }
    let without = Set(folder.installedAgents).subtracting(shims.map(\.name)).sorted()
    if !without.isEmpty {
      symptoms.append(
        Symptom(
          .missing, .shims, "agents without a shim are not recorded: \(without.joined(separator: ", "))",
          run: "\(Doctor.setup) --shims"))
    }
    return symptoms
  }

  /// What git sees of logs, and how it merges them.
  private func visibility(at place: SetupPlace) throws -> [Symptom] {
    var symptoms: [Symptom] = []
    let isTracking = try place.projectAttributes?.isPresent ?? false
    let log = "\(FeatureLocation.root)/feature/\(LogFile.name)"
    // git answers for the work tree; a bare repository has nothing that could be seen or merged.
    guard let folder = place.workTree?.string else { return [] }
    // Git would wait for ever before a FIFO in their place.
    _ = (try place.excludes.isPresent, try place.sharedAttributes.isPresent)
    if isTracking {
      if try place.excludes.isPresent {
        symptoms.append(
          Symptom(
            .wrong, .excludes, "logs are tracked, as .gitattributes says, and out of git's sight all the same",
            run: "\(Doctor.setup) --track-log"))
      }
    } else if try GitCommand.ask(["check-ignore", "-q", "--no-index", log], in: folder).status != 0 {
      let isSetUp = try place.excludes.isCurrent
      symptoms.append(
        isSetUp
          ? Symptom(
            .wrong, .excludes, "a line in .gitignore or info/exclude brings logs back into git's sight", run: nil)
          : Symptom(
            .missing, .excludes, "git sees logs: worktrees are not clean, and orchestrators may refuse to merge them",
            run: Doctor.setup))
    }
    let merged = try GitCommand.ask(["check-attr", "merge", "--", log], in: folder).text
    let driver = merged.split(separator: " ").last.map(String.init) ?? ""
    guard driver != "union", !place.isOwnDriver(driver) else { return symptoms }
    let isSetUp = try place.sharedAttributes.isCurrent
    symptoms.append(
      isSetUp
        ? Symptom(
          .wrong, .attributes, "a line in info/attributes gives logs another way to merge: \(printable(driver))",
          run: nil)
        : Symptom(
          .missing, .attributes, "logs that are committed conflict, or lose events, when branches merge",
          run: Doctor.setup))
    return symptoms
  }

  private func hooks(at place: SetupPlace) -> [Symptom] {
    let missing = place.hooks.filter { !$0.isInstalled }
    guard missing.isEmpty else {
      let names = missing.map(\.hook.rawValue).joined(separator: ", ")
      let message = "git does not call us in \(names): events get their commit when the next command runs"
      guard let refusal = place.refusal else { return [Symptom(.missing, .hooks, message, run: Doctor.setup)] }
      return [
        Symptom(
          .missing, .hooks, "\(message); setup writes none, since \(refusal), and says what to add to your own",
          run: Doctor.setup)
      ]
    }
    // A path that is relative to the work tree leads to a folder of its own in each, which may not be there.
    guard let path = place.settings["core.hookspath"]?.last.map({ FilePath($0) }), path.isRelative,
      !path.string.hasPrefix("~")
    else { return [] }
    let without = place.worktrees.filter { !FileSystem.isDirectory(FilePath($0).pushing(path)) }
    guard !without.isEmpty else { return [] }
    let names = without.compactMap { FilePath($0).lastComponent?.string }.map(printable).joined(separator: ", ")
    return [
      Symptom(
        .risky, .hooksInWorktrees,
        "core.hooksPath is relative, and worktrees without that folder have no hooks: \(names); "
          + "their events get their commit when the next command runs",
        run: "\(Doctor.program) emit --flush")
    ]
  }

  /// What git does with notes when it makes commits anew.
  private func rewriting(at place: SetupPlace) throws -> [Symptom] {
    var symptoms: [Symptom] = []
    let others = place.settings["notes.rewriteref"] ?? []
    if !others.contains(where: { $0 == place.notesRef || $0 == place.notesRef + "*" || $0 == "refs/notes/*" }) {
      symptoms.append(
        Symptom(
          .missing, .rewriteRef, "git does not keep our notes when it amends or rebases commits", run: Doctor.setup))
    }
    for name in ["GIT_NOTES_REWRITE_REF", "GIT_NOTES_REWRITE_MODE"] where environment[name] != nil {
      symptoms.append(
        Symptom(.risky, .rewriteRef, "\(name) is set, and overrides what is configured for notes", run: "unset \(name)")
      )
    }
    let mode = place.settings["notes.rewritemode"]?.last ?? "concatenate"
    if mode == "overwrite" || mode == "ignore" {
      symptoms.append(
        Symptom(
          .wrong, .rewriteMode,
          "notes.rewriteMode is \(mode): of commits that are folded into one, only one keeps its notes",
          run: "git config notes.rewriteMode cat_sort_uniq"))
    }
    let prose = try NotesSettings(at: place).othersRewritten
    if mode == "cat_sort_uniq", !prose.isEmpty {
      let names = prose.map(printable).joined(separator: ", ")
      symptoms.append(
        Symptom(
          .risky, .rewriteMode, "notes.rewriteMode is cat_sort_uniq, which sorts the lines of \(names) too",
          run: "git config notes.rewriteMode concatenate"))
    }
    return symptoms
  }

  /// What may happen to the notes reference.
  private func references(at place: SetupPlace) throws -> [Symptom] {
    var symptoms: [Symptom] = []
    let repository = try Repository(discoveredFrom: directory.string)
    for remote in try repository.remotes() where !remote.isMirror {
      for refspec in remote.fetchRefspecs where refspec.overwrites(place.notesRef) {
        let key = shellWord("remote.\(remote.name).fetch")
        symptoms.append(
          Symptom(
            .risky, .forcedRefspec, "git fetch \(printable(remote.name)) would overwrite \(place.notesRef)",
            run: "git config --fixed-value --unset-all \(key) \(shellWord(refspec))"))
      }
    }
    let below = try repository.references().first { $0.name.hasPrefix(place.notesRef + "/") }
    if let below {
      symptoms.append(
        Symptom(
          .wrong, .notesRef, "\(printable(below.name)) keeps git from making \(place.notesRef)",
          run: "git config kitty-telemetry.notesRef refs/notes/kitty-telemetry-events"))
    }
    do {
      try NotesRef(name: place.notesRef).requireNotes(in: repository)
    } catch {
      symptoms.append(Symptom(.wrong, .notesRef, "no notes are written: \(error.reason)", run: nil))
    }
    let lock = place.commonDirectory.appending("\(place.notesRef).lock")
    if FileSystem.isUntouched(lock, for: LeftBehind.age) {
      symptoms.append(
        Symptom(
          .wrong, .lock, "\(lock) was left there by a process that was killed: no notes can be written",
          run: "\(Doctor.program) repair"))
    } else if FileSystem.exists(lock) {
      symptoms.append(
        Symptom(
          .risky, .lock, "\(lock) is there: unless git is writing notes right now, none can be written",
          run: "rm \(shellWord(lock.string))"))
    }
    if try repository.configuration("core.logAllRefUpdates") == "false" {
      symptoms.append(
        Symptom(
          .risky, .reflog, "git keeps no reflogs, which tell the commit that an event has waited for",
          run: "git config core.logAllRefUpdates true"))
    }
    return symptoms
  }

  private func surroundings(at place: SetupPlace) throws -> [Symptom] {
    var symptoms: [Symptom] = []
    let folder = place.workTree?.string ?? place.commonDirectory.string
    if try GitCommand.ask(["var", "GIT_COMMITTER_IDENT"], in: folder).status != 0 {
      symptoms.append(
        Symptom(
          .risky, .identity, "git knows no name for you: servers may refuse notes that nobody has written",
          run: "git config user.email <address>"))
    }
    guard place.workTree != nil else { return symptoms }
    let logs = ":(glob)\(FeatureLocation.root)/*/\(LogFile.name)"
    let changed = try GitCommand.ask(["diff", "--name-only", "HEAD", "--", logs], in: folder, within: .seconds(20))
    if changed.status == 0, !changed.text.isEmpty {
      let names = changed.text.split(separator: "\n").map { printable(String($0)) }.joined(separator: ", ")
      symptoms.append(
        Symptom(
          .risky, .uncommitted, "tracked logs have changes that are not committed: \(names)",
          run: "\(Doctor.program) merge --commit"))
    }
    return symptoms
  }
}
