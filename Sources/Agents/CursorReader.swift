internal import Events

// Cursor's agent prints, with `-p`:
//
//   --output-format json          one result in Claude Code's envelope, and nothing when it fails
//   --output-format stream-json   a line for each message, the last one the result
//   --output-format text          the answer alone
//
// Only newer versions report usage: {"inputTokens", "cacheReadTokens", "cacheWriteTokens", "outputTokens"}, where input
// tokens do not include those of the cache. There is no cost. The model is the name that people see: `Claude 4 Sonnet`.

/// Reads what Cursor's agent prints.
struct CursorReader: TranscriptReader {
  var report = AgentReport()
  let types = AgentReport.envelopeTypes

  mutating func read(_ object: JSONObject) {
    guard report.readEnvelope(object) else { return }
    report.model = object.text("model") ?? report.model
    guard let usage = object.object("usage") else { return }
    report.usage = .object(usage)
    report.tokens = TokenCounts(
      input: usage.count("inputTokens"), cacheRead: usage.count("cacheReadTokens"),
      cacheWrite: usage.count("cacheWriteTokens"), output: usage.count("outputTokens"),
      reasoning: usage.count("reasoningTokens"))
  }
}
