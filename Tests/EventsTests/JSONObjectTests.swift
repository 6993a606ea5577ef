import Events
import TestSupport
import Testing

/// Members by keys, against a dictionary.
struct `The members of an object` {
  @Test func `are those of a dictionary, in the order of their keys`() {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("seed \(seed)")
    var generator = SeededGenerator(seed: seed)
    let names = ["", "a", "b", "ab", "é", "e\u{301}", "\u{10FFFF}", "z", "*", "cli:WP01"].map { JSONString($0) }
    for _ in 0..<300 {
      let members = (0..<Int.random(in: 0...12, using: &generator)).map { number in
        (names[Int.random(in: names.indices, using: &generator)], JSONValue.integer(JSONInteger(number)))
      }
      var expected: [[UInt8]: JSONValue] = [:]
      for (key, value) in members { expected[key.bytes] = value }
      var object = JSONObject(members)
      var built = JSONObject()
      for (key, value) in members { built[key] = value }
      #expect(object == built && object.hashValue == built.hashValue)
      // Setting, replacing and removing.
      for _ in 0..<4 {
        let key = names[Int.random(in: names.indices, using: &generator)]
        let value: JSONValue? = generator.next() % 2 == 0 ? nil : .bool(true)
        object[key] = value
        expected[key.bytes] = value
      }
      #expect(object.count == expected.count)
      #expect(object.sorted.map(\.key.bytes) == expected.keys.sorted { $0.lexicographicallyPrecedes($1) })
      for name in names { #expect(object[name] == expected[name.bytes]) }
    }
  }

  @Test func `may come in any order at no higher price than that of sorting`() {
    // One by one, this many in falling order would take a thousand times as long as sorting.
    let members = (0..<20_000).reversed().map { (JSONString("\($0 + 1_000_000)"), JSONValue.null) }
    #expect(JSONObject(members).count == members.count)
  }
}
