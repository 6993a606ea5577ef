internal import Events

// GitHub Copilot CLI prints, with `-p`:
//
//   --output-format json   a line for each event, what it tells in `data`; last a `result` with `exitCode`, `sessionId`
//                          and `usage`, which has premium requests and durations
//   otherwise              the answer, and unless --silent is given a summary for people behind it (see below)
//
// Tokens are in `session.shutdown`, where it is printed: `modelMetrics` has {<model>: {"usage": {"inputTokens",
// "cacheReadTokens", "cacheWriteTokens", "outputTokens", "reasoningTokens"}}}; else in each `assistant.usage`. Input
// tokens include those of the cache. A `cost` counts premium requests, never money.
//
// The summary has had three forms:
//
//   claude-sonnet-4.5    12.3k input, 91 output, 10k cache read, 0 cache write (Est. 1 Premium request)
//   gpt-5.3-codex        18.9m in, 92.4k out, 16.9m cached (Est. 0 Premium requests)
//   Tokens    ↑ 24.6k • ↓ 91 • 20.1k (cached)
//
// with counts that are rounded to what is shown.

/// Reads what GitHub Copilot CLI prints.
struct CopilotReader: TranscriptReader {
  var report = AgentReport()
  let types: Set<String> = [
    "session.start", "session.error", "session.shutdown", "assistant.turn_start", "assistant.usage", "result",
  ]
  private var calls: [String: TokenCounts] = [:]
  private var seenCalls: Set<String> = []
  private var metrics: [String: TokenCounts] = [:]

  mutating func read(_ object: JSONObject) {
    let data = object.object("data") ?? JSONObject()
    switch object.text("type") {
    case "session.start":
      report.sessionID = data.text("sessionId") ?? report.sessionID
      report.model = data.text("selectedModel")
      report.outcome = .unfinished
    case "assistant.turn_start": report.outcome = .unfinished
    case "assistant.usage":
      // An event may be printed twice.
      guard object.text("id").map({ seenCalls.insert($0).inserted }) ?? true else { return }
      let model = data.text("model") ?? ""
      calls[model] = (calls[model] ?? .unknown) + CopilotReader.counts(data)
    case "session.shutdown": read(shutdown: data)
    case "session.error": report.error = data.text("message") ?? report.error
    case "result": read(result: object)
    default: break
    }
  }

  private mutating func read(shutdown data: JSONObject) {
    report.model = data.text("currentModel") ?? report.model
    guard let models = data.object("modelMetrics"), models.count > 0 else { return }
    report.modelUsage = .object(models)
    for (model, metric) in models.sorted {
      metrics[model.description] = metric.object?.object("usage").map(CopilotReader.counts)
    }
  }

  private mutating func read(result: JSONObject) {
    report.sessionID = result.text("sessionId") ?? report.sessionID
    report.exitCode = result.count("exitCode")
    report.outcome = (report.exitCode ?? 0) == 0 ? .succeeded : .failed
    if report.outcome == .succeeded { report.error = nil }
    report.usage = result.object("usage").map { .object($0) }
    report.durationMS = result.object("usage")?.count("sessionDurationMs")
  }

  private static func counts(_ usage: JSONObject) -> TokenCounts {
    let cacheRead = usage.count("cacheReadTokens")
    let cacheWrite = usage.count("cacheWriteTokens")
    return TokenCounts(
      input: TokenCounts.rest(of: usage.count("inputTokens"), without: cacheRead, cacheWrite), cacheRead: cacheRead,
      cacheWrite: cacheWrite, output: usage.count("outputTokens"), reasoning: usage.count("reasoningTokens"))
  }

  mutating func read(text: TranscriptText) {
    guard metrics.isEmpty, calls.isEmpty else { return }
    var shown: [String] = []
    for line in text.lines {
      guard let summary = CopilotSummary(line), !shown.contains(String(line)) else { continue }
      shown.append(String(line))
      metrics[summary.model ?? ""] = (metrics[summary.model ?? ""] ?? .unknown) + summary.tokens
    }
    if !shown.isEmpty { report.usage = report.usage ?? .string(shown.joined(separator: "\n")) }
  }

  mutating func finish() {
    let counts = metrics.isEmpty ? calls : metrics
    report.tokens = counts.values.reduce(.unknown, +)
    let busiest = counts.filter { !$0.key.isEmpty }.max {
      ($0.value.output ?? 0, $1.key) < ($1.value.output ?? 0, $0.key)
    }
    report.model = busiest?.key ?? report.model
  }
}

/// One line of the summary that is for people.
private struct CopilotSummary {
  var model: String?
  var tokens = TokenCounts.unknown

  /// Reads a line; `nil` when it is none of the summary.
  init?(_ line: Substring) {
    guard line.contains("(Est. ") || line.hasPrefix("Tokens") else { return nil }
    var words = line.split { $0.isWhitespace || "•·,()".contains($0) }[...]
    guard words.count >= 4 else { return nil }
    let isArrowForm = words.first == "Tokens"
    model = isArrowForm ? nil : String(words.removeFirst())
    if isArrowForm { words.removeFirst() }
    var whole: Int?
    while let word = words.popFirst() {
      if word == "↑" {
        whole = words.popFirst().flatMap(CopilotSummary.count)
      } else if word == "↓" {
        tokens.output = words.popFirst().flatMap(CopilotSummary.count)
      } else if let count = CopilotSummary.count(word) {
        switch (words.popFirst(), words.first) {
        case ("input", _), ("in", _): whole = count
        case ("output", _), ("out", _): tokens.output = count
        case ("cache", "read"): tokens.cacheRead = count
        case ("cache", "write"): tokens.cacheWrite = count
        case ("cached", _): tokens.cacheRead = count
        default: break
        }
      }
    }
    guard whole != nil, tokens.output != nil else { return nil }
    tokens.input = TokenCounts.rest(of: whole, without: tokens.cacheRead, tokens.cacheWrite)
  }

  /// The count that `12.3k` stands for.
  private static func count(_ word: Substring) -> Int? {
    let factor: Double =
      switch word.last {
      case "k", "K": 1e3
      case "m", "M": 1e6
      case "b", "B": 1e9
      default: 1
      }
    let digits = factor == 1 ? word : word.dropLast()
    guard digits.utf8.allSatisfy({ 0x30...0x39 ~= $0 || $0 == UInt8(ascii: ".") }), let number = Double(digits)
    else { return nil }
    return Int(exactly: (number * factor).rounded())
  }
}
