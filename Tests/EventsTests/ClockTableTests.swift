import Events
import TestSupport
import Testing

struct ClockTableTests {
  private func read(_ text: String) -> ClockTable.Reading { ClockTable.read(Array(text.utf8)) }

  private func table(_ text: String) -> ClockTable { read(text).table }

  private let huge = "1" + String(repeating: "0", count: 30)

  @Test func `a file is written as the reference writes it`() {
    var table = ClockTable()
    for (node, value) in [("cli:WP10", 3), ("cli:WP2", 4), ("é", 1), ("*", 4)] as [(JSONString, UInt64)] {
      table.raise(node, to: LamportValue(value))
    }
    #expect(text(table.bytes) == #"{"*": 4, "cli:WP10": 3, "cli:WP2": 4, "\u00e9": 1}"#)
    #expect(text(ClockTable().bytes) == "{}")
    #expect(read(text(table.bytes)).isWhole)
    #expect(self.table(text(table.bytes)) == table)
  }

  @Test(arguments: [
    ("3", "3"), ("3.9", "3"), ("true", "1"), ("false", "0"), (#""3""#, "0"), ("null", "0"), ("[3]", "0"), ("-3", "0"),
    ("-3.5", "0"), ("1e400", "0"), ("NaN", "0"), ("9223372036854775807", "9223372036854775807"),
    ("18446744073709551616", "18446744073709551616"), ("1e20", "100000000000000000000"),
  ])
  func `a value is read as Python's int reads it`(spelling: String, expected: String) {
    #expect(table(#"{"a": \#(spelling)}"#)["a"]?.description == expected)
  }

  @Test func `a value of any size is kept`() {
    #expect(text(table(#"{"a": \#(huge), "b": 2}"#).bytes) == #"{"a": \#(huge), "b": 2}"#)
  }

  @Test func `the sides of a conflict are joined`() {
    let reading = read(
      """
      <<<<<<< HEAD
      {"a": 3, "b": 1}
      =======
      {"b": 2, "c": 5}
      >>>>>>> lane-b
      {"torn": 7
      """)
    #expect(!reading.isWhole)
    #expect(text(reading.table.bytes) == #"{"a": 3, "b": 2, "c": 5}"#)
  }

  @Test(arguments: ["", "[]", "5", "null", "{", #"{"a": 1"#, "\u{0}"])
  func `a broken file says nothing, and says that it is broken`(text: String) {
    #expect(read(text).table.isEmpty)
    #expect(!read(text).isWhole)
  }

  @Test func `white space and a byte-order mark cost no value`() {
    #expect(read("{\n  \"a\": 1\n}\n").isWhole)
    #expect(table("{\n  \"a\": 1\n}\n")["a"] == LamportValue(1))
    #expect(table("\u{FEFF}{\"a\": 1}")["a"] == LamportValue(1))
  }

  @Test func `nodes are told apart by their bytes`() {
    #expect(table("{\"\u{E9}\": 1, \"e\u{301}\": 2}").sorted.count == 2)
  }

  @Test func `raising never lowers`() {
    var table = ClockTable()
    table.raise("a", to: LamportValue(5))
    table.raise("a", to: LamportValue(3))
    #expect(table["a"] == LamportValue(5))
    #expect(table["b"] == nil)
  }

  @Test func `the next value follows the node's own and the witness`() {
    #expect(ClockTable().next(for: "a") == LamportValue(1))
    #expect(table(#"{"a": 3, "b": 9}"#).next(for: "a") == LamportValue(4))
    #expect(table(#"{"*": 9, "a": 3}"#).next(for: "a") == LamportValue(10))
    #expect(table(#"{"*": 2, "a": 3}"#).next(for: "a") == LamportValue(4))
    #expect(table(#"{"*": 2}"#).next(for: "a") == LamportValue(3))
  }

  @Test func `the next value passes over what cannot be trusted`() {
    #expect(table(#"{"*": 5, "a": \#(huge)}"#).next(for: "a") == LamportValue(6))
    #expect(table(#"{"*": 1000000000001, "a": 2}"#).next(for: "a") == LamportValue(3))
    #expect(table(#"{"a": 1000000000000}"#).next(for: "a") == LamportValue(1_000_000_000_001))
    #expect(table(#"{"a": \#(huge), "b": 2}"#).trusted == table(#"{"b": 2}"#))
  }

  @Test func `joining is commutative, associative and idempotent, and never goes back`() {
    for seed: UInt64 in 0..<2000 {
      var random = SeededGenerator(seed: seed)
      let (a, b, c) = (table(from: &random), table(from: &random), table(from: &random))
      let joined = a.joined(with: b)
      #expect(a.joined(with: a) == a && joined == b.joined(with: a), "seed \(seed)")
      #expect(joined.joined(with: c) == a.joined(with: b.joined(with: c)), "seed \(seed)")
      #expect(a.sorted.allSatisfy { node, value in joined[node].map { $0 >= value } ?? false }, "seed \(seed)")
      #expect(ClockTable.read(joined.bytes).table == joined, "seed \(seed)")
    }
  }

  private func table(from random: inout SeededGenerator) -> ClockTable {
    let values = ["0", "1", "2", "9223372036854775807", "18446744073709551615", "18446744073709551616", huge]
    var table = ClockTable()
    for _ in 0..<Int.random(in: 0...4, using: &random) {
      guard let node = ["a", "b", "*", "\u{E9}", "e\u{301}"].randomElement(using: &random),
        let digits = values.randomElement(using: &random), let value = LamportValue(digits: digits)
      else { continue }
      table.raise(JSONString(node), to: value)
    }
    return table
  }
}
