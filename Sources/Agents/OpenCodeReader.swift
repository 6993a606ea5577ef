internal import Events

// OpenCode prints, with `run`:
//
//   --format json      a line for each event, with `sessionID`: `step_start`, `text`, `tool_use`, `step_finish`, `error`
//   --format default   the answer, for people
//
// A `step_finish` has in its `part`
//
//   reason   `tool-calls` where another step follows, `stop` at the end
//   cost     of this step in US dollars; 0 where the program knows no price, as for subscriptions
//   tokens   of this step: {"input", "output", "reasoning", "cache": {"read", "write"}, "total"}; input tokens do not
//            include those of the cache, output tokens do not include reasoning but in versions whose total says so
//
// Steps are summed up.

/// Reads what OpenCode prints.
struct OpenCodeReader: TranscriptReader {
  var report = AgentReport()
  let types: Set<String> = ["step_start", "step_finish", "error"]
  private var cost: Double?
  private var steps: [JSONValue] = []

  /// How many steps' own counts are looked at for keeping; a longer list would be too long to be kept.
  private static let maximumSteps = 200

  mutating func read(_ object: JSONObject) {
    report.sessionID = object.text("sessionID") ?? report.sessionID
    switch object.text("type") {
    case "step_start": report.outcome = .unfinished
    case "step_finish": if let part = object.object("part") { read(step: part) }
    case "error":
      report.outcome = .failed
      report.error = object.message("error") ?? object.text("message") ?? report.error
    default: break
    }
  }

  private mutating func read(step: JSONObject) {
    if step.text("reason") != "tool-calls" {
      report.outcome = .succeeded
      report.error = nil
    }
    report.model = step.text("modelID") ?? step.object("model")?.text("modelID") ?? report.model
    if let amount = step.amount("cost"), amount > 0 { cost = (cost ?? 0) + amount }
    guard let tokens = step.object("tokens") else { return }
    report.tokens = report.tokens + OpenCodeReader.counts(tokens)
    if steps.count < OpenCodeReader.maximumSteps { steps.append(.object(tokens)) }
  }

  private static func counts(_ tokens: JSONObject) -> TokenCounts {
    let cache = tokens.object("cache")
    var counts = TokenCounts(
      input: tokens.count("input"), cacheRead: cache?.count("read"), cacheWrite: cache?.count("write"),
      output: tokens.count("output"), reasoning: tokens.count("reasoning"))
    let sum = [counts.cacheRead, counts.cacheWrite, counts.output].reduce(counts.input, TokenCounts.sum)
    let isWhole = tokens.count("total") != nil && tokens.count("total") == sum
    if !isWhole { counts.output = TokenCounts.sum(counts.output, counts.reasoning) }
    return counts
  }

  mutating func finish() {
    report.costUSD = cost
    guard !steps.isEmpty, steps.count < OpenCodeReader.maximumSteps else { return }
    report.usage = steps.count == 1 ? steps[0] : .array(steps)
  }
}
