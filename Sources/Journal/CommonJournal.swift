package import Events
package import SystemPackage

// The journal is the machine's own ledger of what was recorded in any worktree of a repository. It lies in the common
// git directory, where no checkout, reset, clean or worktree removal reaches it:
//
//   kitty-telemetry/
//     lock               the one lock over everything here, over clocks, logs and the notes ref
//     journal.jsonl      a record for each event, appended and synchronised before `emit` answers
//     late/<id>.jsonl    the record of an event whose recorder could not get the lock in time
//     waiting.jsonl      copies of the records of events that wait, for hooks, which must not read the whole ledger
//     unnoted/<oid>      lines of events on a commit that are not in its note yet
//     inherits/<oid>     the commits that a commit was made from, one a line, while it lacks what their notes have
//     views/in-<name>    what the logs of a worktree looked like when nothing was missing in them
//     squashes/in-<name> a squash that has not been committed yet, by the name of the worktree
//     clocks/<folder>    the clock values that the next event of a feature goes on from, by the name of its folder
//     commits            the commits that carry events whose records have been dropped, one on a line
//     dropped            the events whose records have been dropped: a line `<event id> <clock> <commit>` for each
//     notes-joined       the notes reference and its commit up to which nothing in its past is missing, on one line
//     notes-index        which commits carry which events, as their notes say (see NotesIndex): a cache, safe to delete
//     settled/in-<name>  what a merge in a worktree need not look at again (see MergeCheckpoint): a cache, safe to delete
//     shims/<program>    scripts that stand in for agents on PATH, where setup was asked for them
//
// A record is one line:
//
//   {"branch": "refs/heads/x", "commit": "<oid>", "directory": "kitty-specs/043-x", "head": "<oid>", "line": {…},
//    "waits": false, "worktree": "043-x-WP01"}
//
//   branch     the branch that was checked out, null when HEAD was detached
//   commit     the commit that carries the event, null while it waits for one
//   directory  the feature's folder below the top of the work tree, or an absolute path outside of it
//   head       HEAD when the event was recorded, null before the first commit
//   line       the event's line, byte for byte
//   waits      whether the next commit made here shall carry the event
//   worktree   the name of the linked worktree, "" in the main one

