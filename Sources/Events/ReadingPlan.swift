// Logs that are joined begin alike, as far as they were one before branches parted. What a source begins with exactly as
// the first one does need not be read again: its lines say nothing new, and all that is left of them is how many there
// were. So the first source is cut where others part from it, and what was counted up to there counts once more.

/// Which parts of which sources have to be read.
struct ReadingPlan: Sendable {
  /// Whole lines of one source.
  struct Part: Sendable {
    let source: Int32
    let range: Range<Int>
  }

  /// How many lines of each kind have been read.
  struct Counts: Sendable {
    var events = 0
    var markers = 0
    var conflictRecords = 0
  }

  let sources: [any LineStorage]
  private(set) var parts: [Part] = []
  /// For each source how much of it is not read, since the first one begins with it.
  private let known: [Int]

  /// Plans the reading of some sources.
  init(_ sources: [any LineStorage]) {
    self.sources = sources
    known = sources.indices.map { $0 == 0 ? 0 : ReadingPlan.commonLines(sources[0], sources[$0]) }
    for (source, storage) in sources.enumerated() {
      let size = storage.withBytes { $0.count }
      let cuts = source == 0 ? Set(known).sorted() : [known[source]]
      for (start, end) in zip(cuts, cuts.dropFirst() + [size]) where start < end {
        parts.append(Part(source: Int32(source), range: start..<end))
      }
    }
  }

  /// How many bytes have to be read.
  var size: Int { parts.reduce(0) { $0 + $1.range.count } }

  /// The plan in two halves of about the same size.
  var halves: ([Part], [Part]) {
    var rest = size / 2
    var first: [Part] = []
    for (index, part) in parts.enumerated() {
      if rest >= part.range.count {
        rest -= part.range.count
        first.append(part)
        continue
      }
      let cut = sources[Int(part.source)].withBytes { bytes in
        min(part.range.upperBound, LineScanner.endOfLine(bytes, part.range.lowerBound + rest) + 1)
      }
      first.append(Part(source: part.source, range: part.range.lowerBound..<cut))
      let second = [Part(source: part.source, range: cut..<part.range.upperBound)] + parts[(index + 1)...]
      return (first, second.filter { !$0.range.isEmpty })
    }
    return (first, [])
  }

  /// How many lines of each kind were not read, where `counts` says what each of `parts` had.
  func unread(_ parts: [Part], _ counts: [Counts]) -> Counts {
    var unread = Counts()
    for length in known where length > 0 {
      for (part, counts) in zip(parts, counts) where part.source == 0 && part.range.upperBound <= length {
        unread.events += counts.events
        unread.markers += counts.markers
        unread.conflictRecords += counts.conflictRecords
      }
    }
    return unread
  }

  /// The length of the lines, ends included, with which both begin.
  private static func commonLines(_ first: any LineStorage, _ second: any LineStorage) -> Int {
    first.withBytes { first in
      second.withBytes { second in
        var length = first.commonLength(with: second)
        while length > 0, first[length - 1] != 0x0A, first[length - 1] != 0x0D { length -= 1 }
        return length
      }
    }
  }
}
