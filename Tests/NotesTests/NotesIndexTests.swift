import Events
import Git
import Notes
import TestSupport
import Testing

struct `An index of notes` {
  private func line(_ number: Int, clock: String = "1") -> String {
    let digits = String(number + 1000)
    return #"{"aggregate_id": "f\#(number % 3)", "event_id": "01KH000000000000000000\#(digits)", "event_type": "E", "#
      + #""lamport_clock": \#(clock), "node_id": "cli:WP\#(number % 5)é", "timestamp": "2026-02-16T09:12:58+00:00"}"#
  }

  /// What an index says, but for its key.
  private func summary(_ index: NotesIndex) -> [String] {
    index.entries.map { entry in
      let events = entry.events.map { event in
        "\(event.id) \(event.lamportClock) \(index.names[event.node]) \(index.names[event.feature]) \(event.isConflict)"
      }
      return "\(entry.note.annotated) \(entry.note.blob) \(entry.unreadableLines) \(entry.isComplete) \(events)"
    }.sorted()
  }

  private func index(of root: ObjectID?, _ repository: borrowing Repository) throws -> NotesIndex {
    var index = NotesIndex()
    try index.update(to: root, in: repository)
    return index
  }

  private func read(_ bytes: [UInt8]) -> NotesIndex? { NotesIndex(bytes: bytes.span) }

  private func fingerprint(_ text: [UInt8], _ index: NotesIndex) -> UInt64 { index.fingerprint(of: text.span) }

  private func body(_ generator: inout SeededGenerator) -> String {
    let count = Int.random(in: 0...3, using: &generator)
    var lines = (0..<count).map { _ in line(Int.random(in: 0..<50, using: &generator)) }
    if Int.random(in: 0..<4, using: &generator) == 0 { lines.append("a remark of a person") }
    if Int.random(in: 0..<8, using: &generator) == 0 { lines.append(line(7, clock: "99999999999999999999999")) }
    if Int.random(in: 0..<8, using: &generator) == 0 { lines.append("{\"conflict\": \(line(8))}") }
    return lines.map { $0 + "\n" }.joined()
  }

  @Test(arguments: [UInt64(1), 2, 3])
  func `is the same from whatever notes it was brought up to date, also as a file`(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let prepared = try NotedRepository(count: 300)
    let repository = try open(prepared.path)
    var (root, kept): (ObjectID?, NotesIndex) = (nil, NotesIndex())
    var roots: [ObjectID?] = [nil]
    for step in 0..<12 {
      // Flat at first, then split, then mixed as other tools leave trees.
      let count = step < 3 ? 10 : 120
      let notes = try prepared.notes.shuffled(using: &generator).prefix(count).map { note in
        Note(annotated: note.annotated, blob: try repository.write(blob: Array(body(&generator).utf8)))
      }
      if step % 4 == 3, let base = root {
        root = try prepared.tree(from: base, with: (path: notes[0].annotated.description, blob: notes[0].blob))
      } else {
        root = try NotesTree.setting(notes, in: root, of: repository)
      }
      if step == 7 { root = roots[2] }
      roots.append(root)
      try kept.update(to: root, in: repository)
      let fresh = try index(of: root, repository)
      #expect(summary(kept) == summary(fresh), "step \(step)")
      let reread = try #require(read(kept.bytes))
      #expect(summary(reread) == summary(kept) && reread.tree == root && reread.bytes == kept.bytes)
      let text = Array(line(1).utf8)
      #expect(fingerprint(text, reread) == fingerprint(text, kept))
    }
    try kept.update(to: nil, in: repository)
    #expect(kept.entries.isEmpty)
  }

  @Test func `that is torn, damaged or of another version is none`() throws {
    let prepared = try NotedRepository(count: 20)
    let repository = try open(prepared.path)
    let notes = try prepared.notes.enumerated().map { number, note in
      Note(annotated: note.annotated, blob: try repository.write(blob: Array("\(line(number))\n".utf8)))
    }
    let bytes = try index(of: NotesTree.setting(notes, in: nil, of: repository), repository).bytes
    #expect(read(bytes) != nil)
    for count in bytes.indices { #expect(read(Array(bytes[..<count])) == nil) }
    for index in bytes.indices {
      var damaged = bytes
      damaged[index] ^= 1 << UInt8(index % 8)
      #expect(read(damaged) == nil, "byte \(index)")
    }
    #expect(read(bytes + bytes) == nil)
  }

  @Test func `forgets what led to HEAD when HEAD went elsewhere, and not when it went on`() throws {
    let prepared = try NotedRepository(count: 2)
    let repository = try open(prepared.path)
    var index = try index(of: NotesTree.setting(prepared.notes, in: nil, of: repository), repository)
    let (first, second) = (prepared.notes[0].annotated, prepared.notes[1].annotated)
    try index.move(to: first) { _ in false }
    index.remember(leadingToHead: [second])
    #expect(index.entries.filter(\.leadsToHead).map(\.note.annotated) == [second])
    try index.move(to: second) { old in old == first }
    #expect(index.entries.filter(\.leadsToHead).map(\.note.annotated) == [second])
    try index.move(to: first) { _ in false }
    #expect(index.entries.allSatisfy { !$0.leadsToHead })
  }

  @Test func `tells lines apart, and takes another key each time`() throws {
    let index = NotesIndex()
    let text = Array(line(1).utf8)
    var seen: Set<UInt64> = [fingerprint(text, index)]
    for position in text.indices {
      for bit in 0..<8 {
        var other = text
        other[position] ^= 1 << UInt8(bit)
        #expect(seen.insert(fingerprint(other, index)).inserted)
      }
      #expect(seen.insert(fingerprint(Array(text[..<position]), index)).inserted)
    }
    #expect(fingerprint(text, NotesIndex()) != fingerprint(text, index))
  }
}
