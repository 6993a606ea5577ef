import Events
import Testing

/// What a set keeps, in which order, and in whose spelling.
struct EventSetTests {
  @Test func `events are ordered by clock, then node, then id`() {
    let lines = [
      line(5, node: "CLI:WP01"), line(3, node: "cli:WP01"), line(4, node: "cli:WP01"),
      line(2, node: "cli:WP10"), line(1, node: "cli:WP2"), line(9, node: "é"),
      line(0, clock: "2", node: "a"), line(8, clock: "10", node: "a"),
      line(6, clock: "18446744073709551615", node: "a"), line(7, clock: "18446744073709551616", node: "Z"),
    ]
    #expect(rows(set(lines.reversed().joined(separator: "\n"))) == lines)
    #expect(rows(set(lines.joined(separator: "\n"))) == lines)
  }

  @Test func `node ids are told apart by their bytes`() {
    let composed = line(1, node: "\u{E9}")
    let decomposed = line(2, node: "e\u{301}")
    #expect(written(composed, decomposed) == [decomposed, composed])
    #expect(set("\(composed)\n\(decomposed)").clocks().sorted.count == 3)
  }

  @Test func `the canonical spelling is kept where it was seen`() {
    let canonical = line(payload: #"{"a": "\u00e9", "b": 1}"#)
    let smaller = line(payload: #"{ "b":1,"a":"é"}"#)
    let larger = line(payload: #"{"b": 1, "a": "\u00E9"}"#)
    #expect(written(smaller, canonical, larger) == [canonical])
    #expect(written(larger, smaller) == [smaller])
    #expect(written(smaller, larger) == [smaller])
  }

  @Test func `spellings of one id are one event`() {
    let upper = line()
    let lower = upper.replacing(ulid(1), with: ulid(1).lowercased())
    #expect(written(lower, upper) == [upper])
    #expect(written(lower) == [lower])

    let uuid = "0191f3c0-7a2b-7c3d-8e4f-0123456789ab"
    let hyphenated = upper.replacing(ulid(1), with: uuid)
    let bare = upper.replacing(ulid(1), with: uuid.replacing("-", with: "").uppercased())
    #expect(written(bare, hyphenated, hyphenated) == [hyphenated])
    #expect(set("\(bare)\n\(hyphenated)").duplicates == 1)
  }

  @Test func `a cause is normalised before values are compared`() {
    let upper = line().replacing("null", with: "\"\(ulid(2))\"")
    let lower = line().replacing("null", with: "\"\(ulid(2).lowercased())\"")
    #expect(written(lower, upper) == [upper])
  }

  @Test(arguments: [
    ("1", "1.0"), ("1", "true"), ("\"1\"", "1"), ("0.0", "-0.0"), ("9007199254740993", "9007199254740992.0"),
  ])
  func `values of different types are different`(first: String, second: String) {
    let lines = [line(payload: "{\"a\": \(first)}"), line(payload: "{\"a\": \(second)}")]
    #expect(set(lines.joined(separator: "\n")).conflictCount == 1)
  }

  @Test(arguments: [
    ("1.0", "1e0"), ("0", "-0"), ("1e400", "Infinity"), ("9007199254740993.0", "9007199254740992.0"),
    ("\"/\"", "\"\\/\""), ("[1,2]", "[1, 2]"), ("{\"x\": 1, \"x\": 2}", "{\"x\": 2}"),
  ])
  func `spellings of one value are the same`(first: String, second: String) {
    let lines = [line(payload: "{\"a\": \(first)}"), line(payload: "{\"a\": \(second)}")]
    let both = set(lines.joined(separator: "\n"))
    #expect(both.conflictCount == 0)
    #expect(both.duplicates == 1)
  }

  @Test func `the higher clock wins, and the loser stays as a conflict record`() {
    let (low, high) = (line(clock: "2", payload: #"{"z": 1}"#), line(clock: "10", payload: #"{"a": 1}"#))
    let expected = [high, #"{"conflict": \#(low)}"#]
    #expect(written(low, high) == expected)
    #expect(written(high, low) == expected)
    #expect(written(expected[1], high) == expected)
    #expect(written(expected[1]) == [low])
  }

  @Test func `of equal clocks the greater bytes win`() {
    let (smaller, greater) = (line(payload: #"{"a": 1}"#), line(payload: #"{"a": 2}"#))
    #expect(written(greater, smaller) == [greater, #"{"conflict": \#(smaller)}"#])
    // The canonical bytes decide, not those that happen to be there.
    let spelled = line(payload: #"{ "a":2}"#)
    #expect(written(spelled, smaller) == [spelled, #"{"conflict": \#(smaller)}"#])
  }

  @Test func `unreadable lines follow the events in the order of their bytes, each once`() {
    let event = line()
    let record = #"{"conflict": \#(line(payload: "{}", more: #", "a": 1"#))}"#
    let other = line(payload: "{}", more: #", "b": 1"#)
    #expect(written("zebra", "[1]", event, "zebra", "5") == [event, "5", "[1]", "zebra"])
    #expect(written("zebra", "[1]", record, other, "{\"d") == [other, "[1]", "zebra", record, "{\"d"])
  }

  @Test func `markers are dropped and the sides between them are kept`() {
    let rows = written("<<<<<<< HEAD", line(1), "||||||| base", "=======", line(2), ">>>>>>> lane-b")
    #expect(rows == [line(1), line(2)])
  }

  @Test func `a fragment of an event that is known is absorbed`() {
    let event = line(payload: #"{"a": "é"}"#)
    let canonical = text(CanonicalLine.spelling(of: Array(event.utf8)))
    #expect(written(String(canonical.dropLast()), event) == [event])
    #expect(written("{", event) == [event])
    #expect(written(String(canonical.dropLast(9))) == [String(canonical.dropLast(9))])
    // What is torn off another spelling, or goes on otherwise, may be all that is left of another event.
    #expect(written(String(event.dropLast(3)), event).count == 2)
    #expect(written(canonical.dropLast() + "?", event).count == 2)
  }

  @Test func `a fragment is absorbed by a variant that lost, too`() {
    let (low, high) = (line(clock: "2"), line(clock: "30"))
    #expect(written(low, high, String(low.dropLast(2))) == [high, #"{"conflict": \#(low)}"#])
  }
}