/// The ledger in the common git directory.
package struct CommonJournal: Sendable {
  /// The folder.
  package let folder: FilePath

  /// Creates the journal of the repository whose common git directory is `commonDirectory`.
  package init(commonDirectory: FilePath) {
    folder = commonDirectory.appending("kitty-telemetry")
  }

  var ledger: FilePath { folder.appending("journal.jsonl") }
  var late: FilePath { folder.appending("late") }
  var unnoted: FilePath { folder.appending("unnoted") }
  var clocks: FilePath { folder.appending("clocks") }

  /// Whether anything was ever recorded here.
  package var exists: Bool { FileSystem.exists(folder) }

  /// Takes the lock, creating the journal's folder where there is none.
  package func lock(within patience: Duration) throws(JournalError) -> FileLock {
    try FileLock(lockPath(), within: patience)
  }

  /// The file that is locked, in a folder that exists now.
  package func lockPath() throws(JournalError) -> FilePath {
    try FileSystem.createDirectories(folder, synchronised: true)
    return folder.appending("lock")
  }

  /// The clock values of a feature, by the name of its folder.
  package func clock(of feature: String) -> ClockFile {
    ClockFile(clocks.appending("\(feature).json"))
  }

  /// The clock values that a feature goes on from.
  ///
  /// The file that keeps them is not synchronised, while the ledger is; where the file is missing, broken or behind the
  /// ledger's last records, the values come from all records.
  package func clockBasis(of feature: String) throws(JournalError) -> ClockTable {
    let content = try clock(of: feature).read()
    let known = content.table
    if case .whole = content, try !isBehind(known, of: feature) { return known }
    let lines = try records().filter { $0.feature == feature }.map(\.event)
    return known.joined(with: EventSet([LineBuffer(lines: lines)]).clocks(countingOnly: \.isTrusted).withoutWitness)
  }

  /// Whether the ledger's last records have events of a feature that its clock has not seen.
  private func isBehind(_ clock: ClockTable, of feature: String) throws(JournalError) -> Bool {
    guard let file = try OpenFile.ifPresent(ledger) else { return false }
    let size = try file.status.size
    let tail = try file.read(max(0, size - CommonJournal.tailLength)..<size)
    var behind = false
    let bytes = tail.span
    LineScanner.forEachLine(in: bytes) { line in
      // Most of what stands here has been seen, and finding that out is all: the event is looked at where it is.
      let record = bytes.extracting(line)
      guard let place = JSONScanner.range(ofMember: "line", in: record),
        let event = LineScanner.envelope(of: place, in: record), event.lamportClock.isTrusted,
        event.lamportClock > clock[event.nodeID(in: record)] ?? LamportValue(0)
      else { return }
      if JournalRecord(line: [UInt8](copying: bytes, in: line))?.feature == feature { behind = true }
    }
    return behind
  }

  /// How much of the ledger's end is looked at, in bytes: the last few records.
  private static let tailLength: Int64 = 2 << 10

  /// Stores the clock values that a feature goes on from.
  package func store(_ table: ClockTable, clockOf feature: String) throws(JournalError) {
    try FileSystem.createDirectories(clocks)
    try clock(of: feature).overwrite(with: table)
  }

  /// Appends records and makes them last.
  ///
  /// The disk takes its time, most of what recording an event takes. What else is to be written is written `meanwhile`,
  /// or after a failure to append: once in any case.
  ///
  /// The caller holds the lock.
  package func append(_ records: [JournalRecord], meanwhile work: () -> Void = {}) throws(JournalError) {
    var isWorkDone = false
    defer { if !isWorkDone { work() } }
    let waiting = records.filter(\.waits)
    try keepWaiting(waiting)
    do {
      let file = try OpenFile(ledger, .readWrite, options: [.create, .append])
      try file.requireRegular()
      let size = try file.status.size
      let isNew = size == 0
      try LogFile.append(records.map(\.line), to: file)
      file.beginToStore(from: size)
      isWorkDone = true
      work()
      try file.synchronise()
      if isNew { try FileSystem.synchronise(directory: folder) }
    } catch {
      // The failure to append is the one to tell; an event that is not recorded must not turn up one day.
      let lines = Set(waiting.map(\.line))
      try? keepWaiting { !lines.contains($0.line) }
      throw error
    }
  }

  /// Stores a record without the lock, as a file of its own, and makes it last.
  ///
  /// - Throws: ``JournalError`` with `system(.fileExists)` when another recorder has stored a record of this id.
  package func appendLate(_ record: JournalRecord, id: EventID) throws(JournalError) {
    try FileSystem.createDirectories(late, synchronised: true)
    try DurableWrite.create(late.appending("\(id).jsonl"), with: record.line + [0x0A])
  }

  /// The record in a file of `late`; `nil` when what stands there is none.
  private func lateRecord(at path: FilePath) -> JournalRecord? {
    guard let file = try? OpenFile.ifPresent(path), let bytes = try? file.readAll(), bytes.last == 0x0A
    else { return nil }
    return JournalRecord(line: Array(bytes.dropLast()))
  }

  private var latePaths: [FilePath] {
    FileSystem.names(in: late).filter { $0.hasSuffix(".jsonl") }.sorted().map { late.appending($0) }
  }

  /// Moves late records into the ledger, all with one synchronisation: others wait for the lock meanwhile.
  ///
  /// Whoever is killed before their files are gone leaves records that are adopted twice, which does no harm. The caller
  /// holds the lock.
  package func adoptLateRecords() throws(JournalError) {
    let late = latePaths.compactMap { path in lateRecord(at: path).map { (path: path, record: $0) } }
    guard !late.isEmpty else { return }
    for (commit, members) in Dictionary(grouping: late, by: \.record.commit) {
      if let commit { try hold(members.map(\.record.event), for: commit) }
    }
    try append(late.map(\.record))
    for (path, _) in late { try FileSystem.remove(path) }
  }

  /// The records that have been appended since the last call with this mark; late ones come when they are adopted.
  package func records(since mark: inout ReadingMark) throws(JournalError) -> [JournalRecord] {
    var records: [JournalRecord] = []
    let lines = try mark.linesAdded(to: ledger)
    let bytes = lines.span
    LineScanner.forEachLine(in: bytes) { line in
      if let record = JournalRecord(line: [UInt8](copying: bytes, in: line)) { records.append(record) }
    }
    return records
  }

  /// All records, late ones included; a line that is no record is passed over.
  package func records() throws(JournalError) -> [JournalRecord] {
    var records: [JournalRecord] = []
    if let file = try MappedFile(ledger) {
      file.withBytes { bytes in
        LineScanner.forEachLine(in: bytes) { line in
          if let record = JournalRecord(line: [UInt8](copying: bytes, in: line)) { records.append(record) }
        }
      }
    }
    return records + lateRecords
  }

  /// The records that have not been adopted yet.
  var lateRecords: [JournalRecord] { latePaths.compactMap(lateRecord) }
}

// Lines that wait for their note. They are kept here before the journal acknowledges them, so that a recorder that is
// killed between the two leaves a line for the next writer of that note, and never one that nobody looks for.
extension CommonJournal {
  /// Adds lines to those that the note of `commit` lacks, and returns the size in bytes of what was held before.
  @discardableResult
  package func hold(_ lines: [[UInt8]], for commit: String) throws(JournalError) -> Int64 {
    try FileSystem.createDirectories(unnoted)
    let file = try OpenFile(unnoted.appending(commit), .readWrite, options: [.create, .append])
    try file.requireRegular()
    let size = try file.status.size
    try LogFile.append(lines, to: file)
    return size
  }

  /// Takes back lines that were held last, down to `size` bytes: their events could not be recorded.
  package func takeBack(heldFor commit: String, to size: Int64) throws(JournalError) {
    guard size > 0 else { return try release(commit) }
    guard let file = try OpenFile.ifPresent(unnoted.appending(commit), .readWrite) else { return }
    try file.truncate(to: size)
  }

  /// The lines that the note of `commit` lacks; empty when it lacks none.
  package func heldLines(for commit: String) throws(JournalError) -> [UInt8] {
    guard let file = try OpenFile.ifPresent(unnoted.appending(commit)) else { return [] }
    return try file.readAll()
  }

  /// The size of those lines in bytes.
  package func heldSize(for commit: String) -> Int {
    FileIdentity.of(unnoted.appending(commit)).map { Int($0.size) } ?? 0
  }

  /// The commits whose notes lack lines.
  package var heldCommits: [String] { FileSystem.names(in: unnoted).sorted() }

  /// Forgets the held lines of `commit`: they are in its note now.
  package func release(_ commit: String) throws(JournalError) {
    try FileSystem.remove(unnoted.appending(commit))
  }
}
