internal import Events

// Qwen Code prints:
//
//   --output-format json          an array of messages that ends with a result in Claude Code's envelope
//   --output-format stream-json   the same messages, one a line
//   in its first versions         what Gemini CLI prints, from which it descends
//
// The result's `usage` has Anthropic's names, {"input_tokens", "cache_read_input_tokens", "output_tokens"}, yet its
// input tokens include those read from the cache. With json there are `stats` too, as Gemini CLI has them. There is no
// cost.

/// Reads what Qwen Code prints.
struct QwenReader: TranscriptReader {
  private var gemini = GeminiReader()
  private var envelope = AgentReport()
  private var isEnvelope = false
  let types = AgentReport.envelopeTypes.union(["init"])

  var report: AgentReport { isEnvelope ? envelope : gemini.report }

  mutating func read(_ object: JSONObject) {
    // Gemini's result has a status where Claude Code's has a subtype.
    guard object["subtype"] != nil || object["is_error"] != nil else { return gemini.read(object) }
    isEnvelope = true
    guard envelope.readEnvelope(object) else { return }
    let usage = object.object("usage")
    if let models = object.object("stats")?.object("models"), models.count > 0 {
      let session = envelope.model
      envelope.read(geminiModels: models)
      envelope.model = session ?? envelope.model
      envelope.modelUsage = envelope.usage
    } else if let usage {
      envelope.tokens = ClaudeReader.counts(usage)
      envelope.tokens.input = TokenCounts.rest(
        of: envelope.tokens.input, without: envelope.tokens.cacheRead, envelope.tokens.cacheWrite)
    }
    envelope.usage = usage.map { .object($0) } ?? envelope.usage
    envelope.costUSD = object.amount("total_cost_usd")
  }
}
