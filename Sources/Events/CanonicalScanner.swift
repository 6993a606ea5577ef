// Nearly all lines are spelled already as the reference would write them back. To see that, a line is gone through once
// and nothing is made of it; reading it and spelling it again takes twenty times as long.

/// The canonical spelling as a grammar over bytes (see JSONText).
package enum CanonicalScanner {
  /// Whether the event at `range`, known to be one, is spelled as ``Event/line`` spells it.
  package static func isCanonicalEvent(_ range: Range<Int>, in bytes: Span<UInt8>) -> Bool {
    var members = EnvelopeSpelling()
    var position = range.lowerBound
    let isObject = skipObject(bytes, &position, range.upperBound) { key, position in
      let start = position
      guard skipValue(bytes, &position, range.upperBound) else { return false }
      return members.check(key, start..<position, in: bytes)
    }
    return isObject && position == range.upperBound && members.isComplete
  }

  /// Moves `position` behind the value that begins there; false when it is not spelled canonically.
  static func skipValue(_ bytes: Span<UInt8>, _ position: inout Int, _ end: Int) -> Bool {
    guard position < end else { return false }
    switch bytes[position] {
    case UInt8(ascii: "\""): return skipString(bytes, &position, end)
    case UInt8(ascii: "{"):
      return skipObject(bytes, &position, end) { _, position in skipValue(bytes, &position, end) }
    case UInt8(ascii: "["): return skipArray(bytes, &position, end)
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): return skipNumber(bytes, &position, end)
    default:
      // Literals have one spelling; the event is known to be well formed.
      return JSONScanner.skipValue(bytes, &position, end, depth: 0)
    }
  }

  private static func skipArray(_ bytes: Span<UInt8>, _ position: inout Int, _ end: Int) -> Bool {
    position += 1
    if skip("]", bytes, &position, end) { return true }
    while skipValue(bytes, &position, end) {
      if skip("]", bytes, &position, end) { return true }
      guard skip(", ", bytes, &position, end) else { return false }
    }
    return false
  }

  /// Moves `position` behind an object whose keys rise and whose values `body` moves behind.
  private static func skipObject(
    _ bytes: Span<UInt8>, _ position: inout Int, _ end: Int, _ body: (Range<Int>, inout Int) -> Bool
  ) -> Bool {
    guard skip("{", bytes, &position, end) else { return false }
    if skip("}", bytes, &position, end) { return true }
    var last: Range<Int>?
    while true {
      let key = position + 1
      guard position < end, bytes[position] == UInt8(ascii: "\""), skipString(bytes, &position, end) else {
        return false
      }
      let name = key..<position - 1
      if let last, !rises(from: last, to: name, in: bytes) { return false }
      last = name
      guard skip(": ", bytes, &position, end), body(name, &position) else { return false }
      if skip("}", bytes, &position, end) { return true }
      guard skip(", ", bytes, &position, end) else { return false }
    }
  }

  /// Whether the second key stands behind the first one.
  private static func rises(from first: Range<Int>, to second: Range<Int>, in bytes: Span<UInt8>) -> Bool {
    for offset in 0..<min(first.count, second.count) {
      let (left, right) = (bytes[first.lowerBound + offset], bytes[second.lowerBound + offset])
      // From an escape on, the bytes' order is not that of what they stand for.
      if left == UInt8(ascii: "\\") || right == UInt8(ascii: "\\") {
        return JSONString(unescaping: bytes, in: first) < JSONString(unescaping: bytes, in: second)
      }
      if left != right { return left < right }
    }
    return first.count < second.count
  }

  private static func skip(
    _ text: StaticString, _ bytes: Span<UInt8>, _ position: inout Int, _ end: Int
  ) -> Bool {
    var next = position
    for byte in text.description.utf8 {
      guard next < end, bytes[next] == byte else { return false }
      next += 1
    }
    position = next
    return true
  }

  private static func skipString(_ bytes: Span<UInt8>, _ position: inout Int, _ end: Int) -> Bool {
    position += 1
    while position < end {
      switch bytes[position] {
      case UInt8(ascii: "\""):
        position += 1
        return true
      case UInt8(ascii: "\\"):
        guard skipEscape(bytes, &position, end) else { return false }
      case 0x20..<0x7F: position += 1
      default: return false
      }
    }
    return false
  }

  private static func skipEscape(_ bytes: Span<UInt8>, _ position: inout Int, _ end: Int) -> Bool {
    guard position + 1 < end else { return false }
    let letter = bytes[position + 1]
    guard letter == UInt8(ascii: "u") else {
      position += 2
      return letter != UInt8(ascii: "/") && JSONScanner.escapedByte(letter) != nil
    }
    guard let unit = JSONScanner.codeUnit(bytes, position, end) else { return false }
    for index in position + 2..<position + 6 where 0x41...0x46 ~= bytes[index] { return false }
    position += 6
    switch unit {
    case 0x08, 0x09, 0x0A, 0x0C, 0x0D, 0x20..<0x7F: return false
    default: return true
    }
  }

  private static func skipNumber(_ bytes: Span<UInt8>, _ position: inout Int, _ end: Int) -> Bool {
    let start = position
    guard JSONScanner.skipValue(bytes, &position, end, depth: 0) else { return false }
    // Whatever has more than digits is a float.
    for index in start..<position where !JSONScanner.isDigit(bytes[index]) {
      if index == start, bytes[index] == UInt8(ascii: "-") { continue }
      let text = String(copying: bytes, in: start..<position)
      return Double(text).map { pythonText(of: $0) == text } ?? false
    }
    return !(position - start == 2 && bytes[start] == UInt8(ascii: "-") && bytes[start + 1] == UInt8(ascii: "0"))
  }
}

