internal import Events
internal import Journal
internal import SystemPackage

extension RecordingSession {
  /// Gives new events their clock values, and takes note of those that events from elsewhere have.
  func give(clockTo members: [Int], in folder: FilePath) {
    guard let first = members.first else { return }
    // Named after the folder, as a merge finds it; the slug may be another one.
    let feature = folder.lastComponent?.string ?? drafts[first].location.feature
    let view = ClockFile(in: folder)
    let truth = access.journal.flatMap { journal in attempt(members) { try journal.clockBasis(of: feature) } }
    var clock = FeatureClock(truth: truth ?? ClockTable())
    // Without a clock that can be read, ticking goes on from what the journal knows.
    attempt(members) { try clock.read(view, LogFile(in: folder), isNewHere: truth?.isEmpty ?? true) }
    for index in members {
      let node = drafts[index].event.nodeID
      if drafts[index].isNew {
        attempt([index]) { try clock.prepare(node, LogFile(in: folder)) }
        drafts[index].settle(at: clock.tick(node))
      } else {
        clock.raise(node, to: drafts[index].event.lamportClock)
      }
      lines[index] = drafts[index].line
      recordings[index].lamportClock = drafts[index].event.lamportClock
    }
    if clock.passesOverValues {
      let limit = LamportValue.trustLimit
      for index in members {
        recordings[index].notices.append(
          "a clock value above \(limit) in \(view.path) was passed over; it stays there and does no harm")
      }
    }
    guard storesClocks else { return }
    if let journal = access.journal { attempt(members) { try journal.store(clock.basis, clockOf: feature) } }
    if !foldersLeftAlone.contains(folder), FileSystem.isDirectory(folder) {
      attempt(members) { try view.write(clock.view, workshop: access.journal?.folder) }
    }
  }
}
