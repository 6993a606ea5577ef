// Programs that print JSON also print warnings, banners and blank lines, before it, between its values and after it.
// A value is looked for
//
//   where the first `{` of a line stands, or a `[` that begins the line,
//   where the next `{` stands on a line of which a value has been read.
//
// One that begins its line may go on over many lines; one with text before it ends on its line. What does not parse is
// text, and the search goes on in the next line.

/// The JSON objects in an output that has other text around them.
package enum EmbeddedJSON {
  /// Calls `body` with the range of each object, in order; those that are elements of an array count, nested ones do not.
  package static func forEachObject(in bytes: Span<UInt8>, _ body: (Range<Int>) -> Void) {
    var search = Search(bytes)
    while let value = search.next(bytes) {
      if bytes[value.lowerBound] == UInt8(ascii: "{") {
        body(value)
      } else {
        forEachElement(of: value, in: bytes) { element in
          if bytes[element.lowerBound] == UInt8(ascii: "{") { body(element) }
        }
      }
    }
  }

  /// Calls `body` with the range of each element of a well-formed array.
  private static func forEachElement(of array: Range<Int>, in bytes: Span<UInt8>, _ body: (Range<Int>) -> Void) {
    var position = array.lowerBound + 1
    JSONScanner.skipSpace(bytes, &position, array.upperBound)
    while bytes[position] != UInt8(ascii: "]") {
      let start = position
      guard JSONScanner.skipValue(bytes, &position, array.upperBound, depth: 1) else { return }
      body(start..<position)
      let closing = UInt8(ascii: "]")
      guard JSONScanner.skipSeparator(bytes, &position, array.upperBound, closing: closing) == .next else { return }
    }
  }

  /// Where the search stands.
  private struct Search {
    private var position = 0
    /// The end of the line that `position` is on.
    private var lineEnd = 0
    /// How many bytes may still be looked at in vain behind a line's end.
    ///
    /// Each line may begin a value that turns out to be none at the very end of the output; without a bound, the time
    /// would grow with the square of the size.
    private var patience: Int

    init(_ bytes: Span<UInt8>) {
      patience = 4 * bytes.count + 1 << 20
      if bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { position = 3 }
      lineEnd = EmbeddedJSON.endOfLine(position, bytes)
    }

    /// The next value.
    mutating func next(_ bytes: Span<UInt8>) -> Range<Int>? {
      while position < bytes.count {
        if let value = valueOnLine(bytes) {
          position = value.upperBound
          if position > lineEnd { lineEnd = EmbeddedJSON.endOfLine(position, bytes) }
          return value
        }
        position = lineEnd + 1
        lineEnd = EmbeddedJSON.endOfLine(position, bytes)
      }
      return nil
    }

    private mutating func valueOnLine(_ bytes: Span<UInt8>) -> Range<Int>? {
      var start = position
      while start < lineEnd, bytes[start] == 0x20 || bytes[start] == 0x09 || bytes[start] == 0x0D { start += 1 }
      guard start < lineEnd else { return nil }
      if bytes[start] == UInt8(ascii: "{") || bytes[start] == UInt8(ascii: "[") {
        if let end = end(from: start, before: patience > 0 ? bytes.count : lineEnd, bytes) { return start..<end }
        // A bracket may also begin a prefix, as in `[warning] {…}`.
        guard bytes[start] == UInt8(ascii: "[") else { return nil }
        start += 1
      }
      while start < lineEnd, bytes[start] != UInt8(ascii: "{") { start += 1 }
      guard start < lineEnd else { return nil }
      return end(from: start, before: lineEnd, bytes).map { start..<$0 }
    }

    private mutating func end(from start: Int, before limit: Int, _ bytes: Span<UInt8>) -> Int? {
      var end = start
      if JSONScanner.skipValue(bytes, &end, limit, depth: 0) { return end }
      patience -= max(0, end - lineEnd)
      return nil
    }
  }

  private static func endOfLine(_ position: Int, _ bytes: Span<UInt8>) -> Int {
    var end = position
    while end < bytes.count, bytes[end] != 0x0A { end += 1 }
    return end
  }
}
