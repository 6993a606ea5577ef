internal import Events
internal import Git
internal import Journal
internal import SystemPackage

/// The logs of a work tree that are out of git's sight: views of what was recorded there.
///
/// git takes ignored files for expendable: merges, checkouts and resets overwrite or delete them. The journal has what
/// was in them. A log that git tracks is no view, and stays as it is; so does a folder that is not there.
struct LogView {
  let journal: CommonJournal
  let commonDirectory: FilePath
  /// The name of the linked worktree, empty in the main one.
  let worktree: String
  /// The top of the work tree.
  let workTree: FilePath

  /// What a log lacks.
  private struct Gap {
    let feature: String
    let folder: FilePath
    let lines: [[UInt8]]
  }

  /// Whether nothing is missing, as far as can be told without the repository.
  ///
  /// Ledger and logs are only read where one of them has changed since the last time.
  func isKnownToBeComplete() throws(JournalError) -> Bool {
    guard LogVisibility.isExcluded(in: commonDirectory) else { return true }
    let appearance = journal.appearance(of: logs)
    if try journal.wasComplete(appearance, inWorktree: worktree) { return true }
    guard try gaps().isEmpty else { return false }
    try journal.remember(complete: appearance, inWorktree: worktree)
    return true
  }

  /// The logs that there are or could be.
  private var logs: [FilePath] {
    let root = workTree.appending(FeatureLocation.root)
    return FileSystem.names(in: root).sorted().map { LogFile(in: root.appending($0)).path }
  }

  /// Adds what logs lack.
  ///
  /// The caller holds the journal's lock.
  func restore(in repository: borrowing Repository) throws {
    // A repository whose work tree was named for one command only has another one by its configuration.
    guard let named = repository.workTree, FileSystem.resolved(FilePath(named)) == FileSystem.resolved(workTree)
    else { return }
    let head = try repository.head()
    let tree = try head.commit.flatMap { id throws(GitError) in try repository.commit(id)?.tree }
    for gap in try gaps() {
      let path = "\(FeatureLocation.root)/\(gap.feature)/\(LogFile.name)"
      guard try tree.map({ tree throws(GitError) in try repository.entry(at: path, in: tree) == nil }) ?? true,
        try !LogVisibility.isLeftAlone(path, in: repository, at: head), try !repository.isTracked(path)
      else { continue }
      let log = LogFile(in: gap.folder)
      try log.append(gap.lines)
      let clock = ClockFile(in: gap.folder)
      let content = try clock.read()
      if case .whole = content { continue }
      let events = EventSet(try log.read().map { [$0.storage] } ?? [])
      let truth = try journal.clockBasis(of: gap.feature)
      try clock.write(content.table.joined(with: truth).joined(with: events.clocks()), workshop: journal.folder)
    }
    // What is still missing is so for as long as git tracks the log.
    try journal.remember(complete: journal.appearance(of: logs), inWorktree: worktree)
  }

  private func gaps() throws(JournalError) -> [Gap] {
    var gaps: [Gap] = []
    for (directory, records) in Dictionary(grouping: try journal.records(ofWorktree: worktree), by: \.directory) {
      let names = directory.split(separator: "/")
      guard names.count == 2, names[0] == FeatureLocation.root, directory.first != "/" else { continue }
      let folder = workTree.appending(FeatureLocation.root).appending(String(names[1]))
      guard FileSystem.isDirectory(folder) else { continue }
      let known = EventSet(try LogFile(in: folder).read().map { [$0.storage] } ?? []).ids
      var seen: Set<EventID> = []
      let lines = records.compactMap { record in
        record.eventID.flatMap { !known.contains($0) && seen.insert($0).inserted ? record.event : nil }
      }
      if !lines.isEmpty { gaps.append(Gap(feature: String(names[1]), folder: folder, lines: lines)) }
    }
    return gaps
  }
}
