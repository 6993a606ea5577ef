import Events
import TestSupport
import Testing

/// What `cost` says.
struct `Cost` {
  @Test func `what is unknown is said, and the rest is summed up`() throws {
    let repository = try TestRepository()
    try repository.commit("Begin")
    for (agent, cost) in [("claude", "0.1"), ("claude", "0.2"), ("codex", nil)] as [(String, String?)] {
      try repository.emitted("--feature", "f", "--wp-id", "WP01", "--agent", agent)
      guard let cost else { continue }
      try repository.emitted(
        "--feature", "f", "--wp-id", "WP01", "--agent", agent, "--cost-usd", cost, "--input-tokens", "1500")
    }
    let table = try repository.tool("cost", "--group-by", "wp,agent").outputText
    #expect(
      table == """
        WP     Agent   Events    Input   Output  Cost (USD)
        -----  ------  ------  -------  -------  ----------
        WP01   claude       4    3,000        0        0.30
        WP01   codex        1  unknown  unknown     unknown
        -----  ------  ------  -------  -------  ----------
        Total               5    3,000        0        0.30
        3 of 5 events without token counts, 3 without a cost

        """)
  }
}
