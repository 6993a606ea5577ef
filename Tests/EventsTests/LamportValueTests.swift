import Events
import Testing

struct LamportValueTests {
  private func value(_ spelling: String) -> LamportValue? {
    Event(line: Array(line(clock: spelling).utf8))?.lamportClock
  }

  @Test(arguments: [
    ("0", "0"), ("-0", "0"), ("-0.0", "0"), ("7", "7"), ("1.0", "1"), ("1e0", "1"), ("25E1", "250"), ("true", "1"),
    ("false", "0"), (#""7""#, "7"), (#"" +7 ""#, "7"), (#""007""#, "7"), (#""1_000""#, "1000"), (#""7.00""#, "7"),
    (#""\u0037\t""#, "7"), ("9007199254740993", "9007199254740993"), ("9007199254740993.0", "9007199254740992"),
    ("9223372036854775807", "9223372036854775807"), ("18446744073709551615", "18446744073709551615"),
    ("18446744073709551616", "18446744073709551616"), ("18446744073709551616.0", "18446744073709551616"),
    ("1e30", "1000000000000000019884624838656"), ("1000000000000000000000000000000", "1000000000000000000000000000000"),
  ])
  func `a clock is read as the reference reads it`(spelling: String, expected: String) {
    #expect(value(spelling)?.description == expected)
  }

  @Test(arguments: [
    "-1", "-1.0", "1.5", "1e400", "NaN", "Infinity", "null", "[]", "{}", #""""#, #"" ""#, #""-7""#, #""7.5""#,
    #""1__0""#, #""_1""#, #""1_""#, #""1e3""#, #""0x10""#, #"".0""#, #""+""#, #""٣""#, #""7\u0000""#,
  ])
  func `what is no clock makes no event`(spelling: String) {
    #expect(value(spelling) == nil)
  }

  @Test func `values are ordered as numbers, whatever their size`() throws {
    let digits = ["0", "9", "10", "18446744073709551615", "18446744073709551616", "99999999999999999999"]
    let zeros = ["1" + String(repeating: "0", count: 20), "2" + String(repeating: "0", count: 20)]
    let values = try (digits + zeros).map { try #require(LamportValue(digits: $0)) }
    #expect(values == values.reversed().sorted())
    for (index, value) in values.enumerated() {
      for later in values[(index + 1)...] {
        #expect(value < later && !(later < value) && value != later)
      }
    }
    #expect(values.map(\.isBeyond) == [false, false, false, false, true, true, true, true])
  }

  @Test func `digits are read without leading zeros, and nothing else is`() {
    #expect(LamportValue(digits: "000") == LamportValue(0))
    #expect(LamportValue(digits: "00018446744073709551616")?.description == "18446744073709551616")
    #expect(LamportValue(digits: "") == nil)
    #expect(LamportValue(digits: "+1") == nil)
    #expect(LamportValue(digits: "1 ") == nil)
  }

  @Test func `a clock goes on from values up to the limit`() {
    #expect(LamportValue(LamportValue.trustLimit).isTrusted)
    #expect(!LamportValue(LamportValue.trustLimit + 1).isTrusted)
    #expect(LamportValue(digits: "1" + String(repeating: "0", count: 30))?.isTrusted == false)
  }

  @Test func `a large clock survives a join to the digit`() {
    let huge = "1" + String(repeating: "0", count: 30)
    let events = set(line(clock: huge))
    #expect(events.clocks()["cli:WP01"]?.description == huge)
    #expect(events.clocks()[ClockTable.witness]?.description == huge)
    #expect(events.clocks(countingOnly: \.isTrusted).isEmpty)
    #expect(rows(events) == [line(clock: huge)])
  }
}
