// Timestamps are written as Python's `datetime.isoformat()` writes them and read as pydantic reads them:
//
//   written   2026-02-16T09:12:58.036834+00:00   microseconds left out when 0, no offset when there is none
//   read      the same; `T`, `t`, `_` or a space between date and time; no seconds; a fraction of any length after
//             `.` or `,`, of which six digits count; `Z`, `z`, `+02:00`, `+0200`, `+02`; a date alone; and a number, or
//             a string that is one, of seconds since 1970, or milliseconds where it is larger than 2e10

/// A point in time as an event's line gives it: fields of a calendar and perhaps an offset.
///
/// It is there for people. The order of events never looks at it.
public struct Timestamp: Hashable, Sendable {
  /// Microseconds from 1970-01-01T00:00:00 to the fields as they stand, whatever the offset.
  package let localMicroseconds: Int64
  /// Minutes east of UTC; `nil` when the text does not say.
  package let offsetMinutes: Int?

  private static let microsecondsPerDay: Int64 = 86_400_000_000
  /// From the year 1 to the year 9999, as Python's `datetime`.
  private static let range: ClosedRange<Int64> = -62_135_596_800_000_000...253_402_300_799_999_999

  /// 1970-01-01T00:00:00+00:00.
  package static let epoch = Timestamp(unchecked: 0, offsetMinutes: 0)

  private init?(localMicroseconds: Int64, offsetMinutes: Int?) {
    guard Timestamp.range ~= localMicroseconds else { return nil }
    self.init(unchecked: localMicroseconds, offsetMinutes: offsetMinutes)
  }

  private init(unchecked localMicroseconds: Int64, offsetMinutes: Int?) {
    self.localMicroseconds = localMicroseconds
    self.offsetMinutes = offsetMinutes
  }

  /// Creates a time in UTC; `nil` outside the years 1 to 9999.
  public init?(microsecondsSince1970 value: Int64) {
    self.init(localMicroseconds: value, offsetMinutes: 0)
  }

  /// Microseconds since 1970 in UTC; fields without an offset are taken as UTC.
  public var microsecondsSince1970: Int64 { localMicroseconds - Int64(offsetMinutes ?? 0) * 60_000_000 }

  /// Creates the time that the JSON value at `range` stands for; `nil` when it stands for none.
  package init?(_ bytes: Span<UInt8>, in range: Range<Int>) {
    switch bytes[range.lowerBound] {
    case UInt8(ascii: "\""):
      self.init(JSONString(unescaping: bytes, in: range.lowerBound + 1..<range.upperBound - 1).bytes)
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
      self.init(number: String(copying: bytes, in: range))
    default: return nil
    }
  }

  /// Creates the time that a text stands for; `nil` when it stands for none.
  public init?(_ text: [UInt8]) {
    if let time = Timestamp(iso8601: text) {
      self = time
    } else if text.allSatisfy({ JSONScanner.isDigit($0) || "+-.".utf8.contains($0) }) {
      self.init(number: String(decoding: text, as: UTF8.self))
    } else {
      // Exponents, hexadecimal digits and infinities are numbers to Swift alone.
      return nil
    }
  }

  private init?(number text: String) {
    guard let value = Double(text), value.isFinite else { return nil }
    let seconds = value.magnitude > 2e10 ? value / 1000 : value
    guard seconds.magnitude < 1e12 else { return nil }
    self.init(localMicroseconds: Int64((seconds * 1e6).rounded()), offsetMinutes: 0)
  }

  private init?(iso8601 text: [UInt8]) {
    var fields = FieldReader(text: text)
    guard let year = fields.number(digits: 4), fields.skip("-"), let month = fields.number(digits: 2),
      fields.skip("-"), let day = fields.number(digits: 2), let days = daysSince1970(year, month, day)
    else { return nil }
    let midnight = days * Timestamp.microsecondsPerDay
    if fields.isAtEnd {
      self.init(localMicroseconds: midnight, offsetMinutes: nil)
      return
    }
    guard fields.skip("T") || fields.skip("t") || fields.skip(" ") || fields.skip("_"), let time = fields.timeOfDay()
    else { return nil }
    switch fields.offset() {
    case .absent where fields.isAtEnd: self.init(localMicroseconds: midnight + time, offsetMinutes: nil)
    case .minutes(let offset) where fields.isAtEnd:
      self.init(localMicroseconds: midnight + time, offsetMinutes: offset)
    default: return nil
    }
  }
}

