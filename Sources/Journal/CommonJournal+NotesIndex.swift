package import Events
internal import SystemPackage

// What reads many notes, or many records, for the sake of a few.
extension CommonJournal {
  /// The index of the notes that was stored last; `nil` when there is none.
  package func notesIndex() throws(JournalError) -> MappedFile? { try MappedFile(index) }

  /// Stores an index of the notes, in one step, in place of the one before.
  ///
  /// The caller holds the lock.
  package func store(notesIndex bytes: [UInt8]) throws(JournalError) {
    try DurableWrite.replace(index, with: bytes)
  }

  /// What the last merge in a worktree left for the next one; `nil` when there is nothing.
  package func checkpoint(inWorktree name: String) throws(JournalError) -> MappedFile? {
    try MappedFile(checkpoints.appending("in-\(name)"))
  }

  /// Stores what the next merge in a worktree goes on from, in one step, in place of what was there.
  ///
  /// Those of worktrees that are not among `names` any more are removed. The caller holds the lock.
  package func store(
    checkpoint bytes: [UInt8], inWorktree name: String, among names: Set<String>
  ) throws(JournalError) {
    try FileSystem.createDirectories(checkpoints)
    try DurableWrite.replace(checkpoints.appending("in-\(name)"), with: bytes)
    for file in FileSystem.names(in: checkpoints)
    where file.hasPrefix("in-") && !names.contains(String(file.dropFirst("in-".count))) {
      try FileSystem.remove(checkpoints.appending(file))
    }
  }

  private var checkpoints: FilePath { folder.appending("settled") }

  private var index: FilePath { folder.appending("notes-index") }

  /// Calls `body` with each event that a record has a commit for, the commit as hexadecimal digits.
  ///
  /// Nothing else of a record is looked at, which takes a tenth of the time.
  package func forEachCarriedEvent(
    _ body: (_ commit: [UInt8], Envelope, Span<UInt8>) -> Void
  ) throws(JournalError) {
    try MappedFile(ledger)?.withBytes { bytes in
      LineScanner.forEachLine(in: bytes) { range in
        let line = bytes.extracting(range)
        guard let commit = JSONScanner.range(ofMember: "commit", in: line),
          line[commit.lowerBound] == UInt8(ascii: "\""),
          let event = JSONScanner.range(ofMember: "line", in: line),
          let envelope = LineScanner.envelope(of: event, in: line)
        else { return }
        body([UInt8](copying: line, in: commit.lowerBound + 1..<commit.upperBound - 1), envelope, line)
      }
    }
    for record in lateRecords {
      let event = record.event.span
      guard let commit = record.commit, let envelope = LineScanner.envelope(of: event.indices, in: event) else {
        continue
      }
      body(Array(commit.utf8), envelope, event)
    }
  }
}
