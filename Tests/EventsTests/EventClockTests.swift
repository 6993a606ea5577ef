import Events
import Testing

/// What clocks do to a set of events, and a set to clocks.
struct EventClockTests {
  @Test func `the node of a variant that lost keeps its clock`() {
    let loser = set(line(clock: "5", node: "cli:WP01"))
    let winner = set(line(clock: "7", node: "cli:WP02"))
    let clocks = loser.joined(with: winner).clocks()
    #expect(clocks["cli:WP01"] == LamportValue(5))
    #expect(clocks["cli:WP02"] == LamportValue(7))
    #expect(clocks[ClockTable.witness] == LamportValue(7))
  }

  @Test func `clocks that fit no integer type are ordered by their value`() {
    let (large, larger) = ("1" + String(repeating: "0", count: 25), "1" + String(repeating: "0", count: 30))
    let first = line(1, clock: larger, node: "a")
    let second = line(2, clock: large, node: "b")
    #expect(written(first, second) == [second, first])
  }

  @Test func `of two variants the one of the larger clock wins, however large`() {
    let low = line(clock: "99999999999999999999")
    let high = line(clock: "1000000000000000000000")
    #expect(written(low, high) == [high, #"{"conflict": \#(low)}"#])
    #expect(written(high, low) == [high, #"{"conflict": \#(low)}"#])
  }

  @Test func `a node is the same in every spelling`() {
    let clocks = set("\(line(1, clock: "3"))\n\(line(2, clock: "5", node: #"\u0063li:WP01"#))").clocks()
    #expect(text(clocks.bytes) == #"{"*": 5, "cli:WP01": 5}"#)
  }
}
