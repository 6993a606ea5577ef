internal import Events

// Gemini CLI prints:
//
//   --output-format json          {"session_id", "response", "stats", "error"}: one object over many lines
//   --output-format stream-json   a line for each event: `init` with session and model, `error`, and last `result`
//   --output-format text          the answer alone
//
// `stats.models` holds for each model
//
//   json     {"tokens": {"prompt", "cached", "candidates", "thoughts", "tool", "total"}}: the prompt includes what came
//            from the cache, the candidates do not include thoughts; `tool` is what tools added to the prompt
//   stream   {"input_tokens", "cached", "output_tokens", "total_tokens"}: the same without thoughts and `tool`, which
//            only the total has; old versions give these counts for all models together, in `stats` itself
//
// There is no cost. A failure is {"error": {"type", "message", "code"}}, on either stream.

/// Reads what Gemini CLI prints.
struct GeminiReader: TranscriptReader {
  var report = AgentReport()
  let types: Set<String> = ["init", "result", "error"]

  mutating func read(_ object: JSONObject) {
    switch object.text("type") {
    case "init":
      report.sessionID = object.text("session_id")
      // `auto` lets the program choose, and the statistics say what it chose.
      report.model = object.text("model").flatMap { $0.hasPrefix("auto") ? nil : $0 }
      report.outcome = .unfinished
    case "error":
      guard object.text("severity") != "warning" else { return }
      report.error = object.text("message") ?? object.message("error") ?? report.error
    case "result":
      report.outcome = object.text("status") == "error" ? .failed : .succeeded
      if report.outcome == .succeeded { report.error = nil }
      report.error = object.message("error") ?? report.error
      read(stats: object.object("stats"))
    default: readDocument(object)
    }
  }

  private mutating func readDocument(_ object: JSONObject) {
    let error = object.message("error")
    guard error != nil || object["response"] != nil || object["stats"] != nil else { return }
    report.sessionID = object.text("session_id") ?? report.sessionID
    report.outcome = error == nil ? .succeeded : .failed
    report.error = error
    read(stats: object.object("stats"))
  }

  private mutating func read(stats: JSONObject?) {
    guard let stats else { return }
    report.durationMS = stats.count("duration_ms") ?? report.durationMS
    guard let models = stats.object("models"), models.count > 0 else {
      report.usage = .object(stats)
      report.tokens = GeminiReader.streamCounts(stats)
      return
    }
    report.read(geminiModels: models)
  }

  fileprivate static func counts(_ tokens: JSONObject) -> TokenCounts {
    let thoughts = tokens.count("thoughts")
    let candidates = tokens.count("candidates")
    let added = TokenCounts.sum(tokens.count("prompt"), tokens.count("tool"))
    // Qwen's models count their thoughts among the candidates, which the total gives away.
    let isWhole = thoughts != nil && tokens.count("total") == TokenCounts.sum(added, candidates)
    return TokenCounts(
      input: TokenCounts.rest(of: added, without: tokens.count("cached")), cacheRead: tokens.count("cached"),
      output: isWhole ? candidates : TokenCounts.sum(candidates, thoughts), reasoning: thoughts)
  }

  fileprivate static func streamCounts(_ stats: JSONObject) -> TokenCounts {
    let prompt = stats.count("input_tokens")
    let candidates = stats.count("output_tokens")
    // What the total has beyond prompt and candidates are thoughts, and rarely what tools added to the prompt.
    let written = TokenCounts.rest(of: stats.count("total_tokens"), without: prompt)
    return TokenCounts(
      input: TokenCounts.rest(of: prompt, without: stats.count("cached")), cacheRead: stats.count("cached"),
      output: prompt == nil ? candidates : written.map { max($0, candidates ?? 0) } ?? candidates)
  }
}

extension AgentReport {
  /// Reads what Gemini CLI, and Qwen Code after it, says of each model.
  mutating func read(geminiModels models: JSONObject) {
    usage = .object(models)
    let counts = models.sorted.compactMap { model, usage in
      usage.object.map { usage in
        (model.description, usage.object("tokens").map(GeminiReader.counts) ?? GeminiReader.streamCounts(usage))
      }
    }
    tokens = counts.reduce(.unknown) { $0 + $1.1 }
    model = counts.max { ($0.1.output ?? 0) < ($1.1.output ?? 0) }?.0 ?? model
  }
}
