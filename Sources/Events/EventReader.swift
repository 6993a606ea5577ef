/// Reads the events among lines, one after the other.
///
/// Nearly all lines are told by their shapes (see LineShapes), which a reader learns from those before them; what has no
/// known shape is parsed. Both ways come to the same.
package struct EventReader {
  /// What the event says of itself.
  package private(set) var envelope = Envelope.none
  /// Where the members of the event's payload stand.
  package private(set) var members = PayloadMembers(start: 0)

  private var shapes = LineShapes()
  private var line = ShapedLine()

  /// Creates a reader that knows no shape.
  package init() {}

  /// Goes on to the next event among the lines of `bytes` from `position` on, and moves that behind its line; false
  /// when there are no more.
  package mutating func readNext(in bytes: Span<UInt8>, from position: inout Int) -> Bool {
    while position < bytes.count {
      if shapes.read(bytes, at: position, into: &line) {
        position = line.end &+ 1
        envelope = line.envelope
        members = PayloadMembers(line.places)
        return true
      }
      let end = LineScanner.endOfLine(bytes, position)
      let unknown = LineScanner.trimmed(bytes, position..<end)
      position = end + 1
      guard !unknown.isEmpty, unknown.count <= LineScanner.maximumLength,
        let event = LineScanner.event(of: unknown, in: bytes)
      else { continue }
      shapes.learn(unknown, in: bytes)
      (envelope, members) = event
      return true
    }
    return false
  }
}
