import Events
import Reports
import Testing

/// Dates as a person gives them.
struct `Dates of a period` {
  @Test func `a date is read as Python reads it`() throws {
    let rows = try rows("dates.jsonl")
    #expect(rows.count >= 800)
    var read = 0
    for row in rows {
      let text = try #require(row["text"]?.text)
      let microseconds: Int64? = if case .integer(let number)? = row["microseconds"] { number.int64 } else { nil }
      if microseconds != nil { read += 1 }
      #expect(DateBound(text)?.microsecondsSince1970 == microseconds, "\(text)")
    }
    #expect(read > 200)
  }
}
