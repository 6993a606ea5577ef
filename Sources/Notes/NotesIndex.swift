package import Events
package import Git

/// What the notes of one tree are about, without their texts: which commits carry which events of which features.
///
/// To read a hundred thousand notes takes seconds, and nearly all of them say what they said the last time. The index
/// names the tree that it was made from, and a tree's name stands for its content: so it is right for that tree for
/// ever, and another tree is reached by reading what differs. Whether an event's line is the same as another one is
/// told by a fingerprint under a random key, so that nobody can make two lines that look the same.
package struct NotesIndex: Sendable {
  /// A line of a note that is an event.
  package struct Event: Sendable {
    /// The event's id.
    package let id: EventID
    /// The fingerprint of its line.
    package let line: UInt64
    /// Its clock.
    package let lamportClock: UInt64
    /// The numbers of its node and its feature among the index's names.
    package let node, feature: Int
    /// Whether the note has it as the loser of a conflict.
    package let isConflict: Bool
  }

  /// One note.
  package struct Entry: Sendable {
    /// The note.
    package let note: Note
    /// The events among its lines.
    package let events: [Event]
    /// How many of its lines are no events.
    package let unreadableLines: Int
    /// Whether `events` says all; not so where the blob is absent from this clone or too large, or a clock is too
    /// large for it.
    package let isComplete: Bool
    /// Whether the annotated commit is known to lead to ``NotesIndex/head``.
    package internal(set) var leadsToHead = false

    /// Whether the note could not be read: this clone does not have its blob, or that is too large.
    package var isUnread: Bool { !isComplete && events.isEmpty }
  }

  /// The tree that holds the notes; `nil` when there are none.
  package private(set) var tree: ObjectID?
  /// The commit that entries which say so lead to.
  package private(set) var head: ObjectID?
  /// The notes.
  package private(set) var entries: [Entry] = []
  /// The names of nodes and features.
  package private(set) var names: [JSONString] = []

  private var numbers: [JSONString: Int] = [:]
  /// What lines are told by.
  package let fingerprints: Fingerprints

  /// Creates the index of no notes.
  package init() { fingerprints = Fingerprints() }

  init(tree: ObjectID?, head: ObjectID?, fingerprints: Fingerprints, names: [JSONString], entries: [Entry]) {
    self.tree = tree
    self.head = head
    self.fingerprints = fingerprints
    self.names = names
    self.entries = entries
    for (number, name) in names.enumerated() { numbers[name] = number }
  }

  /// Brings the index up to date with the notes of another tree; calls `progress` with how many have been read.
  ///
  /// - Throws: ``GitError`` when a tree cannot be read: that of the index may be gone, and then a new index can be made.
  package mutating func update(
    to tree: ObjectID?, in repository: borrowing Repository,
    _ progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws(GitError) {
    let changes = try NotesTree.changes(from: self.tree, to: tree, in: repository)
    let removals = try NotesTree.changes(from: tree, to: self.tree, in: repository)
    var stale = Set((changes + removals).map(\.annotated))
    // What was absent may have been fetched since.
    for entry in entries where !entry.isComplete { stale.insert(entry.note.annotated) }
    if !stale.isEmpty {
      entries.removeAll { stale.contains($0.note.annotated) }
      // An object may have several notes in a tree that git has not written.
      let blobs = try NotesTree.blobs(annotating: stale, in: tree, of: repository)
      entries.reserveCapacity(entries.count + blobs.count)
      for (number, annotated) in blobs.keys.sorted().enumerated() {
        if number % 256 == 0 { progress(number, blobs.count) }
        for blob in Set(blobs[annotated] ?? []).sorted() {
          entries.append(try entry(Note(annotated: annotated, blob: blob), in: repository))
        }
      }
    }
    self.tree = tree
  }

  private mutating func entry(_ note: Note, in repository: borrowing Repository) throws(GitError) -> Entry {
    guard case .bytes(let body) = try repository.note(note.blob) else {
      return Entry(note: note, events: [], unreadableLines: 0, isComplete: false)
    }
    var events: [Event] = []
    var (unreadable, isComplete) = (0, true)
    let bytes = body.span
    LineScanner.forEachLine(in: bytes) { range in
      switch LineScanner.content(of: range, in: bytes) {
      case .event(let envelope): events.append(event(envelope, in: bytes, isConflict: false))
      case .conflict(let envelope): events.append(event(envelope, in: bytes, isConflict: true))
      case .marker: return
      case .unreadable: unreadable += 1
      }
      if events.last?.lamportClock == .max { isComplete = false }
    }
    return Entry(note: note, events: events, unreadableLines: unreadable, isComplete: isComplete)
  }

  private mutating func event(_ envelope: Envelope, in bytes: Span<UInt8>, isConflict: Bool) -> Event {
    Event(
      id: envelope.id, line: fingerprint(of: bytes.extracting(envelope.line)),
      lamportClock: envelope.lamportClock.saturated, node: number(of: envelope.nodeID(in: bytes)),
      feature: number(of: envelope.string(envelope.aggregateID, in: bytes)), isConflict: isConflict)
  }

  private mutating func number(of name: JSONString) -> Int {
    if let number = numbers[name] { return number }
    numbers[name] = names.count
    names.append(name)
    return names.count - 1
  }

  /// The number that a line is told by.
  package func fingerprint(of line: Span<UInt8>) -> UInt64 { fingerprints.number(of: line) }

  /// Forgets what led to another commit than `head`, unless `isAncestor` says of that commit that it leads to `head`.
  package mutating func move(
    to head: ObjectID?, _ isAncestor: (ObjectID) throws(GitError) -> Bool
  ) throws(GitError) {
    guard head != self.head else { return }
    let isAhead = if let old = self.head, head != nil { try isAncestor(old) } else { false }
    self.head = head
    guard !isAhead else { return }
    for index in entries.indices { entries[index].leadsToHead = false }
  }

  /// Remembers which of the annotated commits lead to ``head``.
  package mutating func remember(leadingToHead commits: Set<ObjectID>) {
    for index in entries.indices where commits.contains(entries[index].note.annotated) {
      entries[index].leadsToHead = true
    }
  }
}
