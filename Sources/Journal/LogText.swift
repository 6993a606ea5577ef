internal import CSystemCalls
internal import CWords
internal import Events
internal import Glibc
internal import SystemPackage

// Writing a large log is copying: nearly all that is written stands in the logs that were read. Lines are gathered in a
// buffer that fits into the processor's cache, and written from there; where many stand side by side, they are written
// from where they are. The file gets its size first, so that the system need not find room bit by bit, and the disk gets
// its work on the way: whoever waits in the end for all of it to be stored waits for little. Two threads write a half
// each: while one waits for the system, the other gathers.

/// The written form of a set on its way into a file.
struct LogText: Sendable {
  private let events: EventSet

  /// How much is gathered before it is written; lines that stand side by side are not, from `longRun` bytes on.
  private static let (bufferSize, longRun, longestWrite) = (256 << 10, 64 << 10, 1 << 20)

  /// How much is written before the disk is told to begin with it.
  private static let storedAtOnce = 2 << 20

  /// How many lines ahead memory is asked for: one after the other they stand anywhere in the sources.
  private static let linesAhead = 12
  /// How much of each is asked for; of what is longer, processors see that the rest will follow.
  private static let fetchedLength = 512

  /// All sources are looked into at once, unless there are more.
  private static let maximumSources = 64

  /// Creates the text of `events`.
  init(_ events: EventSet) { self.events = events }

  /// Writes the text into an empty file.
  func write(to file: borrowing OpenFile, by workers: some Workers) throws(JournalError) {
    let size = events.size(ofEvents: 0..<events.count)
    guard size >= LogText.longestWrite, events.sources.count <= LogText.maximumSources else {
      return try writeLineByLine(to: file)
    }
    // Where that cannot be done, writing will say why.
    _ = posix_fallocate(file.descriptor.rawValue, 0, size)
    let target = Target(descriptor: file.descriptor, path: file.path)
    let middle = workers.share(size) ? events.count / 2 : events.count
    let start = events.size(ofEvents: 0..<middle)
    let failures = workers.both(
      { self.failure(ofWriting: 0..<middle, at: 0, to: target) },
      { self.failure(ofWriting: middle..<events.count, at: start, to: target) })
    if let failure = failures.0 ?? failures.1 { throw failure }
    try write(to: target, at: size) { body throws(JournalError) in try events.forEachOtherLine(body) }
  }

  private func writeLineByLine(to file: borrowing OpenFile) throws(JournalError) {
    let target = Target(descriptor: file.descriptor, path: file.path)
    try write(to: target, at: 0) { body throws(JournalError) in try events.forEachLine(body) }
  }

  /// Writes the lines that `forEach` comes to at `offset` of the file, many at once; a long one, which may have
  /// gigabytes, is written from where it is.
  private func write(
    to target: Target, at offset: Int,
    _ forEach: ((Span<UInt8>) throws(JournalError) -> Void) throws(JournalError) -> Void
  ) throws(JournalError) {
    var offset = offset
    var buffer: [UInt8] = []
    buffer.reserveCapacity(LogText.bufferSize)
    try forEach { line throws(JournalError) in
      let isLong = line.count >= LogText.longRun
      if isLong || buffer.count + line.count + 1 > LogText.bufferSize {
        try target.write(buffer.span, at: offset)
        offset += buffer.count
        buffer.removeAll(keepingCapacity: true)
      }
      if isLong {
        try target.write(line, at: offset)
        offset += line.count
      } else {
        for index in line.indices { buffer.append(line[index]) }
      }
      buffer.append(0x0A)
    }
    try target.write(buffer.span, at: offset)
  }

  private func failure(ofWriting range: Range<Int>, at offset: Int, to target: Target) -> JournalError? {
    do throws(JournalError) {
      try unsafe LogText.withBytes(of: events.sources[...], after: []) { sources throws(JournalError) in
        try unsafe write(range, of: sources, at: offset, to: target)
      }
      return nil
    } catch {
      return error
    }
  }

