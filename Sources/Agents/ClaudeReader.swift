internal import Events

// Claude Code prints, with `-p`:
//
//   --output-format json          one result, or with --verbose an array that ends with it
//   --output-format stream-json   a line for each message, the last one the result
//   --output-format text          the answer alone
//
// The result holds
//
//   total_cost_usd   US dollars, sub-agents included; `total_cost` or `cost_usd` in old versions
//   usage            {"input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens", "output_tokens"}:
//                    the conversation itself; input tokens do not include those of the cache
//   modelUsage       {<model>: {"inputTokens", "cacheReadInputTokens", "cacheCreationInputTokens", "outputTokens",
//                    "costUSD"}}: sub-agents included, as the cost has them, so that these counts go with it

/// Reads what Claude Code prints.
struct ClaudeReader: TranscriptReader {
  var report = AgentReport()
  let types = AgentReport.envelopeTypes

  mutating func read(_ object: JSONObject) {
    guard report.readEnvelope(object) else { return }
    report.costUSD = object.amount("total_cost_usd") ?? object.amount("total_cost") ?? object.amount("cost_usd")
    let usage = object.object("usage")
    report.usage = usage.map { .object($0) }
    report.tokens = usage.map(ClaudeReader.counts) ?? .unknown
    guard let models = object.object("modelUsage"), models.count > 0 else { return }
    report.modelUsage = .object(models)
    let counts = models.sorted.compactMap { model, usage in
      usage.object.map { (model.description, ClaudeReader.modelCounts($0)) }
    }
    let total = counts.reduce(TokenCounts.unknown) { $0 + $1.1 }
    if !total.isUnknown { report.tokens = total }
    report.model = report.model ?? counts.max { ($0.1.output ?? 0) < ($1.1.output ?? 0) }?.0
  }

  /// The counts in Anthropic's own form, in which no class holds another.
  static func counts(_ usage: JSONObject) -> TokenCounts {
    TokenCounts(
      input: usage.count("input_tokens"), cacheRead: usage.count("cache_read_input_tokens"),
      cacheWrite: usage.count("cache_creation_input_tokens"), output: usage.count("output_tokens"))
  }

  private static func modelCounts(_ usage: JSONObject) -> TokenCounts {
    TokenCounts(
      input: usage.count("inputTokens"), cacheRead: usage.count("cacheReadInputTokens"),
      cacheWrite: usage.count("cacheCreationInputTokens"), output: usage.count("outputTokens"))
  }
}
