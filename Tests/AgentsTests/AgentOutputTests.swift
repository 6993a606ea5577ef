import Agents
import Events
import Testing

/// What a transcript says, counted by hand.
struct Expectation: CustomTestStringConvertible {
  let agent: AgentOutput
  let transcript: String
  var outcome: AgentReport.Outcome? = .succeeded
  var model: String?
  var session: String?
  /// Input, cache read, cache write, output, reasoning.
  var tokens: [Int?] = [nil, nil, nil, nil, nil]
  var cost: Double?
  var error: String?
  var durationMS: Int?
  var exitCode: Int?

  var testDescription: String { transcript }
}

private let expectations = [
  // The sub-agents' counts are in: 2310 + 498, 187 + 10033.
  Expectation(
    agent: .claude, transcript: "claude.json", model: "claude-sonnet-4-5-20250929",
    session: "6c1f5c0e-91c1-4b8e-8f41-6f1f5b6a5d0e", tokens: [2808, 1_002_117, 52_010, 10_220, nil],
    cost: 0.8125431, durationMS: 184_213),
  Expectation(
    agent: .claude, transcript: "claude-stream.jsonl", model: "claude-opus-4-1-20250805",
    session: "0b6d3a52-77aa-4a5b-b3f9-17d2f6e0c9aa", tokens: [9, 15_022, 15_322, 141, nil], cost: 0.31,
    durationMS: 5120),
  Expectation(
    agent: .claude, transcript: "claude-verbose.json", model: "claude-sonnet-4-5", session: "s-1",
    tokens: [10, 30, 20, 40, nil], cost: 0.02, durationMS: 900),
  Expectation(
    agent: .claude, transcript: "claude-turns.json", outcome: .failed, session: "s-2", tokens: [5, 7, 6, 8, nil],
    cost: 1.5, error: "error_max_turns", durationMS: 61_000),
  // It says that there were none, which is not the same as not saying it.
  Expectation(
    agent: .claude, transcript: "claude-limit.json", outcome: .failed, session: "s-3", tokens: [0, 0, 0, 0, nil],
    cost: 0, error: "Claude AI usage limit reached|1760000400", durationMS: 641),
  Expectation(agent: .claude, transcript: "plain.txt", outcome: nil),
  // 121904 - 98304; the reconnection was no failure.
  Expectation(
    agent: .codex, transcript: "codex.jsonl", session: "0199a213-81c0-7800-8aa1-bbab2a035a53",
    tokens: [23_600, 98_304, nil, 15_377, 8192]),
  // The first thread's last count, 85681 - 70016, and the second's, 900 - 100 - 300.
  Expectation(
    agent: .codex, transcript: "codex-turns.jsonl", session: "t-2", tokens: [16_165, 70_116, 300, 95, nil]),
  Expectation(
    agent: .codex, transcript: "codex-failed.jsonl", outcome: .failed, session: "t-3",
    error: "You've hit your usage limit. Try again in 3 days."),
  Expectation(
    agent: .codex, transcript: "codex-old.jsonl", model: "gpt-5-codex", session: "u-1",
    tokens: [3000, 9000, nil, 700, 320]),
  Expectation(
    agent: .codex, transcript: "codex-banner.txt", outcome: nil, model: "gpt-5-codex",
    session: "0199b0c8-3f45-7d32-a5cf-0d1c1c1f6f15"),
  // 2100 and 61200 + 120 - 36800; 43 + 100 and 1805 + 3000.
  Expectation(
    agent: .gemini, transcript: "gemini.json", model: "gemini-2.5-pro",
    session: "7a0e0b6f-3a7c-4f44-8a53-98d3a0a2fb0e", tokens: [26_620, 36_800, nil, 4948, 3100]),
  // 1010 - 1000 and 9490 - 8000.
  Expectation(
    agent: .gemini, transcript: "gemini-stream.jsonl", model: "gemini-2.5-pro", session: "g-1",
    tokens: [3000, 6000, nil, 1500, nil], durationMS: 4200),
  Expectation(
    agent: .gemini, transcript: "gemini-stream-old.jsonl", model: "gemini-2.5-pro", session: "g-2",
    tokens: [3000, 6000, nil, 1500, nil], durationMS: 4200),
  Expectation(
    agent: .gemini, transcript: "gemini-error.json", outcome: .failed, session: "g-3",
    error: "Reached max session turns for this session."),
  // 671 + 1662; 8 + 8 + 15: the total of 7065 has the reasoning beside the output.
  Expectation(
    agent: .opencode, transcript: "opencode.jsonl", session: "ses_494719016ffe85dkDMj0FPRbHK",
    tokens: [2333, 26_795, 0, 31, 15], cost: 0.00358306),
  Expectation(
    agent: .opencode, transcript: "opencode-total.jsonl", model: "qwen3-coder", session: "ses_2",
    tokens: [100, 0, 0, 50, 20]),
  Expectation(
    agent: .opencode, transcript: "opencode-error.jsonl", outcome: .failed, session: "ses_3",
    error: "Rate limit exceeded"),
  // 5200 - 3000 - 500 once, and 300.
  Expectation(
    agent: .copilot, transcript: "copilot.jsonl", model: "claude-sonnet-4.5",
    session: "35059dc3-d928-4ffb-8616-b78938621d85", tokens: [2000, 3000, 500, 1820, nil], durationMS: 6275,
    exitCode: 0),
  // 5000 - 4200 - 100; the single calls are in it.
  Expectation(
    agent: .copilot, transcript: "copilot-shutdown.jsonl", outcome: .failed, model: "gpt-5", session: "dead-beef",
    tokens: [700, 4200, 100, 1000, 640], error: "Rate limit exceeded", exitCode: 1),
  Expectation(
    agent: .copilot, transcript: "copilot-input.txt", outcome: nil, model: "claude-sonnet-4.5",
    tokens: [3300, 10_000, 0, 100, nil]),
  Expectation(
    agent: .copilot, transcript: "copilot-in.txt", outcome: nil, model: "gpt-5.3-codex",
    tokens: [2_000_000, 16_900_000, nil, 92_400, nil]),
  Expectation(
    agent: .copilot, transcript: "copilot-arrows.txt", outcome: nil, tokens: [4500, 20_100, nil, 91, nil]),
  Expectation(agent: .copilot, transcript: "plain.txt", outcome: nil),
  Expectation(
    agent: .cursor, transcript: "cursor.json", session: "c6b62c6f-7ead-4fd6-9922-e952131177ff",
    tokens: [7410, 51_200, 0, 812, nil], durationMS: 12_034),
  Expectation(
    agent: .cursor, transcript: "cursor-stream.jsonl", model: "Claude 4 Sonnet", session: "c-2", durationMS: 5234),
  // 30500 - 20000; the total of 31400 has the thoughts among the candidates.
  Expectation(
    agent: .qwen, transcript: "qwen.json", model: "qwen3-coder-plus", session: "q-1",
    tokens: [10_500, 20_000, nil, 900, 250], durationMS: 8100),
  Expectation(
    agent: .qwen, transcript: "qwen-stream.jsonl", outcome: .failed, model: "qwen3-max", session: "q-3",
    tokens: [300, 100, nil, 12, nil], error: "429 quota exceeded", durationMS: 500),
  Expectation(
    agent: .qwen, transcript: "qwen-old.json", model: "qwen3-coder-plus", tokens: [300, 200, nil, 60, 0]),
]

