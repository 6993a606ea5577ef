// Dates are read as Python 3.11's `datetime.fromisoformat` reads them:
//
//   date   2026-02-16, 20260216; by week 2026-W08, 2026W08, 2026-W08-1, 2026W081
//   time   after any one character: 10, 10:00, 1000, 10:00:30, 100030, then `.5` or `,5` with digits of which six count
//   zone   Z, +02, +02:00, +0200, and seconds with a fraction as above
//
// Without a zone the time is one of UTC. What Python takes for a time before a zone, and not without one, is none.

/// The beginning or the end of a period, as a person gives it.
package struct DateBound: Hashable, Sendable {
  /// Microseconds since 1970 in UTC.
  package let microsecondsSince1970: Int64

  /// Reads a date, with or without a time; `nil` when the text is none.
  package init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard let end = DateBound.endOfDate(bytes), let days = DateBound.days(bytes[..<end]) else { return nil }
    var microseconds = days * 86_400_000_000
    if end < bytes.count {
      let character = bytes[end]
      let width = character < 0x80 ? 1 : character < 0xE0 ? 2 : character < 0xF0 ? 3 : 4
      guard end + width < bytes.count, let time = DateBound.time(bytes[(end + width)...]) else { return nil }
      microseconds += time
    }
    microsecondsSince1970 = microseconds
  }

  /// Where the date ends; `nil` when the text is too short for one.
  private static func endOfDate(_ text: [UInt8]) -> Int? {
    guard text.count > 7 else { return text.count == 7 ? 7 : nil }
    let hasDashes = text[4] == UInt8(ascii: "-")
    guard text[hasDashes ? 5 : 4] == UInt8(ascii: "W") else {
      let end = hasDashes ? 10 : 8
      return text.count >= end ? end : nil
    }
    if hasDashes {
      guard text.count > 8, text[8] == UInt8(ascii: "-") else { return 8 }
      guard text.count > 9 else { return nil }
      // `2026-W08-11` is eleven o'clock, with a dash between date and time.
      return text.count > 10 && isDigit(text[10]) ? 8 : 10
    }
    let digits = text[7...].prefix(while: isDigit).count
    // Digits come in pairs after the week, so an odd number of them begins with the day.
    return digits < 2 ? 7 + digits : digits % 2 == 0 ? 8 : 7
  }

  /// Days since 1970.
  private static func days(_ text: ArraySlice<UInt8>) -> Int64? {
    var fields = DigitReader(text)
    guard let year = fields.number(digits: 4), year >= 1 else { return nil }
    let hasDashes = fields.skip("-")
    if fields.skip("W") {
      guard let week = fields.number(digits: 2) else { return nil }
      var day: Int64 = 1
      if !fields.isAtEnd {
        guard !hasDashes || fields.skip("-"), let given = fields.number(digits: 1) else { return nil }
        day = given
      }
      return fields.isAtEnd ? days(year, week: week, day) : nil
    }
    guard let month = fields.number(digits: 2), !hasDashes || fields.skip("-"), let day = fields.number(digits: 2),
      fields.isAtEnd
    else { return nil }
    return days(year, month: month, day)
  }

  /// Microseconds from midnight in UTC.
  private static func time(_ text: ArraySlice<UInt8>) -> Int64? {
    let zone = text.firstIndex { "+-Z".utf8.contains($0) } ?? text.endIndex
    guard let time = clock(text[..<zone]), time.hours < 24, time.minutes < 60, time.seconds < 60 else { return nil }
    guard zone < text.endIndex else { return time.total }
    let offset = text[(zone + 1)...]
    if text[zone] == UInt8(ascii: "Z") { return offset.isEmpty ? time.total : nil }
    guard let distance = clock(offset)?.total, distance < 86_400_000_000 else { return nil }
    return text[zone] == UInt8(ascii: "-") ? time.total + distance : time.total - distance
  }

  /// A time of day or a distance from UTC.
  private struct Clock {
    var hours: Int64 = 0
    var minutes: Int64 = 0
    var seconds: Int64 = 0
    var microseconds: Int64 = 0

    var total: Int64 { ((hours * 60 + minutes) * 60 + seconds) * 1_000_000 + microseconds }
  }

  private static func clock(_ text: ArraySlice<UInt8>) -> Clock? {
    var fields = DigitReader(text)
    var clock = Clock()
    guard let hours = fields.number(digits: 2) else { return nil }
    clock.hours = hours
    let hasColons = fields.skip(":")
    if hasColons, fields.isAtEnd || fields.isAtFraction { return nil }
    for field in [\Clock.minutes, \Clock.seconds] where !fields.isAtEnd && !fields.isAtFraction {
      guard field == \Clock.minutes || !hasColons || fields.skip(":"), let number = fields.number(digits: 2)
      else { return nil }
      clock[keyPath: field] = number
    }
    guard !fields.isAtEnd else { return clock }
    guard let fraction = fields.fraction() else { return nil }
    clock.microseconds = fraction
    return clock
  }

  private static func isDigit(_ byte: UInt8) -> Bool { 0x30...0x39 ~= byte }

  private static func days(_ year: Int64, month: Int64, _ day: Int64) -> Int64? {
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let lengths: [Int64] = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    guard 1...12 ~= month, 1...lengths[Int(month - 1)] ~= day else { return nil }
    let before = year - 1
    return before * 365 + before / 4 - before / 100 + before / 400 + lengths[..<Int(month - 1)].reduce(0, +) + day - 1
      - 719_162
  }

  /// The first week of a year is the one with the year's first Thursday; weeks begin on Monday.
  private static func days(_ year: Int64, week: Int64, _ day: Int64) -> Int64? {
    guard 1...53 ~= week, 1...7 ~= day, let newYear = days(year, month: 1, 1) else { return nil }
    // The first of January 1970 was a Thursday, three days after a Monday.
    func weekday(_ days: Int64) -> Int64 { ((days + 3) % 7 + 7) % 7 }
    let start = weekday(newYear)
    let isLong = start == 3 || (start == 2 && days(year, month: 2, 29) != nil)
    guard week < 53 || isLong else { return nil }
    let monday = newYear - start + (start > 3 ? 7 : 0)
    let found = monday + (week - 1) * 7 + day - 1
    // Year 1 has no day before its first, and 9999 none after its last.
    return -719_162...2_932_896 ~= found ? found : nil
  }
}

