package import Events
internal import SystemPackage

// A ledger that only grew would make every merge slower. Once a commit on a branch holds an event in its log, and a note
// holds it too, the ledger is no longer what keeps it. What stays are the id of the event, so that it is known when it is
// recorded once more, and the names of the commits that carry it: should they vanish later, they are known to have been
// here, and not to be somebody else's that never were.
extension CommonJournal {
  /// Drops the records for which `commits` answers with the commits that carry the event, and returns how many these
  /// are; a record for which it answers `nil` stays.
  ///
  /// The ledger is replaced in one step; lines that are no records stay. The caller holds the lock.
  package func compact(_ carriers: (JournalRecord) -> [String]?) throws(JournalError) -> Int {
    guard let file = try MappedFile(ledger) else { return 0 }
    let identity = FileIdentity.of(ledger)
    var kept: [UInt8] = []
    var dropped = 0
    var commits: Set<String> = []
    var ids: [[UInt8]] = []
    file.withBytes { bytes in
      LineScanner.forEachLine(in: bytes) { range in
        let line = [UInt8](copying: bytes, in: range)
        if let record = JournalRecord(line: line), let carriers = carriers(record) {
          dropped += 1
          commits.formUnion(carriers)
          if let event = Event(line: record.event) {
            ids.append(Array("\(event.id) \(event.lamportClock) \(carriers.first ?? "-")".utf8))
          }
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
    try append(commits.subtracting(try recordedCommits()).sorted().map { Array($0.utf8) }, to: recorded)
    try append(ids, to: forgotten)
    try DurableWrite.replace(ledger, expecting: identity, .synchronised) { emit throws(JournalError) in
      try emit(kept)
    }
    return dropped
  }

  private func append(_ lines: [[UInt8]], to path: FilePath) throws(JournalError) {
    guard !lines.isEmpty else { return }
    let file = try OpenFile(path, .readWrite, options: [.create, .append])
    try file.requireRegular()
    try LogFile.append(lines, to: file)
    try file.synchronise()
  }

  /// An event whose record has been dropped.
  package struct DroppedEvent: Sendable {
    /// Its clock value.
    package let lamportClock: LamportValue
    /// A commit that carries it, as hexadecimal digits.
    package let commit: String
  }

  /// Those of `ids` whose records have been dropped.
  package func dropped(among ids: Set<EventID>) throws(JournalError) -> [EventID: DroppedEvent] {
    guard let file = try MappedFile(forgotten) else { return [:] }
    let wanted = Set(ids.map { "\($0)" })
    var events: [EventID: DroppedEvent] = [:]
    file.withBytes { bytes in
      LineScanner.forEachLine(in: bytes) { range in
        let words = String(decoding: [UInt8](copying: bytes, in: range), as: UTF8.self).split(separator: " ")
        guard words.count == 3, wanted.contains(String(words[0])), let id = EventID(String(words[0])),
          let clock = LamportValue(digits: words[1])
        else { return }
        events[id] = DroppedEvent(lamportClock: clock, commit: String(words[2]))
      }
    }
    return events
  }

  private var forgotten: FilePath { folder.appending("dropped") }

  /// The commits that carry events whose records have been dropped, as hexadecimal digits.
  package func recordedCommits() throws(JournalError) -> Set<String> {
    guard let file = try OpenFile.ifPresent(recorded) else { return [] }
    return Set(String(decoding: try file.readAll(), as: UTF8.self).split(separator: "\n").map(String.init))
  }

  private var recorded: FilePath { folder.appending("commits") }

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
