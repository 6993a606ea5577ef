internal import Events
internal import Git
internal import Journal
internal import Notes
package import SystemPackage

/// Joins what branches, notes and the journal know into the logs, clocks and notes of the branch that is checked out.
///
/// Due there are the events whose commit leads to HEAD or to a named revision, those that were squashed here, those
/// that have lost their home, and all that the logs of the parents hold. Events of lanes that are still alive stay
/// where they are.
package struct Merger {
  let directory: FilePath

  static let patience: Duration = .seconds(5)

  /// Creates a merger that works from `directory`, as git does with `-C`.
  package init(directory: FilePath) { self.directory = directory }

  /// Joins as far as `scope` reaches, and returns what was done, or would be.
  ///
  /// - Throws: ``TelemetryError`` with `usage` for a feature that cannot be one, with `environment` where there is no
  ///   work tree to merge in, a revision is not there, or the repository failed.
  package func join(
    _ scope: MergeScope, progress: @escaping MergeProgress = { _, _, _ in }
  ) throws(TelemetryError) -> MergeReport {
    if let feature = scope.feature { try FeatureLocation.check(feature: feature) }
    return try environmental {
      let repository = try Repository(discoveredFrom: directory.string)
      let place = try place(of: scope, in: repository)
      return try session(scope, at: place, in: repository, progress).report
    }
  }

  /// Joins, and returns the session with all that it found.
  func session(
    _ scope: MergeScope, at place: MergeSession.Place, in repository: borrowing Repository,
    _ progress: @escaping MergeProgress
  ) throws -> MergeSession {
    let journal = CommonJournal(commonDirectory: FilePath(repository.commonDirectory))
    if let checkpoint = MergeSession.checkpoint(for: scope, at: place, journal, in: repository) {
      do {
        let lock = try lock(journal, scope)
        var session = try MergeSession(
          scope, at: place, early: nil, since: checkpoint, journal: journal, in: repository, within: Merger.patience,
          progress)
        try session.run(in: repository)
        _ = consume lock
        return session
      } catch is OutdatedCheckpoint {
        // Others may have the lock while all notes are read.
      }
    }
    let early = Merger.earlyNotes(journal, in: repository, progress)
    let lock = try lock(journal, scope)
    var session = try MergeSession(
      scope, at: place, early: early, journal: journal, in: repository, within: Merger.patience, progress)
    try session.run(in: repository)
    _ = consume lock
    return session
  }

  /// Where the session takes place.
  func place(of scope: MergeScope, in repository: borrowing Repository) throws -> MergeSession.Place {
    var named: [(String, ObjectID)] = []
    for revision in scope.revisions { named.append((revision, try commit(revision, in: repository))) }
    if let reference = scope.reference {
      let head = Head(detachedAt: try commit(reference, in: repository))
      return MergeSession.Place(head: head, workTree: nil, named: named)
    }
    guard let workTree = repository.workTree else {
      throw TelemetryError(
        .environment,
        "cannot merge in \(repository.gitDirectory): a bare repository has no work tree; run it in a worktree")
    }
    return MergeSession.Place(head: try repository.head(), workTree: FilePath(workTree), named: named)
  }

  private func commit(_ revision: String, in repository: borrowing Repository) throws -> ObjectID {
    guard let commit = try repository.commit(named: revision) else {
      throw TelemetryError(
        .environment, "cannot use \(printable(revision)): there is no such commit; name a branch or a commit")
    }
    return commit
  }

  /// The notes, read before the lock is taken: there may be many, and recorders wait for the lock.
  ///
  /// What cannot be read is met again, and told, under the lock.
  private static func earlyNotes(
    _ journal: CommonJournal, in repository: borrowing Repository, _ progress: MergeProgress
  ) -> NotedEvents? {
    do {
      let ref = try NoteWriter.ref(of: repository)
      let joined = try MergeSession.joinedNotes(of: ref, journal)
      return try NotedEvents(ref, joined: joined, journal, in: repository, progress)
    } catch {
      return nil
    }
  }

  /// Takes the journal's lock; who only looks does without where nothing can be written.
  private func lock(_ journal: CommonJournal, _ scope: MergeScope) throws(JournalError) -> FileLock? {
    guard scope.isPreview else { return try journal.lock(within: Merger.patience) }
    guard journal.exists else { return nil }
    do throws(JournalError) {
      return try journal.lock(within: Merger.patience)
    } catch {
      switch error.code {
      case .system(.readOnlyFileSystem), .system(.permissionDenied): return nil
      default: throw error
      }
    }
  }
}
