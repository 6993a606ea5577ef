internal import Events
internal import Git

// An index is kept as a file of 64-bit words, each with its least byte first:
//
//   "kgtindex"     what the file is
//   version        1; a file of another version is no index
//   key            the key of the fingerprints
//   length         the words of an object's name: 3 for SHA-1, the last of them half used, 4 for SHA-256
//   counts         of names, of notes and of events: three words
//   tree           the tree of the notes: a word that is 1 where there is one, then its name or zeros
//   head           the commit that notes which say so lead to, likewise
//   names          of nodes and features: for each the number of its bytes, then these, filled up with zeros
//   notes          for each: the annotated object, the blob, the number of events, that of lines that are none, and
//                  flags: 1 events and lines are all there is to say, 2 the annotated commit leads to head
//   events         of all notes in turn: the id in two words; its top bits, above them, from bit 8 on, whether it is
//                  the loser of a conflict; the clock; the fingerprint of the line; the node's number, and from bit 32
//                  on the feature's
//   checksum       of all words before
//
// A file that is torn, or whose checksum does not fit, is no index; notes are then read anew. It may be deleted at any
// time.
extension NotesIndex {
  private static let magic = Words.word("kgtindex")
  private static let version: UInt64 = 1

  /// The file.
  package var bytes: [UInt8] {
    var words = Words()
    let length = entries.first.map { $0.note.annotated.count } == 32 ? 4 : 3
    words.values = [NotesIndex.magic, NotesIndex.version, fingerprints.key, UInt64(length)]
    let eventCount = entries.reduce(0) { $0 + $1.events.count }
    words.values += [UInt64(names.count), UInt64(entries.count), UInt64(eventCount)]
    words.values.reserveCapacity(64 + entries.count * (2 * length + 3) + eventCount * 6 + names.count * 8)
    for object in [tree, head] { words.append(optional: object, length) }
    for name in names { words.append(name) }
    for entry in entries {
      words.append(entry.note.annotated, length)
      words.append(entry.note.blob, length)
      let flags: UInt64 = (entry.isComplete ? 1 : 0) | (entry.leadsToHead ? 2 : 0)
      words.values += [UInt64(entry.events.count), UInt64(entry.unreadableLines), flags]
    }
    for event in entries.lazy.flatMap(\.events) {
      let (high, low, top) = event.id.words
      words.values += [high, low, top | (event.isConflict ? 1 << 8 : 0), event.lamportClock, event.line]
      words.values.append(UInt64(event.node) | UInt64(event.feature) << 32)
    }
    words.values.append(words.checksum)
    return words.bytes
  }

  /// Reads a file; `nil` when it is no index.
  package init?(bytes: Span<UInt8>) {
    guard var words = Words(bytes), words.next() == NotesIndex.magic, words.next() == NotesIndex.version else {
      return nil
    }
    guard let key = words.next(), let length = words.count(atMost: 4), length > 2,
      let nameCount = words.count(), let noteCount = words.count(), let eventCount = words.count(),
      let tree = words.object(length), let head = words.object(length)
    else { return nil }
    var names: [JSONString] = []
    for _ in 0..<nameCount {
      guard let name = words.string() else { return nil }
      names.append(name)
    }
    var shapes: [(note: Note, events: Int, unreadable: Int, flags: UInt64)] = []
    shapes.reserveCapacity(noteCount)
    for _ in 0..<noteCount {
      guard let annotated = words.name(length), let blob = words.name(length), let events = words.count(),
        let unreadable = words.count(atMost: .max), let flags = words.next()
      else { return nil }
      shapes.append((Note(annotated: annotated, blob: blob), events, unreadable, flags))
    }
    guard shapes.reduce(0, { $0 + $1.events }) == eventCount else { return nil }
    var entries: [Entry] = []
    entries.reserveCapacity(noteCount)
    for shape in shapes {
      var events: [Event] = []
      events.reserveCapacity(shape.events)
      for _ in 0..<shape.events {
        guard let event = Event(in: &words, names: nameCount) else { return nil }
        events.append(event)
      }
      entries.append(
        Entry(
          note: shape.note, events: events, unreadableLines: shape.unreadable, isComplete: shape.flags & 1 != 0,
          leadsToHead: shape.flags & 2 != 0))
    }
    guard words.isAtEnd else { return nil }
    self.init(tree: tree, head: head, fingerprints: Fingerprints(key: key), names: names, entries: entries)
  }
}

extension NotesIndex.Event {
  fileprivate init?(in words: inout Words, names: Int) {
    guard let high = words.next(), let low = words.next(), let top = words.next(), let clock = words.next(),
      let line = words.next(), let numbers = words.next(), let id = EventID(words: (high, low, top & 0xFF))
    else { return nil }
    let (node, feature) = (Int(numbers & 0xFFFF_FFFF), Int(numbers >> 32))
    guard node < names, feature < names else { return nil }
    self.init(id: id, line: line, lamportClock: clock, node: node, feature: feature, isConflict: top >> 8 != 0)
  }
}
