internal import CSystemCalls

// Of a long output its ends are kept: the first lines, and the last megabytes. A line in between is kept if it holds one
// of the marks that its reader asked for. So what is kept is bounded, and every line of it is whole.

/// A bounded copy of an output.
package struct OutputSample: Sendable {
  /// How much is kept, in bytes.
  package struct Bounds: Sendable {
    let chunkSize: Int
    let maximumChunks: Int
    let maximumEarly: Int

    /// Creates bounds: those of a chunk, of which some last ones are kept, and of the lines before these.
    package init(chunkSize: Int, maximumChunks: Int, maximumEarly: Int) {
      self.chunkSize = chunkSize
      self.maximumChunks = maximumChunks
      self.maximumEarly = maximumEarly
    }

    /// The bounds for an agent's output.
    package static let usual = Bounds(chunkSize: 64 << 10, maximumChunks: 32, maximumEarly: 4 << 20)
  }

  private let marks: [[UInt8]]
  private let bounds: Bounds
  /// The lines that the output begins with, and the marked ones behind them.
  private var early: [UInt8] = []
  /// The last chunks, full but for the one that is being filled.
  private var chunks: [[UInt8]] = []
  private var filling: [UInt8] = []
  /// The beginning of the line that goes on in the first of the chunks; `nil` when it was too long to be kept.
  private var carry: [UInt8]? = []
  private var hasEvicted = false

  /// Creates an empty sample that keeps the lines that hold one of `marks`.
  package init(marks: [[UInt8]] = [], bounds: Bounds = .usual) {
    self.marks = marks
    self.bounds = bounds
  }

  /// Goes on with what comes next.
  package mutating func append(_ bytes: ArraySlice<UInt8>) {
    var rest = bytes
    while !rest.isEmpty {
      let part = rest.prefix(bounds.chunkSize - filling.count)
      filling += part
      rest = rest.dropFirst(part.count)
      guard filling.count == bounds.chunkSize else { continue }
      chunks.append(filling)
      filling.removeAll(keepingCapacity: true)
      if chunks.count > bounds.maximumChunks { evict(chunks.removeFirst()) }
    }
  }

  /// The parts of an output that are kept where no line in between is.
  static func ends(of range: Range<Int64>) -> [Range<Int64>] {
    let late = range.upperBound - Int64(Bounds.usual.maximumChunks * Bounds.usual.chunkSize)
    let early = range.lowerBound + Int64(Bounds.usual.chunkSize)
    return early < late ? [range.lowerBound..<early, late..<range.upperBound] : [range]
  }

  /// Leaves out what comes next, up to what is appended then.
  mutating func skip() {
    for chunk in chunks + [filling] { evict(chunk) }
    chunks = []
    filling = []
    carry = nil
  }

  /// What was kept.
  package var bytes: [UInt8] {
    let late = Array(chunks.joined()) + filling
    guard hasEvicted else { return late }
    guard let carry else {
      // A line that is not whole says less than nothing.
      return early + (late.firstIndex(of: 0x0A).map { late[($0 + 1)...] } ?? [])
    }
    return early + carry + late
  }

  private mutating func evict(_ chunk: [UInt8]) {
    guard !chunk.isEmpty else { return }
    let isFirst = !hasEvicted
    hasEvicted = true
    let lastEnd = chunk.lastLineEnd(in: 0..<chunk.count) ?? -1
    guard lastEnd >= 0 else {
      let fits = (carry?.count ?? 0) + chunk.count <= bounds.chunkSize
      carry = fits ? carry.map { $0 + chunk } : nil
      return
    }
    if isFirst {
      early = Array(chunk[...lastEnd])
    } else if !marks.isEmpty {
      keepMarkedLines(of: Array(chunk[...lastEnd]))
    }
    carry = Array(chunk[(lastEnd + 1)...])
  }

  /// Keeps the marked ones of whole lines, of which the first goes on from the carried beginning.
  private mutating func keepMarkedLines(of lines: [UInt8]) {
    let firstEnd = lines.firstLineEnd(from: 0)
    // What is left of a line that was too long says less than nothing.
    if let carry {
      let first = carry + lines[..<firstEnd]
      if marks.contains(where: { first.first($0, from: 0) != nil }) { keep(first[...]) }
    }
    var position = firstEnd + 1
    // Lines are looked for around marks, since there are far fewer of these.
    var next = marks.map { lines.first($0, from: position) }
    while let found = next.compactMap(\.self).min() {
      let start = lines.lastLineEnd(in: position..<found).map { $0 + 1 } ?? position
      position = lines.firstLineEnd(from: found) + 1
      keep(lines[start..<(position - 1)])
      for (index, mark) in marks.enumerated() where next[index].map({ $0 < position }) ?? false {
        next[index] = lines.first(mark, from: position)
      }
    }
  }

  private mutating func keep(_ line: ArraySlice<UInt8>) {
    guard early.count + line.count < bounds.maximumEarly else { return }
    early += line
    early.append(0x0A)
  }
}

// Swift's own searches take many times as long.
extension [UInt8] {
  /// Where `part` first begins at `start` or behind it.
  fileprivate func first(_ part: [UInt8], from start: Int) -> Int? {
    guard start < count else { return nil }
    let index = unsafe self[start...].withUnsafeBytes { bytes in
      unsafe part.withUnsafeBytes { part in
        unsafe first_index(bytes.baseAddress, bytes.count, part.baseAddress, part.count)
      }
    }
    return index < 0 ? nil : start + index
  }

  /// Where the line that holds `start` ends.
  fileprivate func firstLineEnd(from start: Int) -> Int { first([0x0A], from: start) ?? count }

  /// Where the last line in `range` ends.
  fileprivate func lastLineEnd(in range: Range<Int>) -> Int? {
    let index = unsafe self[range].withUnsafeBytes { unsafe last_index($0.baseAddress, $0.count, 0x0A) }
    return index < 0 ? nil : range.lowerBound + index
  }
}
