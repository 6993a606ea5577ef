internal import Events
package import SystemPackage

// What hooks leave for each other and for whatever command runs next. A hook that finds none of it here has nothing to
// do, and knows so without reading the ledger.
//
// A squash is kept in lines: the first has the commit that it will be made on and the number of steps that the reflog of
// HEAD had, the others name the commits that it takes in, one each.

extension CommonJournal {
  /// Whether something here still has to get into a note, or to a commit of a worktree.
  package func isUnsettled(inWorktree name: String) throws(JournalError) -> Bool {
    if !heldCommits.isEmpty || !heirs.isEmpty || !FileSystem.names(in: late).isEmpty { return true }
    return try waitingRecords().contains { $0.worktree == name }
  }

  private var waiting: FilePath { folder.appending("waiting.jsonl") }
  private var inherits: FilePath { folder.appending("inherits") }
  private var squashes: FilePath { folder.appending("squashes") }

  /// Keeps copies of records that wait, before the ledger has them: of one that is never written there the copy is
  /// harmless.
  func keepWaiting(_ records: [JournalRecord]) throws(JournalError) {
    guard !records.isEmpty else { return }
    let file = try OpenFile(waiting, .readWrite, options: [.create, .append])
    try file.requireRegular()
    try LogFile.append(records.map(\.line), to: file)
  }

  /// The records of events that wait, or have just ceased to.
  package func waitingRecords() throws(JournalError) -> [JournalRecord] {
    guard let file = try OpenFile.ifPresent(waiting) else { return [] }
    let bytes = try file.readAll()
    let span = bytes.span
    var records: [JournalRecord] = []
    LineScanner.forEachLine(in: span) { line in
      if let record = JournalRecord(line: [UInt8](copying: span, in: line)) { records.append(record) }
    }
    return records
  }

  /// Forgets the copies of the records for which `isKept` answers false: their events wait no longer.
  ///
  /// The caller holds the lock.
  package func keepWaiting(where isKept: (JournalRecord) -> Bool) throws(JournalError) {
    let records = try waitingRecords()
    let kept = records.filter(isKept)
    guard kept.count < records.count else { return }
    if kept.isEmpty { return try FileSystem.remove(waiting) }
    try DurableWrite.replace(waiting, with: kept.flatMap { $0.line + [0x0A] })
  }

  /// The records that were made in a worktree, the empty name being that of the main one; late ones are not among them.
  ///
  /// Records of other worktrees are passed over without being read.
  package func records(ofWorktree name: String) throws(JournalError) -> [JournalRecord] {
    guard let file = try MappedFile(ledger) else { return [] }
    let ending = JournalRecord.ending(of: name)
    return file.withBytes { bytes in
      var records: [JournalRecord] = []
      LineScanner.forEachLine(in: bytes) { line in
        guard line.count > ending.count else { return }
        let start = line.upperBound - ending.count
        for offset in ending.indices where bytes[start + offset] != ending[offset] { return }
        if let record = JournalRecord(line: [UInt8](copying: bytes, in: line)) { records.append(record) }
      }
      return records
    }
  }
}

// Logs that git may sweep away.
extension CommonJournal {
  private var views: FilePath { folder.appending("views") }

  /// What the ledger and `logs` look like from outside: it is the same as before as long as nothing happens to them.
  package func appearance(of logs: [FilePath]) -> [UInt8] {
    logs.reduce(into: Array("\(FileSystem.appearance(of: ledger))\n".utf8)) { text, log in
      text += Array("\(FileSystem.appearance(of: log)) \(log)\n".utf8)
    }
  }

  /// Whether a worktree's logs were complete when they looked like this.
  package func wasComplete(_ appearance: [UInt8], inWorktree name: String) throws(JournalError) -> Bool {
    try OpenFile.ifPresent(views.appending("in-\(name)"))?.readAll() == appearance
  }

  /// Remembers what a worktree's logs look like now that they are complete.
  package func remember(complete appearance: [UInt8], inWorktree name: String) throws(JournalError) {
    try FileSystem.createDirectories(views)
    try DurableWrite.replace(views.appending("in-\(name)"), with: appearance)
  }
}

// Commits that were made from others.
extension CommonJournal {
  /// Remembers that `commit` was made from `others`, and so takes over what their notes have.
  ///
  /// It needs no lock: lines of two processes do not interleave, and the order of lines means nothing.
  package func inherit(_ commit: String, from others: [String]) throws(JournalError) {
    try FileSystem.createDirectories(inherits)
    let file = try OpenFile(inherits.appending(commit), .readWrite, options: [.create, .append])
    try file.requireRegular()
    try LogFile.append(others.map { Array($0.utf8) }, to: file)
  }

  /// The commits that take over the notes of others.
  package var heirs: [String] { FileSystem.names(in: inherits).sorted() }

  /// The commits that `commit` was made from, as far as its note may lack what theirs have.
  package func ancestors(of commit: String) throws(JournalError) -> [String] {
    try CommonJournal.words(in: inherits.appending(commit)) ?? []
  }

  /// Forgets what `commit` was made from: its note has it all.
  package func releaseHeir(_ commit: String) throws(JournalError) {
    try FileSystem.remove(inherits.appending(commit))
  }

  /// A squash that has not been committed yet.
  package struct Squash: Sendable {
    /// The commit that it will be made on.
    package let head: String
    /// How many steps the reflog of HEAD had: whoever gives the squash up leaves another one there.
    package let steps: Int
    /// The commits that it takes in.
    package let commits: [String]

    /// Creates a squash.
    package init(on head: String, steps: Int, of commits: [String]) {
      self.head = head
      self.steps = steps
      self.commits = commits
    }
  }

  /// Remembers the squash that was begun in a worktree, in place of one before.
  package func remember(_ squash: Squash, inWorktree name: String) throws(JournalError) {
    try FileSystem.createDirectories(squashes)
    let text = "\(squash.head) \(squash.steps)\n" + squash.commits.map { "\($0)\n" }.joined()
    try DurableWrite.replace(path(ofSquashIn: name), with: Array(text.utf8))
  }

  /// Whether a squash was begun in a worktree.
  package func hasSquash(inWorktree name: String) -> Bool { FileSystem.exists(path(ofSquashIn: name)) }

  /// Returns the squash that was begun in a worktree, and forgets it.
  package func takeSquash(inWorktree name: String) throws(JournalError) -> Squash? {
    let path = path(ofSquashIn: name)
    guard let words = try CommonJournal.words(in: path) else { return nil }
    try FileSystem.remove(path)
    guard words.count > 2, let steps = Int(words[1]) else { return nil }
    return Squash(on: words[0], steps: steps, of: Array(words[2...]))
  }

  private func path(ofSquashIn name: String) -> FilePath { squashes.appending("in-\(name)") }

  private static func words(in path: FilePath) throws(JournalError) -> [String]? {
    guard let file = try OpenFile.ifPresent(path) else { return nil }
    return String(decoding: try file.readAll(), as: UTF8.self).split(whereSeparator: \.isWhitespace).map(String.init)
  }
}
