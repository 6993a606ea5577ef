internal import Events
internal import Git
internal import Journal
internal import Notes
package import SystemPackage

/// Names every disagreement between log, clock, notes and journal; changes nothing.
package struct Verifier {
  private let directory: FilePath

  /// Creates a verifier that works from `directory`, as git does with `-C`.
  package init(directory: FilePath) { self.directory = directory }

  /// Compares what the replicas have with what a repair would make of them.
  ///
  /// With `reference` the logs of that commit are looked at in place of the work tree, which a bare repository lacks.
  ///
  /// - Throws: ``TelemetryError`` with `usage` for a feature that cannot be one, with `environment` where there is no
  ///   work tree and no reference, or the repository failed.
  package func verify(
    feature: String?, reference: String?, progress: @escaping MergeProgress = { _, _, _ in }
  ) throws(TelemetryError) -> VerifyReport {
    if let feature { try FeatureLocation.check(feature: feature) }
    return try environmental {
      let repository = try Repository(discoveredFrom: directory.string)
      guard reference != nil || repository.workTree != nil else {
        throw TelemetryError(
          .environment,
          "cannot verify \(repository.gitDirectory): a bare repository has no work tree; "
            + "name a commit: verify --ref main")
      }
      var scope = MergeScope.repair
      scope.isPreview = true
      scope.feature = feature
      scope.reference = reference
      let merger = Merger(directory: directory)
      let session = try merger.session(
        scope, at: try merger.place(of: scope, in: repository), in: repository, progress)
      return try VerifyReport(of: session, in: repository)
    }
  }
}

extension VerifyReport {
  init(of session: MergeSession, in repository: borrowing Repository) throws {
    features = session.report.features.count
    for plan in session.report.features.compactMap(\.plan) {
      events += plan.merged.count
      let log = session.directory(of: plan.feature) + LogFile.name
      let isLeftAlone = try session.workTree != nil && LogVisibility.isLeftAlone(log, in: repository, at: session.head)
      add(plan, isLeftAlone: isLeftAlone)
    }
    addNotes(of: session)
    try addLayout(of: session.writer.ref, in: repository)
    addRefspecs(onto: session.writer.ref, in: repository)
    try addInformation(of: session, in: repository)
    findings += session.report.troubles.map { Finding(kind: .unavailable, message: $0) }
    information += session.report.lost.map { Finding(kind: .lost, message: $0) }
    information += session.report.notices.map { Finding(kind: .notice, message: $0) }
  }

  /// Adds what a command mends.
  private mutating func find(
    _ kind: Finding.Kind, _ message: String, run command: String, feature: FeatureName? = nil, event: EventID? = nil,
    commit: ObjectID? = nil
  ) {
    findings.append(
      Finding(
        kind: kind, feature: feature?.description, eventID: event?.description, commit: commit?.description,
        message: "\(message); run: \(command)"))
  }

  /// Adds what needs no mending.
  private mutating func tell(
    _ kind: Finding.Kind, _ message: String, feature: FeatureName? = nil, event: EventID? = nil,
    commit: ObjectID? = nil
  ) {
    information.append(
      Finding(
        kind: kind, feature: feature?.description, eventID: event?.description, commit: commit?.description,
        message: message))
  }

  private static let merge = "kitty-git-telemetry merge"
  private static let repair = "kitty-git-telemetry repair"

  private mutating func add(_ plan: FeaturePlan, isLeftAlone: Bool) {
    let (feature, name) = (plan.feature, printable(plan.feature.description))
    func mend(_ kind: Finding.Kind, _ message: String) {
      find(kind, message, run: VerifyReport.merge, feature: feature)
    }
    for id in plan.missing.sorted() {
      let message = "the log of \(name) lacks \(id)"
      if isLeftAlone {
        tell(.leftAlone, "\(message): the worktree is to stay clean", feature: feature, event: id)
      } else {
        find(.notLogged, message, run: VerifyReport.merge, feature: feature, event: id)
      }
    }
    if plan.present.duplicates > 0 {
      mend(.duplicate, "the log of \(name) repeats events on \(plan.present.duplicates) lines")
    }
    if plan.newConflicts > 0 {
      mend(.conflict, "\(plan.newConflicts) events of \(name) have another value that its log does not tell of")
    }
    if plan.isConflicted || plan.present.markers > 0 { mend(.conflicted, "log or clock of \(name) is conflicted") }
    if plan.isClockBehind, !isLeftAlone {
      mend(.clockBehind, "the clock of \(name) is missing, broken or behind its log")
    }
    if plan.merged.conflictCount > 0 {
      let message = "\(plan.merged.conflictCount) events of \(name) have several values, all on record"
      tell(.recordedConflict, message, feature: feature)
    }
    if plan.merged.unreadableCount > 0 {
      let message = "\(plan.merged.unreadableCount) lines of \(name) are no events; they are kept"
      tell(.unreadable, message, feature: feature)
    }
  }

