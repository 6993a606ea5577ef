internal import Events
internal import Git
internal import Journal
internal import Notes
internal import SystemPackage

// Events that waited get into their notes.
extension Recorder {
  /// Writes all events that wait for a note, and have a commit, into their notes.
  package func flush() throws(TelemetryError) {
    try environmental {
      let repository = try Repository(discoveredFrom: directory.string)
      let journal = CommonJournal(commonDirectory: FilePath(repository.commonDirectory))
      guard journal.exists else { return }
      let lock = try journal.lock(within: Recorder.lockPatience)
      try journal.adoptLateRecords()
      try WaitingEvents.settle(in: journal, try repository.worktrees())
      let writer = try NoteWriter(journal: journal, repository: repository)
      let unwritten = try writer.settleAll(in: repository, within: Recorder.lockPatience)
      _ = consume lock
      if let (commit, size) = unwritten.oversized.first {
        throw TelemetryError(.environment, writer.refusal(commit, of: size))
      }
      guard unwritten.absent == 0 else {
        throw TelemetryError(
          .environment,
          "cannot extend \(unwritten.absent) notes: this clone does not have them; run: git fetch, then emit --flush")
      }
    }
  }

  /// Writes the events of a feature that wait here, of one work package or of all, into the note of `commit`.
  ///
  /// - Throws: ``TelemetryError`` with `usage` when there is no such commit.
  func settle(featureFolder: FilePath, wpID: String?, after commit: String) throws(TelemetryError) {
    try environmental {
      let folder = FileSystem.resolved(directory.pushing(featureFolder))
      let repository = try Repository(discoveredFrom: nearestFolder(to: folder).string)
      guard let carrier = try repository.commit(named: commit) else {
        throw TelemetryError(
          .usage, "cannot find the commit \(printable(commit)); give a revision of this repository")
      }
      let journal = CommonJournal(commonDirectory: FilePath(repository.commonDirectory))
      guard journal.exists else { return }
      let lock = try journal.lock(within: Recorder.lockPatience)
      try journal.adoptLateRecords()
      let worktree = repository.isLinkedWorktree ? FilePath(repository.gitDirectory).lastComponent?.string : nil
      try WaitingEvents.settle(in: journal, after: carrier) { record in
        guard record.feature == folder.lastComponent?.string else { return false }
        // Who names the work package knows that this commit took its work in, wherever that was recorded.
        guard let wpID else { return record.worktree == worktree ?? "" }
        return Event(line: record.event)?.payload["wp_id"]?.text == wpID
      }
      let writer = try NoteWriter(journal: journal, repository: repository)
      _ = try writer.settleAll(in: repository, within: Recorder.lockPatience)
      _ = consume lock
    }
  }
}
