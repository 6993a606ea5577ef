internal import Events
internal import Git
internal import Notes

// A checkpoint is kept as a file of 64-bit words, each with its least byte first:
//
//   "kgtmerge"     what the file is
//   version        1; a file of another version is no checkpoint
//   key            the key of the fingerprints
//   length         the words of an object's name: 3 for SHA-1, the last of them half used, 4 for SHA-256
//   ref            the notes reference: the number of its bytes, then these, filled up with zeros
//   tip, joined    the commit of the reference, and the one up to which its past had been joined: a word that is 1 where
//                  there is one, then its name or zeros
//   notes, head    the tree of the notes, and the commit that HEAD was at, likewise
//   past           notes that there had been: their number, then for each the annotated object and the blob
//   unsettled      notes that are to be read again, likewise
//   unripe         how many of these had no events that the journal knew
//   settled        the number of the other notes, and that of their lines that are no events
//   clocks         their number, then for each the node, a text as above, and its highest value in settled notes
//   features       their number, then for each the slug and the number of its settled events
//   folders        their number, then for each the name, the tree and the log (as above), the numbers of its committed
//                  lines of settled events and of those in the work tree's log alone, each with the sum of their
//                  fingerprints; the appearance of that log; the number of slugs in it, and these
//   events         their number, then the fingerprints of their ids in ascending order, then for each of them the
//                  folder's number, the last one of several, from bit 8 on; bit 0 when it was settled, bit 1 when only
//                  the log in the work tree had it, bit 2 when several folders did
//   checksum       of all words before
//
// A file that is torn, or whose checksum does not fit, is no checkpoint; everything is then looked at anew. It may be
// deleted at any time.
extension MergeCheckpoint {
  private static let magic = Words.word("kgtmerge")
  private static let version: UInt64 = 1

  /// The file.
  var bytes: [UInt8] {
    var words = Words()
    let length = head.count == 32 ? 4 : 3
    words.values = [MergeCheckpoint.magic, MergeCheckpoint.version, fingerprints.key, UInt64(length)]
    words.append(JSONString(ref))
    for object in [past.tip, past.joined, notes, head] { words.append(optional: object, length) }
    for notes in [past.notes, unsettled] {
      words.values.append(UInt64(notes.count))
      for note in notes {
        words.append(note.annotated, length)
        words.append(note.blob, length)
      }
    }
    words.values += [UInt64(unripeNotes), UInt64(settledNotes), UInt64(unreadableLines), UInt64(clocks.sorted.count)]
    for (node, value) in clocks.sorted {
      words.append(node)
      words.values.append(value.saturated)
    }
    words.values.append(UInt64(counts.count))
    for (feature, count) in counts.sorted(by: { $0.key < $1.key }) {
      words.append(JSONString(feature.description))
      words.values.append(UInt64(count))
    }
    words.values.append(UInt64(folders.count))
    for folder in folders {
      words.append(JSONString(folder.name.description))
      for object in [folder.tree, folder.log] { words.append(optional: object, length) }
      for lines in [folder.committed, folder.uncommitted] { words.values += [lines.count, lines.sum] }
      words.values += [folder.appearance, UInt64(folder.aggregates.count)]
      for aggregate in folder.aggregates.sorted() { words.append(JSONString(aggregate.description)) }
    }
    words.values.append(UInt64(events.count))
    words.values += events
    words.values += places
    words.values.append(words.checksum)
    return words.bytes
  }

  /// Reads a file's words; `nil` when it is no checkpoint.
  init?(words: [UInt64]) {
    guard var words = Words(words), words.next() == MergeCheckpoint.magic, words.next() == MergeCheckpoint.version,
      let key = words.next(), let length = words.count(atMost: 4), length > 2, let ref = words.string(),
      case .some(.some(let tip)) = words.object(length), let joined = words.object(length),
      let notes = words.object(length), case .some(.some(let head)) = words.object(length),
      let past = words.notes(length), let unsettled = words.notes(length),
      let unripeNotes = words.count(atMost: .max),
      let settledNotes = words.count(atMost: .max), let unreadableLines = words.count(atMost: .max),
      let clockCount = words.count()
    else { return nil }
    var clocks = ClockTable()
    for _ in 0..<clockCount {
      guard let node = words.string(), let value = words.next() else { return nil }
      clocks.raise(node, to: LamportValue(value))
    }
    guard let featureCount = words.count() else { return nil }
    var counts: [FeatureName: Int] = [:]
    for _ in 0..<featureCount {
      guard let feature = words.string(), let count = words.count(atMost: .max) else { return nil }
      counts[FeatureName(feature.description)] = count
    }
    guard let folderCount = words.count() else { return nil }
    var folders: [Folder] = []
    for _ in 0..<folderCount {
      guard let folder = words.folder(length) else { return nil }
      folders.append(folder)
    }
    guard let eventCount = words.count(), let events = words.take(eventCount), let places = words.take(eventCount),
      words.isAtEnd, places.allSatisfy({ $0 >> 8 < UInt64(folderCount) })
    else { return nil }
    self.init(
      fingerprints: Fingerprints(key: key), ref: ref.description,
      past: Past(tip: tip, joined: joined, notes: past), notes: notes, head: head, unsettled: unsettled,
      unripeNotes: unripeNotes,
      settledNotes: settledNotes, unreadableLines: unreadableLines, clocks: clocks, counts: counts, folders: folders,
      events: events, places: places)
  }
}

extension Words {
  fileprivate mutating func notes(_ length: Int) -> [Note]? {
    guard let count = count() else { return nil }
    var notes: [Note] = []
    for _ in 0..<count {
      guard let annotated = name(length), let blob = name(length) else { return nil }
      notes.append(Note(annotated: annotated, blob: blob))
    }
    return notes
  }

  fileprivate mutating func folder(_ length: Int) -> MergeCheckpoint.Folder? {
    guard let name = string(), let tree = object(length), let log = object(length), let committed = lines(),
      let uncommitted = lines(), let appearance = next(), let count = count()
    else { return nil }
    var aggregates: Set<FeatureName> = []
    for _ in 0..<count {
      guard let aggregate = string() else { return nil }
      aggregates.insert(FeatureName(aggregate.description))
    }
    return MergeCheckpoint.Folder(
      name: FeatureName(name.description), tree: tree, log: log, committed: committed, uncommitted: uncommitted,
      appearance: appearance, aggregates: aggregates)
  }

  private mutating func lines() -> MergeCheckpoint.Lines? {
    guard let count = next(), let sum = next() else { return nil }
    return MergeCheckpoint.Lines(count: count, sum: sum)
  }
}