/// Reads numbers of fixed width from the front of a text.
private struct DigitReader {
  private var rest: ArraySlice<UInt8>

  init(_ text: ArraySlice<UInt8>) { rest = text }

  var isAtEnd: Bool { rest.isEmpty }

  var isAtFraction: Bool { rest.first.map { ".,".utf8.contains($0) } ?? false }

  mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard rest.first == UInt8(ascii: character) else { return false }
    rest.removeFirst()
    return true
  }

  mutating func number(digits: Int) -> Int64? {
    guard rest.count >= digits, rest.prefix(digits).allSatisfy({ 0x30...0x39 ~= $0 }) else { return nil }
    defer { rest = rest.dropFirst(digits) }
    return rest.prefix(digits).reduce(0) { $0 * 10 + Int64($1 - 0x30) }
  }

  /// The rest, which is a fraction of a second, in microseconds.
  mutating func fraction() -> Int64? {
    guard isAtFraction else { return nil }
    let digits = rest.dropFirst()
    guard !digits.isEmpty, digits.allSatisfy({ 0x30...0x39 ~= $0 }) else { return nil }
    rest = []
    let counted = digits.prefix(6).reduce(Int64(0)) { $0 * 10 + Int64($1 - 0x30) }
    return (0..<max(0, 6 - digits.count)).reduce(counted) { value, _ in value * 10 }
  }
}
