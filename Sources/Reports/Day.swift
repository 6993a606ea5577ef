internal import Events

/// The day of an event, in UTC.
enum Day {
  /// The day of the timestamp that is spelled at `range`: `2026-02-16`.
  static func text(of range: Range<Int>, in bytes: Span<UInt8>) -> [UInt8] {
    // What is recorded here, and by the reference, begins with the day.
    if range.count >= 27, ends(range, with: "+00:00\"", in: bytes), bytes[range.lowerBound + 5] == UInt8(ascii: "-"),
      bytes[range.lowerBound + 8] == UInt8(ascii: "-")
    {
      return [UInt8](copying: bytes, in: range.lowerBound + 1..<range.lowerBound + 11)
    }
    guard let time = Timestamp(bytes, in: range),
      let inUTC = Timestamp(microsecondsSince1970: time.microsecondsSince1970)
    else { return [] }
    return Array(inUTC.description.utf8.prefix(10))
  }

  private static func ends(_ range: Range<Int>, with text: StaticString, in bytes: Span<UInt8>) -> Bool {
    let start = range.upperBound - text.utf8CodeUnitCount
    for (offset, byte) in text.description.utf8.enumerated() where bytes[start + offset] != byte { return false }
    return true
  }
}
