internal import Events
internal import SystemPackage

// A ledger that only grew would make every merge slower. Once a commit on a branch holds an event in its log, and a note
// holds it too, the ledger is no longer what keeps it.
extension CommonJournal {
  /// Drops the records for which `isKept` answers false, and returns how many these are.
  ///
  /// The ledger is replaced in one step; lines that are no records stay. The caller holds the lock.
  package func compact(keeping isKept: (JournalRecord) -> Bool) throws(JournalError) -> Int {
    guard let file = try MappedFile(ledger) else { return 0 }
    let identity = FileIdentity.of(ledger)
    var kept: [UInt8] = []
    var dropped = 0
    file.withBytes { bytes in
      LineScanner.forEachLine(in: bytes) { range in
        let line = [UInt8](copying: bytes, in: range)
        if let record = JournalRecord(line: line), !isKept(record) {
          dropped += 1
        } else if !line.isEmpty {
          kept += line
          kept.append(0x0A)
        }
      }
    }
    guard dropped > 0 else { return 0 }
    // Without the records the clocks are what a feature goes on from, so they have to last as the records did.
    for name in FileSystem.names(in: clocks) where name.hasSuffix(".json") {
      try OpenFile.ifPresent(clocks.appending(name))?.synchronise()
    }
    try DurableWrite.replace(ledger, expecting: identity, .synchronised) { emit throws(JournalError) in
      try emit(kept)
    }
    return dropped
  }

  /// The commit of the notes reference `name` up to which nothing in its past is missing, as hexadecimal digits; `nil`
  /// when that is not known.
  package func joinedNotes(of name: String) throws(JournalError) -> String? {
    guard let file = try OpenFile.ifPresent(joined) else { return nil }
    let words = String(decoding: try file.readAll(), as: UTF8.self).split(whereSeparator: \.isWhitespace)
    return words.count == 2 && words[0] == name ? String(words[1]) : nil
  }

  /// Remembers that nothing is missing in the past of `commit` of the notes reference `name`.
  package func remember(joinedNotes commit: String, of name: String) throws(JournalError) {
    guard try joinedNotes(of: name) != commit else { return }
    try DurableWrite.replace(joined, with: Array("\(name) \(commit)\n".utf8))
  }

  private var joined: FilePath { folder.appending("notes-joined") }
}
