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
}
