internal import Events
internal import Git
internal import Journal
internal import SystemPackage

// Journal and log.
extension RecordingSession {
  func holdForNotes() {
    guard case .full(let journal) = access else { return }
    for (commit, members) in grouped(unsettled, by: { recordings[$0].commit }) {
      guard let commit else { continue }
      guard let size = attempt(members, { try journal.hold(members.map { lines[$0] }, for: commit) }) else { continue }
      for index in members { isHeld[index] = true }
      heldBefore.append((commit, size))
    }
  }

  private func record(of index: Int) -> JournalRecord {
    JournalRecord(
      event: lines[index], directory: drafts[index].location.directory, worktree: origin?.worktree ?? "",
      branch: origin?.branch, head: origin?.head?.description, commit: recordings[index].commit)
  }

  /// Records the events in the journal, and does what else is to be done while that comes to the disk.
  func appendToJournal(except known: [Int: Known], meanwhile work: () -> Void) {
    let missing = unsettled.filter { known[$0]?.record == nil }
    switch access {
    case .full(let journal) where !missing.isEmpty:
      let isStored = attempt(missing) { try journal.append(missing.map(record), meanwhile: work) } != nil
      markJournalled(drafts.indices.filter { isStored || known[$0]?.record != nil })
      guard !isStored else { return }
      // What is not recorded must not turn up in a note one day.
      for (commit, size) in heldBefore { attempt(drafts.indices) { try journal.takeBack(heldFor: commit, to: size) } }
      isHeld = drafts.map { _ in false }
    case .full:
      markJournalled(Array(drafts.indices))
      work()
    case .unlocked(let journal):
      markJournalled(drafts.indices.filter { known[$0]?.record != nil })
      for index in missing { appendLate(index, to: journal) }
      work()
    case .withoutJournal: work()
    }
  }

  /// The journal is told first, whatever was written meanwhile.
  private func markJournalled(_ members: [Int]) {
    for index in members { recordings[index].stored.insert(.journal, at: 0) }
  }

  private func appendLate(_ index: Int, to journal: CommonJournal) {
    do throws(JournalError) {
      try journal.appendLate(record(of: index), id: recordings[index].id)
    } catch {
      guard case .system(.fileExists) = error.code, let other = knownEvents()[index] else {
        recordings[index].troubles.append("\(error)")
        return
      }
      // Another recorder of the same id was faster: the event is as that one says.
      adopt(other.line, as: index)
    }
    markJournalled([index])
  }

  func appendToLog(_ members: [Int], in folder: FilePath, _ known: [Int: Known]) {
    for index in members where known[index]?.isLogged == true { recordings[index].stored.append(.log) }
    // An event that was recorded for another feature stays in that one's log.
    let missing = members.filter { index in
      guard !isSettled[index] else { return false }
      guard let known = known[index] else { return true }
      let directory = drafts[index].location.directory
      return !known.isLogged && (known.record?.directory ?? directory) == directory
    }
    guard !missing.isEmpty, !foldersLeftAlone.contains(folder), FileSystem.isDirectory(folder) else { return }
    guard attempt(missing, { try LogFile(in: folder).append(missing.map { lines[$0] }) }) != nil else { return }
    for index in missing { recordings[index].stored.append(.log) }
  }
}
