import Events
import Foundation
import TestSupport
import Testing

struct TimestampTests {
  private func read(_ text: String) -> String? { Timestamp(Array(text.utf8))?.description }

  /// Fields as Foundation's proleptic Gregorian calendar gives them.
  private func fields(of seconds: Int64) throws -> String {
    var calendar = Calendar(identifier: .iso8601)
    calendar.timeZone = try #require(TimeZone(secondsFromGMT: 0))
    let parts: Set<Calendar.Component> = [.year, .month, .day, .hour, .minute, .second]
    let date = calendar.dateComponents(parts, from: Date(timeIntervalSince1970: TimeInterval(seconds)))
    let values = [date.month, date.day, date.hour, date.minute, date.second].map { padded($0 ?? -1, 2) }
    return "\(padded(date.year ?? -1, 4))-\(values[0])-\(values[1])T\(values[2]):\(values[3]):\(values[4])"
  }

  private func padded(_ value: Int, _ width: Int) -> String {
    String(repeating: "0", count: max(0, width - String(value).count)) + String(value)
  }

  @Test func `dates are those of Foundation's calendar, and are read back`() throws {
    // Before October 1582 that calendar is another one.
    var random = SeededGenerator(seed: 1582)
    for _ in 0..<3000 {
      let seconds = Int64.random(in: -12_219_292_800...253_402_300_799, using: &random)
      let microseconds = Bool.random(using: &random) ? 0 : Int64.random(in: 0..<1_000_000, using: &random)
      let time = try #require(Timestamp(microsecondsSince1970: seconds * 1_000_000 + microseconds))
      let fraction = microseconds == 0 ? "" : ".\(padded(Int(microseconds), 6))"
      #expect(time.description == "\(try fields(of: seconds))\(fraction)+00:00", "seed 1582, \(seconds) s")
      #expect(Timestamp(Array(time.description.utf8)) == time, "seed 1582, \(seconds) s")
    }
  }

  @Test func `every day from the year 1 to 9999 is read back`() throws {
    let day: Int64 = 86_400_000_000
    var previous = ""
    for number in stride(from: Int64(-719_162), through: 2_932_896, by: 37) {
      let time = try #require(Timestamp(microsecondsSince1970: number * day))
      #expect(Timestamp(Array(time.description.utf8)) == time)
      #expect(previous < time.description)
      previous = time.description
    }
    #expect(Timestamp(microsecondsSince1970: -719_162 * day)?.description == "0001-01-01T00:00:00+00:00")
    #expect(Timestamp(microsecondsSince1970: 2_932_897 * day - 1)?.description == "9999-12-31T23:59:59.999999+00:00")
    #expect(Timestamp(microsecondsSince1970: -719_162 * day - 1) == nil)
    #expect(Timestamp(microsecondsSince1970: 2_932_897 * day) == nil)
  }

  @Test(arguments: [
    ("2026-02-16", "2026-02-16T00:00:00"), ("2026-02-16T09:12", "2026-02-16T09:12:00"),
    ("2026-02-16t09:12:58z", "2026-02-16T09:12:58+00:00"), ("2026-02-16_09:12:58", "2026-02-16T09:12:58"),
    ("2026-02-16 09:12:58,5Z", "2026-02-16T09:12:58.500000+00:00"),
    ("2026-02-16T09:12:58.1234567+02:00", "2026-02-16T09:12:58.123456+02:00"),
    ("2026-02-16T09:12:58-0330", "2026-02-16T09:12:58-03:30"),
    ("2026-02-16T09:12:58+23:59", "2026-02-16T09:12:58+23:59"),
    ("2024-02-29", "2024-02-29T00:00:00"), ("2000-02-29", "2000-02-29T00:00:00"),
    ("1771233178", "2026-02-16T09:12:58+00:00"), ("1771233178.5", "2026-02-16T09:12:58.500000+00:00"),
    ("1771233178000", "2026-02-16T09:12:58+00:00"), ("-1", "1969-12-31T23:59:59+00:00"),
    ("20000000000", "2603-10-11T11:33:20+00:00"), ("20000000001", "1970-08-20T11:33:20.001000+00:00"),
  ])
  func `a time is read in many spellings`(text: String, expected: String) {
    #expect(read(text) == expected)
  }

  @Test(arguments: [
    "", " ", "2026-02-30", "2023-02-29", "1900-02-29", "2026-13-01", "2026-00-01", "2026-01-00", "2026-04-31",
    "0000-01-01", "2026-2-16", "2026-02-16T", "2026-02-16T24:00", "2026-02-16T09", "2026-02-16T09:60",
    "2026-02-16T09:12:60", "2026-02-16T09:12:58.", "2026-02-16T09:12:58.Z", "2026-02-16X09:12", "2026-02-16Z",
    "2026-02-16T09:12:58+24:00", "2026-02-16T09:12:58+02:60", "2026-02-16T09:12:58+2", "2026-02-16T09:12:58Zx",
    "2026-02-16T09:12:58 ", "yesterday", "nan", "inf", "1e400", "1e15", "253402300800000",
  ])
  func `what is no time is refused`(text: String) {
    #expect(read(text) == nil)
  }

  @Test(arguments: ["0x10", "0x1p4", "1e3", "5e-324", "infinity", "1_000"])
  func `a text is a number only in digits`(text: String) {
    #expect(read(text) == nil)
  }

  @Test func `an offset counts where times are compared`() throws {
    let east = try #require(Timestamp(Array("2026-02-16T11:12:58+02:00".utf8)))
    let utc = try #require(Timestamp(Array("2026-02-16T09:12:58Z".utf8)))
    let unsaid = try #require(Timestamp(Array("2026-02-16T09:12:58".utf8)))
    #expect(east.microsecondsSince1970 == utc.microsecondsSince1970)
    #expect(unsaid.microsecondsSince1970 == utc.microsecondsSince1970)
    #expect(Set([east, utc, unsaid]).count == 3)
    #expect(Timestamp.epoch.description == "1970-01-01T00:00:00+00:00")
  }

  @Test func `a number in JSON may have an exponent, and other values are no times`() {
    func time(_ spelling: String) -> String? {
      Event(line: Array(line().replacing("\"2026-02-16T09:12:58+00:00\"", with: spelling).utf8))?.timestamp.description
    }
    #expect(time("1e3") == "1970-01-01T00:16:40+00:00")
    #expect(time("-1.5") == "1969-12-31T23:59:58.500000+00:00")
    for spelling in ["true", "null", "[]", "{}", "NaN", "Infinity", "1e400"] { #expect(time(spelling) == nil) }
  }
}