/// What agents print, read back.
struct `Agent output` {
  private func expect(
    _ report: AgentReport, _ expectation: Expectation, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let counts = [
      report.inputTokens, report.cacheReadTokens, report.cacheWriteTokens, report.outputTokens, report.reasoningTokens,
    ]
    #expect(counts == expectation.tokens, sourceLocation: sourceLocation)
    #expect(report.outcome == expectation.outcome, sourceLocation: sourceLocation)
    #expect(report.model == expectation.model, sourceLocation: sourceLocation)
    #expect(report.sessionID == expectation.session, sourceLocation: sourceLocation)
    #expect(report.error == expectation.error, sourceLocation: sourceLocation)
    #expect(report.durationMS == expectation.durationMS, sourceLocation: sourceLocation)
    #expect(report.exitCode == expectation.exitCode, sourceLocation: sourceLocation)
    let difference = (report.costUSD ?? -1) - (expectation.cost ?? -1)
    #expect(difference.magnitude < 1e-12, sourceLocation: sourceLocation)
  }

  @Test(arguments: expectations)
  func `a transcript's totals are those counted by hand`(expectation: Expectation) throws {
    expect(expectation.agent.report(output: try transcript(expectation.transcript)), expectation)
  }

  @Test(arguments: expectations)
  func `other text before and after changes nothing`(expectation: Expectation) throws {
    let before = Array("(node:42) Warning: {old} [thing]\r\n[warn] {\n\n".utf8)
    let after = Array("\n\u{1B}[0m{not json}\nbye { \"type\": \"result\" \n".utf8)
    let output = before + (try transcript(expectation.transcript)) + after
    expect(expectation.agent.report(output: output), expectation)
  }

