internal import CProcesses

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
    // Swift's own search takes many times as long where no line ends.
    let lastEnd = unsafe chunk.withUnsafeBytes { unsafe last_index($0.baseAddress, $0.count, 0x0A) }
    guard lastEnd >= 0 else {
      let fits = (carry?.count ?? 0) + chunk.count <= bounds.chunkSize
      carry = fits ? carry.map { $0 + chunk } : nil
      return
    }
    if isFirst {
      early = Array(chunk[...lastEnd])
    } else if !marks.isEmpty {
      keepMarkedLines(of: chunk[...lastEnd])
    }
    carry = Array(chunk[(lastEnd + 1)...])
  }

  /// Keeps the marked ones of whole lines, of which the first goes on from the carried beginning.
  private mutating func keepMarkedLines(of bytes: ArraySlice<UInt8>) {
    var isFirst = true
    for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
      let whole = isFirst ? carry.map { $0[...] + line } : line
      isFirst = false
      guard let whole, early.count + whole.count < bounds.maximumEarly,
        marks.contains(where: { whole.firstRange(of: $0) != nil })
      else { continue }
      early += whole + [0x0A]
    }
  }
}