  private mutating func addNotes(of session: MergeSession) {
    for (commit, added) in session.additions.sorted(by: { $0.key < $1.key }) {
      for id in added.keys.sorted() {
        find(
          .notNoted, "the note of \(commit) lacks \(id)", run: VerifyReport.repair, feature: session.feature(of: id),
          event: id, commit: commit)
      }
    }
  }

  private mutating func addLayout(of ref: NotesRef, in repository: borrowing Repository) throws {
    let irregularities = try NotesTree.irregularities(of: try ref.root(in: repository), in: repository)
    if irregularities.contains(.mixed) {
      let message = "the tree of \(ref.name) is laid out in two ways at once, as git never does"
      find(.mixedTree, message, run: VerifyReport.repair)
    }
    if irregularities.contains(.flat) {
      let message = "the tree of \(ref.name) is one long list, so that every note costs as much as all of them"
      find(.flatTree, message, run: VerifyReport.repair)
    }
  }

  private mutating func addRefspecs(onto ref: NotesRef, in repository: borrowing Repository) {
    // A remote that libgit2 cannot read is no place that notes come from.
    for remote in (try? repository.remotes()) ?? [] {
      // To be overwritten is what a mirror is for.
      for refspec in remote.fetchRefspecs where refspec.overwrites(ref.name) && !remote.isMirror {
        let key = shellWord("remote.\(remote.name).fetch")
        find(
          .forcedRefspec, "git fetch \(printable(remote.name)) would overwrite \(ref.name)",
          run: "git config --fixed-value --unset-all \(key) \(shellWord(refspec))")
      }
    }
  }

  private mutating func addInformation(
    of session: MergeSession, in repository: borrowing Repository
  ) throws(GitError) {
    if session.events.unreadableLines > 0 {
      tell(.unreadable, "\(session.events.unreadableLines) lines of notes are no events; they are kept")
    }
    for (id, entry) in session.events.entries.sorted(by: { $0.key < $1.key }) {
      guard let record = entry.record, record.waits, entry.carriers.isEmpty else { continue }
      let place = record.worktree.isEmpty ? "the main worktree" : "the worktree \(printable(record.worktree))"
      let message = "\(id) waits for the next commit in \(place)"
      tell(.waiting, message, feature: FeatureName(record.feature), event: id)
    }
    // A clone that is cut off lacks commits which are not gone.
    if repository.isShallow { return }
    for commit in session.events.annotated.sorted() where try repository.commit(commit) == nil {
      tell(.vanishedCommit, "a note is about \(commit), which is gone; that is no damage", commit: commit)
    }
  }
}

extension FeaturePlan {
  /// Whether the clock's file has to be rebuilt before it tells what its log has.
  fileprivate var isClockBehind: Bool {
    guard case .whole(let table) = clockBefore else { return !merged.isEmpty }
    let seen = table[ClockTable.witness] ?? LamportValue(0)
    return clock.withoutWitness.sorted.contains { node, value in value > max(table[node] ?? LamportValue(0), seen) }
  }
}

extension String {
  /// Whether a refspec of this spelling lets a fetch move `reference` without looking.
  func overwrites(_ reference: String) -> Bool {
    guard hasPrefix("+"), let colon = firstIndex(of: ":") else { return false }
    let target = self[index(after: colon)...]
    guard let star = target.firstIndex(of: "*") else { return target == reference }
    return reference.hasPrefix(target[..<star]) && reference.hasSuffix(target[target.index(after: star)...])
  }
}