  @Test(arguments: expectations)
  func `lines that end in CR LF are the same lines`(expectation: Expectation) throws {
    let text = String(decoding: try transcript(expectation.transcript), as: UTF8.self)
    let output = Array(text.replacing("\n", with: "\r\n").utf8)
    expect(expectation.agent.report(output: output), expectation)
  }

  @Test(arguments: [
    ("claude", AgentOutput.claude), ("/usr/local/bin/claude", .claude), ("claude-code", .claude), ("codex", .codex),
    ("gemini", .gemini), ("opencode", .opencode), ("copilot", .copilot), ("cursor", .cursor),
    ("cursor-agent", .cursor), ("qwen", .qwen),
  ])
  func `an agent is found by its program's name`(name: String, agent: AgentOutput) {
    #expect(AgentOutput(agent: name) == agent)
  }

  @Test(arguments: ["", "/", "Claude", "claude ", "sh", "claude/"]) func `other programs are no agents`(name: String) {
    #expect(AgentOutput(agent: name) == nil)
  }

  @Test func `usage is kept as the agent gave it`() throws {
    let claude = AgentOutput.claude.report(output: try transcript("claude.json"))
    let usage = try #require(claude.usage?.object)
    #expect(usage["service_tier"]?.text == "standard" && usage["input_tokens"] == .integer(412))
    #expect(claude.modelUsage?.object?["claude-haiku-4-5-20251001"]?.object?["costUSD"] == .float(0.003245))
    let codex = AgentOutput.codex.report(output: try transcript("codex.jsonl"))
    #expect(codex.usage?.object?["input_tokens"] == .integer(121_904))
    let gemini = AgentOutput.gemini.report(output: try transcript("gemini.json"))
    let tokens = gemini.usage?.object?["gemini-2.5-pro"]?.object?["tokens"]?.object
    #expect(tokens?["thoughts"] == .integer(3000))
    let summary = AgentOutput.copilot.report(output: try transcript("copilot-in.txt")).usage?.text
    #expect(summary == "gpt-5.3-codex           18.9m in, 92.4k out, 16.9m cached (Est. 0 Premium requests)")
    let banner = AgentOutput.codex.report(output: [], errors: try transcript("codex-banner.txt"))
    #expect(banner.usage == .object(JSONObject([("tokens used", .integer(12_345))])))
  }

  @Test func `usage that is too long is not kept, and counts all the same`() {
    let padding = String(repeating: "x", count: 9000)
    let output = #"{"type": "result", "usage": {"input_tokens": 5, "note": "\#(padding)"}}"#
    let report = AgentOutput.claude.report(output: Array(output.utf8))
    #expect(report.inputTokens == 5 && report.usage == nil)
  }

  @Test func `what is no count, no amount and no name is unknown`() {
    let output = """
      {"type": "result", "session_id": 5, "total_cost_usd": -1, "duration_ms": 1.5, "usage": {"input_tokens": -3, \
      "cache_read_input_tokens": "7", "cache_creation_input_tokens": 1e40, "output_tokens": 99999999999999999999}}
      """
    let report = AgentOutput.claude.report(output: Array(output.utf8))
    #expect(report.inputTokens == nil && report.cacheReadTokens == nil && report.cacheWriteTokens == nil)
    #expect(report.outputTokens == nil && report.costUSD == nil && report.sessionID == nil && report.durationMS == nil)
    #expect(report.outcome == .succeeded)
  }

  @Test func `counts that together are too large do not wrap around`() {
    let line = #"{"type":"step_finish","part":{"tokens":{"input":9223372036854775807,"output":1}}}"#
    let report = AgentOutput.opencode.report(output: Array("\(line)\n\(line)\n".utf8))
    #expect(report.inputTokens == .max && report.outputTokens == 2)
  }

  @Test func `one byte that is no text costs nothing`() throws {
    var output = try transcript("claude.json")
    let index = try #require(output.firstRange(of: Array("passkey".utf8))?.lowerBound)
    output[index] = 0xFF
    #expect(AgentOutput.claude.report(output: output).outputTokens == 10_220)
  }

  @Test func `a failure that is told on standard error is read there`() throws {
    let report = AgentOutput.gemini.report(output: Array("Loading\n".utf8), errors: try transcript("gemini-error.json"))
    #expect(report.outcome == .failed && report.error == "Reached max session turns for this session.")
  }
}
