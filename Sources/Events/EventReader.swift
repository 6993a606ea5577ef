/// Reads the events among lines, one after the other.
///
/// Nearly all lines are told by their shapes (see LineShapes), which a reader learns from those before them; what has no
/// known shape is parsed. Both ways come to the same.
package struct EventReader {
  /// The event's line; it is given to others as `inout`, since as a value all of its places would be copied.
  package var line = EventLine()

  private var shapes = LineShapes()
  /// What the event says of itself, if it was parsed.
  private var parsed = Envelope.none
  private var isParsed = false

  /// Creates a reader that knows no shape.
  package init() {}

  /// What the event says of itself.
  package var envelope: Envelope { isParsed ? parsed : line.envelope }

  /// Where the members of the event's payload stand.
  package var members: PayloadMembers { PayloadMembers(line.places) }

  /// Goes on to the next event among the lines of `bytes` from `position` on, and moves that behind its line; false
  /// when there are no more.
  package mutating func readNext(in bytes: Span<UInt8>, from position: inout Int) -> Bool {
    while position < bytes.count {
      if shapes.read(bytes, at: position, into: &line) {
        position = line.end &+ 1
        isParsed = false
        return true
      }
      if readUnknown(in: bytes, from: &position) { return true }
    }
    return false
  }

  /// Parses the line that begins at `position`, which moves behind it; false when it is no event.
  @inline(never)
  private mutating func readUnknown(in bytes: Span<UInt8>, from position: inout Int) -> Bool {
    let end = LineScanner.endOfLine(bytes, position)
    let unknown = LineScanner.trimmed(bytes, position..<end)
    position = end + 1
    guard !unknown.isEmpty, unknown.count <= LineScanner.maximumLength,
      let event = LineScanner.event(of: unknown, in: bytes)
    else { return false }
    shapes.learn(unknown, in: bytes)
    line = EventLine(event.0, event.1)
    (parsed, isParsed) = (event.0, true)
    return true
  }
}