extension Timestamp {
  /// Whether `text` begins with a time in quotes as nearly all are spelled, `"2026-02-16T09:12:58.036834+00:00"`, which
  /// is seen from its words; on the last days of months another look is taken.
  @inline(__always)
  static func isUsual(_ text: Span<UInt8>) -> Bool {
    guard text.count >= 34, text[0] == UInt8(ascii: "\""), text[33] == UInt8(ascii: "\"") else { return false }
    let (date, time, rest, end) = (text.wordInside(1), text.wordInside(9), text.wordInside(17), text.wordInside(25))
    // In turn: "0000-00-", "00T00:00", ":00.0000" and "00+00:00", the first character lowest, and how much more than
    // those zeros each digit may be.
    let shape: (date: UInt64, time: UInt64) = (0x2D30_302D_3030_3030, 0x3030_3A30_3054_3030)
    let odd =
      Words.excesses(date, time, over: (0x0009_0100_0909_0909, 0x0905_0009_0200_0902), from: shape)
      | Words.excesses(
        rest, end, over: (0x0909_0909_0009_0500, 0x0909), from: (0x3030_3030_2E30_303A, 0x3030_3A30_302B_3030))
    let (days, hours) = (date ^ shape.date, time ^ shape.time)
    return odd == 0 && days & 0xFFFF_FFFF != 0 && number(days, at: 5) &- 1 < 12 && number(hours, at: 0) &- 1 < 28
      && number(hours, at: 3) < 24
  }

  /// The number of two digits at `index`.
  @inline(__always)
  private static func number(_ fields: UInt64, at index: UInt64) -> UInt64 {
    (fields &>> (8 &* index) & 0xFF) &* 10 &+ (fields &>> (8 &* index &+ 8) & 0xFF)
  }
}

extension Timestamp: CustomStringConvertible {
  /// The time as Python's `isoformat` writes it.
  public var description: String {
    let days = localMicroseconds.flooredDivision(by: Timestamp.microsecondsPerDay)
    let time = localMicroseconds - days * Timestamp.microsecondsPerDay
    let (year, month, day) = civilDate(daysSince1970: days)
    let seconds = time / 1_000_000
    let microseconds = time % 1_000_000
    var text = "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
    text += "T\(padded(seconds / 3600, 2)):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2))"
    if microseconds > 0 { text += ".\(padded(microseconds, 6))" }
    if let offsetMinutes {
      let magnitude = Int64(offsetMinutes.magnitude)
      text += "\(offsetMinutes < 0 ? "-" : "+")\(padded(magnitude / 60, 2)):\(padded(magnitude % 60, 2))"
    }
    return text
  }
}

private func padded(_ value: Int64, _ width: Int) -> String {
  let digits = String(value)
  return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
}

extension Int64 {
  fileprivate func flooredDivision(by divisor: Int64) -> Int64 {
    let quotient = self / divisor
    return self % divisor < 0 ? quotient - 1 : quotient
  }
}

/// Days from 1970-01-01 to a date of the proleptic Gregorian calendar; `nil` when there is no such date.
private func daysSince1970(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64? {
  let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
  let lengths: [Int64] = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
  guard year >= 1, 1...12 ~= month, 1...lengths[Int(month - 1)] ~= day else { return nil }
  // Counted in years that begin on 1 March, so that the leap day is the last one.
  let shiftedYear = month <= 2 ? year - 1 : year
  let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
  return shiftedYear * 365 + shiftedYear / 4 - shiftedYear / 100 + shiftedYear / 400 + dayOfYear - 719_468
}

/// The date that lies `days` after 1970-01-01.
private func civilDate(daysSince1970 days: Int64) -> (year: Int64, month: Int64, day: Int64) {
  let shifted = days + 719_468
  let era = shifted.flooredDivision(by: 146_097)
  let dayOfEra = shifted - era * 146_097
  let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
  let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
  let monthFromMarch = (5 * dayOfYear + 2) / 153
  let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
  let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  return (year, month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
}

/// Reads the fixed fields of a date and time from the front of a text.
private struct FieldReader {
  let text: [UInt8]
  var position = 0

  var isAtEnd: Bool { position == text.count }

  mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard position < text.count, text[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  mutating func number(digits: Int) -> Int64? {
    guard position + digits <= text.count else { return nil }
    var value: Int64 = 0
    for byte in text[position..<position + digits] {
      guard JSONScanner.isDigit(byte) else { return nil }
      value = value * 10 + Int64(byte - UInt8(ascii: "0"))
    }
    position += digits
    return value
  }

  /// Microseconds since midnight.
  mutating func timeOfDay() -> Int64? {
    guard let hour = number(digits: 2), hour < 24, skip(":"), let minute = number(digits: 2), minute < 60
    else { return nil }
    var microseconds = (hour * 60 + minute) * 60_000_000
    guard skip(":") else { return microseconds }
    guard let second = number(digits: 2), second < 60 else { return nil }
    microseconds += second * 1_000_000
    guard skip(".") || skip(",") else { return microseconds }
    let start = position
    var unit: Int64 = 100_000
    while let digit = number(digits: 1) {
      microseconds += digit * unit
      unit /= 10
    }
    return position > start ? microseconds : nil
  }

  /// What follows the time of day.
  enum Offset {
    case absent, minutes(Int), broken
  }

  mutating func offset() -> Offset {
    if isAtEnd { return .absent }
    if skip("Z") || skip("z") { return .minutes(0) }
    let isEast = skip("+")
    guard isEast || skip("-"), let hours = number(digits: 2), hours < 24 else { return .broken }
    var minutes = Int(hours) * 60
    if !isAtEnd {
      _ = skip(":")
      guard let rest = number(digits: 2), rest < 60 else { return .broken }
      minutes += Int(rest)
    }
    return .minutes(isEast ? minutes : -minutes)
  }
}
