internal import Events
internal import Git
internal import Journal
internal import Notes

extension RecordingSession {
  /// Writes the events into the notes of their commits, or lets them wait.
  func note(in repository: borrowing Repository, within patience: Duration) {
    guard !access.isUnlocked else {
      for index in drafts.indices { recordings[index].note = .waiting }
      return
    }
    var told: Set<ObjectID> = []
    for (commit, members) in grouped(unsettled, by: { recordings[$0].commit }) {
      for index in members { recordings[index].note = .waiting }
      guard let commit = commit.flatMap({ ObjectID(hex: $0) }) else {
        tellWhyNotesWait(members)
        continue
      }
      attempt(members) {
        let writer = try NoteWriter(journal: access.journal, repository: repository)
        let events = EventSet([LineBuffer(lines: members.map { lines[$0] })])
        // Lines that are not kept anywhere must not wait.
        let mayWait = !context.flush && members.allSatisfy { isHeld[$0] }
        switch try writer.settle(commit, adding: events, in: repository, mayWait: mayWait, within: patience) {
        case .written:
          for index in members {
            recordings[index].note = .written
            recordings[index].stored.append(.note)
          }
        case .waiting: break
        case .oversized(let size):
          told.insert(commit)
          throw TelemetryError(.environment, writer.refusal(commit, of: size))
        case .overfull(let size):
          told.insert(commit)
          throw TelemetryError(.environment, "cannot note the event: \(writer.overflow(commit, of: size))")
        case .absent:
          throw TelemetryError(
            .environment,
            "cannot extend the note of \(commit): this clone lacks its blob; run: git notes show, then emit --flush")
        }
      }
    }
    guard context.flush else { return }
    attempt(drafts.indices) {
      if let journal = access.journal { try WaitingEvents.settle(in: journal, try repository.worktrees()) }
      let writer = try NoteWriter(journal: access.journal, repository: repository)
      // Those whose blobs are absent are told by whoever is asked about them.
      let unwritten = try writer.settleAll(in: repository, within: patience)
      for (commit, size) in unwritten.oversized where !told.contains(commit) {
        throw TelemetryError(.environment, writer.refusal(commit, of: size))
      }
    }
  }

  private func tellWhyNotesWait(_ members: [Int]) {
    // Where HEAD could not be read, that has been told.
    guard !context.target.mayWait, origin?.head == nil, origin?.branch != nil else { return }
    for index in members where !recordings[index].isDuplicate {
      recordings[index].troubles.append("cannot note the event yet: there is no commit; the first one will carry it")
    }
  }
}
