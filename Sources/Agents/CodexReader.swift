internal import Events

// Codex prints, with `exec`:
//
//   --json        a line for each event: `thread.started` with the thread's id, `turn.completed` with usage,
//                 `turn.failed` with an error; `error` also tells of what is tried again
//   --json, old   {"id", "msg": {"type": "token_count" | "task_complete" | "error" | "session_configured", …}}
//   without it    the answer on standard output; on standard error a banner with `model:` and `session id:`, and
//                 `tokens used` before a total that says nothing of classes
//
// Usage is {"input_tokens", "cached_input_tokens", "output_tokens"}, in newer versions "cache_write_input_tokens" and
// "reasoning_output_tokens" too. Input tokens include those of the cache, output tokens include reasoning. The counts
// are those of the thread so far, so the last one counts; where one is smaller than the one before, counting has begun
// anew. There is neither cost nor, in JSON, the model.

/// Reads what Codex prints.
struct CodexReader: TranscriptReader {
  var report = AgentReport()
  let types: Set<String> = ["thread.started", "turn.started", "turn.completed", "turn.failed", "error"]
  /// The counts of the thread so far.
  private var current = TokenCounts.unknown
  /// The counts of what came before counting began anew.
  private var closed = TokenCounts.unknown

  mutating func read(_ object: JSONObject) {
    switch object.text("type") {
    case "thread.started":
      let thread = object.text("thread_id")
      if thread != report.sessionID { close() }
      report.sessionID = thread ?? report.sessionID
      report.outcome = .unfinished
    case "turn.started": report.outcome = .unfinished
    case "turn.completed":
      succeed()
      if let usage = object.object("usage") { count(usage) }
    case "turn.failed": fail(object.message("error"))
    case "error": fail(object.text("message"))
    case nil: if let message = object.object("msg") { read(message: message) }
    default: break
    }
  }

  private mutating func read(message: JSONObject) {
    switch message.text("type") {
    case "session_configured":
      report.sessionID = message.text("session_id")
      report.model = message.text("model")
      report.outcome = .unfinished
    case "token_count":
      // The total of the session; in the oldest versions the counts stand in the message itself.
      let usage = message.object("info").map { $0.object("total_token_usage") } ?? message
      if let usage { count(usage) }
    case "task_complete": succeed()
    case "error": fail(message.text("message"))
    default: break
    }
  }

  private mutating func succeed() {
    report.outcome = .succeeded
    report.error = nil
  }

  private mutating func fail(_ message: String?) {
    report.outcome = .failed
    report.error = message ?? report.error
  }

  private mutating func count(_ usage: JSONObject) {
    report.usage = .object(usage)
    let cached = usage.count("cached_input_tokens")
    let written = usage.count("cache_write_input_tokens")
    let counts = TokenCounts(
      input: TokenCounts.rest(of: usage.count("input_tokens"), without: cached, written), cacheRead: cached,
      cacheWrite: written, output: usage.count("output_tokens"), reasoning: usage.count("reasoning_output_tokens"))
    if (counts.output ?? 0) < (current.output ?? 0) { close() }
    current = counts
  }

  private mutating func close() {
    closed = closed + current
    current = .unknown
  }

  mutating func read(text: TranscriptText) {
    report.model = report.model ?? text.value(after: "model:")
    report.sessionID = report.sessionID ?? text.value(after: "session id:")
    guard report.usage == nil else { return }
    for (line, next) in zip(text.lines, text.lines.dropFirst()) where line == "tokens used" {
      let digits = next.filter { $0 != "," }
      if let total = Int(digits) { report.usage = .object(JSONObject([("tokens used", .integer(total))])) }
    }
  }

  mutating func finish() { report.tokens = closed + current }
}