/// What of an envelope's members has been seen to be spelled as the reference spells it.
private struct EnvelopeSpelling {
  private var found: UInt8 = 0

  private static let names = KeyTable([
    "aggregate_id", "causation_id", "event_id", "event_type", "lamport_clock", "node_id", "payload", "timestamp",
  ])

  /// Whether all eight members are there.
  var isComplete: Bool { found == 0xFF }

  /// Takes in a member, whose value is spelled canonically; false when the reference would write another value.
  mutating func check(_ key: Range<Int>, _ value: Range<Int>, in bytes: Span<UInt8>) -> Bool {
    let key = JSONScanner.MemberKey(spelling: key, hasEscapes: false)
    guard let index = EnvelopeSpelling.names.index(of: key, in: bytes) else { return true }
    found |= 1 << UInt8(index)
    let first = bytes[value.lowerBound]
    switch index {
    case 1 where first == UInt8(ascii: "n"): return true
    case 1, 2: return isNormalisedID(value, in: bytes)
    case 4: return isWholeNumber(value, in: bytes)
    case 7: return isNormalisedTime(value, in: bytes)
    default: return true
    }
  }

  private func isNormalisedID(_ value: Range<Int>, in bytes: Span<UInt8>) -> Bool {
    // Of two keys only the last one is known to have an id.
    guard bytes[value.lowerBound] == UInt8(ascii: "\"") else { return false }
    let text = value.lowerBound + 1..<value.upperBound - 1
    // Upper-case letters belong to one form of ids, lower-case ones and hyphens to the other.
    switch text.count {
    case 26: return text.allSatisfy { !(0x61...0x7A ~= bytes[$0]) }
    case 36: return text.allSatisfy { !(0x41...0x5A ~= bytes[$0]) }
    default: return false
    }
  }

  private func isWholeNumber(_ value: Range<Int>, in bytes: Span<UInt8>) -> Bool {
    value.allSatisfy { JSONScanner.isDigit(bytes[$0]) }
  }

  /// Whether a time, known to be one, has the form `2026-02-16T09:12:58.036834+00:00`, where the fraction may be left
  /// out if it is nothing and the offset if it is not known.
  private func isNormalisedTime(_ value: Range<Int>, in bytes: Span<UInt8>) -> Bool {
    guard bytes[value.lowerBound] == UInt8(ascii: "\"") else { return false }
    var position = value.lowerBound + 1
    func hasShape(_ shape: StaticString) -> Bool {
      guard value.upperBound - 1 - position >= shape.utf8CodeUnitCount else { return false }
      for (offset, mark) in shape.description.utf8.enumerated() {
        let byte = bytes[position + offset]
        guard mark == UInt8(ascii: "0") ? JSONScanner.isDigit(byte) : byte == mark else { return false }
      }
      position += shape.utf8CodeUnitCount
      return true
    }
    guard hasShape("0000-00-00T00:00:00") else { return false }
    if hasShape(".000000") {
      guard (position - 6..<position).contains(where: { bytes[$0] != UInt8(ascii: "0") }) else { return false }
    }
    if hasShape("-00:00") {
      guard (position - 5..<position).contains(where: { 0x31...0x39 ~= bytes[$0] }) else { return false }
    } else {
      _ = hasShape("+00:00")
    }
    return position == value.upperBound - 1
  }
}