  /// Calls `body` with the bytes of all sources, which stay where they are for that long.
  private static func withBytes(
    of sources: ArraySlice<any LineStorage>, after known: [UnsafeRawBufferPointer],
    _ body: ([UnsafeRawBufferPointer]) throws(JournalError) -> Void
  ) throws(JournalError) {
    guard let first = sources.first else { return try unsafe body(known) }
    try first.withBytes { span throws(JournalError) in
      try unsafe span.withUnsafeBytes { bytes throws(JournalError) in
        try unsafe withBytes(of: sources.dropFirst(), after: known + [bytes], body)
      }
    }
  }

  /// Writes the lines of some events at `offset` of the file.
  private func write(
    _ range: Range<Int>, of sources: [UnsafeRawBufferPointer], at offset: Int, to target: Target
  ) throws(JournalError) {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: LogText.bufferSize, alignment: 64)
    defer { unsafe buffer.deallocate() }
    var (filled, offset, stored) = (0, offset, offset)
    func write(_ bytes: UnsafeRawBufferPointer) throws(JournalError) {
      try unsafe target.write(bytes, at: offset)
      offset += bytes.count
      guard offset - stored >= LogText.storedAtOnce else { return }
      target.beginToStore(stored..<offset)
      stored = offset
    }
    func flush() throws(JournalError) {
      try unsafe write(UnsafeRawBufferPointer(rebasing: buffer[..<filled]))
      filled = 0
    }
    var index = range.lowerBound
    while index < range.upperBound {
      if index + LogText.linesAhead < range.upperBound {
        let ahead = events.place(ofEvent: index + LogText.linesAhead)
        let end = ahead.offset + min(ahead.length, LogText.fetchedLength)
        unsafe fetch(UnsafeRawBufferPointer(rebasing: sources[ahead.source][ahead.offset..<end]))
      }
      let place = events.place(ofEvent: index)
      let source = unsafe sources[place.source]
      var end = place.offset + place.length
      index += 1
      while index < range.upperBound, end < source.count, unsafe source[end] == 0x0A {
        let next = events.place(ofEvent: index)
        guard next.source == place.source, next.offset == end + 1 else { break }
        end = next.offset + next.length
        index += 1
      }
      let run = unsafe UnsafeRawBufferPointer(rebasing: source[place.offset..<end])
      let isLong = run.count >= LogText.longRun
      if isLong || filled + run.count + 1 > buffer.count { try flush() }
      if isLong {
        try unsafe write(run)
      } else {
        unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]).copyMemory(from: run)
        filled += run.count
      }
      unsafe buffer[filled] = 0x0A
      filled += 1
    }
    try flush()
  }

  /// Asks for the memory of a line.
  private func fetch(_ line: UnsafeRawBufferPointer) {
    var offset = 0
    while offset < line.count {
      unsafe words_fetch(line.baseAddress?.advanced(by: offset))
      offset += 64
    }
  }

  /// The file that is written to; whoever made it keeps it open.
  private struct Target: Sendable {
    let descriptor: FileDescriptor
    let path: FilePath

    func write(_ bytes: Span<UInt8>, at offset: Int) throws(JournalError) {
      try unsafe bytes.withUnsafeBytes { bytes throws(JournalError) in try unsafe write(bytes, at: offset) }
    }

    /// Writes all of `bytes` at `offset`.
    func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(JournalError) {
      var written = 0
      while written < bytes.count {
        let piece = unsafe bytes[written..<min(bytes.count, written + LogText.longestWrite)]
        written += try attempting("write to \(path)") {
          try unsafe descriptor.write(
            toAbsoluteOffset: Int64(offset + written), UnsafeRawBufferPointer(rebasing: piece))
        }
      }
    }

    /// Has the disk begin with what was written at `range`, and does not wait for it.
    func beginToStore(_ range: Range<Int>) {
      begin_to_store(descriptor.rawValue, Int64(range.lowerBound), Int64(range.count))
    }
  }
}
