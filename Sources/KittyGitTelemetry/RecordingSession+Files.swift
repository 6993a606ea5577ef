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

  func appendToJournal(except known: [Int: Known]) {
    let missing = unsettled.filter { known[$0]?.record == nil }
    switch access {
    case .full(let journal):
      let isStored = missing.isEmpty || attempt(missing) { try journal.append(missing.map(record)) } != nil
      for index in drafts.indices where isStored || known[index]?.record != nil {
        recordings[index].stored.append(.journal)
      }
      guard !isStored else { return }
      // What is not recorded must not turn up in a note one day.
      for (commit, size) in heldBefore { attempt(drafts.indices) { try journal.takeBack(heldFor: commit, to: size) } }
      isHeld = drafts.map { _ in false }
    case .unlocked(let journal):
      for index in drafts.indices where known[index]?.record != nil { recordings[index].stored.append(.journal) }
      for index in missing { appendLate(index, to: journal) }
    case .withoutJournal: break
    }
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
    recordings[index].stored.append(.journal)
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
