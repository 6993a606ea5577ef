internal import Events
package import SystemPackage

/// The lines of a file or of a text in memory, to be read more than once, a piece at a time.
///
/// However long the file is, only a piece of it is in memory. What is appended to it meanwhile is not read.
package final class LineInput {
  /// An open file where it can be left out: what cannot be copied is taken out of an optional for good.
  private final class Source {
    let file: OpenFile

    init(_ file: consuming OpenFile) { self.file = file }
  }

  private let source: Source?
  private let text: [UInt8]
  /// The number of bytes.
  package let size: Int

  private var window: [UInt8] = []
  private var windowStart = 0
  /// How many lines the last reading met that are longer than readers look at.
  package private(set) var overlongLines = 0
  /// Whether the file ended before the window was full.
  private var hasShrunk = false

  /// How much is read at once, in bytes: little enough to stay in the processor's cache until it has been looked at.
  private static let pieceSize = 128 << 10

  /// Opens the file at `path`; `nil` when there is none.
  package init?(_ path: FilePath) throws(JournalError) {
    guard let file = try OpenFile.ifPresent(path) else { return nil }
    size = Int(try file.status.size)
    source = Source(file)
    text = []
  }

  /// Creates the input of a text.
  package init(_ text: [UInt8]) {
    source = nil
    self.text = text
    size = text.count
  }

  /// Calls `body` with pieces of whole lines and where each piece begins.
  ///
  /// Lines that are longer than readers look at are left out.
  package func forEachPiece(_ body: (Span<UInt8>, _ start: Int) throws(JournalError) -> Void) throws(JournalError) {
    overlongLines = 0
    guard let source else {
      overlongLines = LineInput.overlongLines(in: text, before: size)
      return try LineInput.give(0..<size, of: text) { text throws(JournalError) in try body(text, 0) }
    }
    var piece: [UInt8] = []
    piece.reserveCapacity(LineInput.pieceSize)
    var start = 0
    while start < size {
      let wanted = min(size - start, max(LineInput.pieceSize, piece.capacity))
      try source.file.read(Int64(start)..<Int64(start + wanted), into: &piece)
      let isLast = piece.count < wanted || start + wanted == size
      let whole = isLast ? piece.count : piece.lastIndex { $0 == 0x0A || $0 == 0x0D }.map { $0 + 1 } ?? 0
      if whole > 0 {
        overlongLines += LineInput.overlongLines(in: piece, before: whole)
        let bytes = piece.span
        try body(bytes.extracting(0..<whole), start)
        start += whole
        if isLast { return }
      } else if piece.count <= LineScanner.maximumLength {
        piece.reserveCapacity(piece.count * 4)
      } else {
        overlongLines += 1
        start = try endOfLine(in: source.file, from: start + piece.count)
      }
    }
  }

  /// How many of the lines that end before `end` are longer than readers look at.
  ///
  /// From the farthest place where a line may end the way back to an end is short, so that most bytes are not looked at.
  private static func overlongLines(in text: [UInt8], before end: Int) -> Int {
    var count = 0
    var start = 0
    while end - start > LineScanner.maximumLength {
      let farthest = start + LineScanner.maximumLength
      if let last = text[start...farthest].lastIndex(where: { $0 == 0x0A || $0 == 0x0D }) {
        start = last + 1
      } else {
        count += 1
        start = LineScanner.endOfLine(text.span, farthest) + 1
      }
    }
    return count
  }

  /// Where the line that goes on at `start` ends.
  private func endOfLine(in file: borrowing OpenFile, from start: Int) throws(JournalError) -> Int {
    var piece: [UInt8] = []
    var start = start
    while start < size {
      try file.read(Int64(start)..<Int64(min(size, start + LineInput.pieceSize)), into: &piece)
      let end = LineScanner.endOfLine(piece.span, 0)
      if end < piece.count { return start + end }
      guard !piece.isEmpty else { return size }
      start += piece.count
    }
    return size
  }

  /// Calls `body` with the line that begins at `offset`, without its end; `share` is how much of the file may stay in
  /// memory for the next call, in bytes.
  package func withLine<Result>(
    at offset: Int, keeping share: Int, _ body: (Span<UInt8>) throws(JournalError) -> Result
  ) throws(JournalError) -> Result {
    guard let source else { return try LineInput.give(LineInput.line(at: offset, in: text), of: text, to: body) }
    var wanted = share
    while true {
      let position = offset - windowStart
      if position >= 0, position < window.count {
        let line = LineInput.line(at: position, in: window)
        // Where the window ends, the line may go on, unless the file does too.
        if line.upperBound < window.count || windowStart + window.count >= size || hasShrunk {
          return try LineInput.give(line, of: window, to: body)
        }
        wanted *= 4
      }
      let end = min(size, offset + wanted)
      try source.file.read(Int64(offset)..<Int64(end), into: &window)
      windowStart = offset
      hasShrunk = window.count < end - offset
      // Nothing is left where there was a line.
      guard !window.isEmpty else { return try LineInput.give(0..<0, of: window, to: body) }
    }
  }

  private static func give<Result>(
    _ range: Range<Int>, of text: [UInt8], to body: (Span<UInt8>) throws(JournalError) -> Result
  ) throws(JournalError) -> Result {
    let bytes = text.span
    return try body(bytes.extracting(range))
  }

  private static func line(at start: Int, in bytes: [UInt8]) -> Range<Int> {
    start..<LineScanner.endOfLine(bytes.span, start)
  }
}
