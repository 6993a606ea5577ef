import Agents
import Events
import TestSupport
import Testing

/// Output of any bytes.
struct `Agent output of any bytes` {
  private static let seed = UInt64.random(in: 0...UInt64.max)

  private func isPlausible(_ report: AgentReport) -> Bool {
    let counts = [
      report.inputTokens, report.cacheReadTokens, report.cacheWriteTokens, report.outputTokens, report.reasoningTokens,
    ]
    return counts.allSatisfy { ($0 ?? 0) >= 0 } && (report.costUSD ?? 0) >= 0 && (report.costUSD ?? 0).isFinite
  }

  @Test(arguments: AgentOutput.allCases) func `output that ends anywhere is read`(agent: AgentOutput) throws {
    for name in try transcriptNames() where name.hasPrefix(agent.rawValue) {
      let whole = try transcript(name)
      for end in stride(from: 0, to: whole.count, by: 37) {
        let report = agent.report(output: Array(whole[..<end]))
        #expect(isPlausible(report), "\(name) to \(end)")
      }
    }
  }

  @Test(arguments: AgentOutput.allCases) func `output with wrong bytes is read`(agent: AgentOutput) throws {
    var generator = SeededGenerator(seed: Self.seed)
    for name in try transcriptNames() {
      let whole = try transcript(name)
      for _ in 0..<20 {
        var broken = whole
        for _ in 0..<Int.random(in: 1...8, using: &generator) {
          broken[Int.random(in: broken.indices, using: &generator)] = UInt8.random(in: .min ... .max, using: &generator)
        }
        #expect(isPlausible(agent.report(output: broken, errors: broken)), "\(name), seed \(Self.seed)")
      }
    }
  }

  @Test func `a stream without its result is unfinished, and its counts are unknown`() throws {
    for (agent, name) in [
      (AgentOutput.claude, "claude-stream.jsonl"), (.codex, "codex.jsonl"), (.gemini, "gemini-stream.jsonl"),
      (.copilot, "copilot.jsonl"), (.cursor, "cursor-stream.jsonl"), (.qwen, "qwen-stream.jsonl"),
    ] {
      let lines = try transcript(name).split(separator: 0x0A)
      let report = agent.report(output: Array(lines.dropLast().joined(separator: [0x0A])))
      #expect(agent == .codex || report.outcome == .unfinished, "\(name)")
      #expect(agent == .copilot || report.inputTokens == nil, "\(name)")
    }
  }

  @Test func `deep nesting is refused and does not overflow`() {
    let deep = Array(String(repeating: #"{"a":["#, count: 100_000).utf8)
    #expect(AgentOutput.claude.report(output: deep).outcome == nil)
    let lines = Array(String(repeating: "{\"a\":[\n", count: 20_000).utf8)
    let result = Array("\n{\"type\":\"result\",\"usage\":{\"input_tokens\":3}}\n".utf8)
    #expect(AgentOutput.claude.report(output: lines + result).inputTokens == 3)
  }

  @Test func `a long output is read in time that grows with its length only`() {
    // Each line begins a value that turns out at the very end to be none.
    let line = "[" + String(repeating: "1,", count: 500) + "\n"
    let output = Array(String(repeating: line, count: 600).utf8)
    let result = Array("{\"type\":\"result\",\"usage\":{\"input_tokens\":3}}\n".utf8)
    let start = ContinuousClock.now
    #expect(AgentOutput.claude.report(output: output + result).inputTokens == 3)
    // Without a bound it looks at two hundred megabytes, which takes minutes in a debug build.
    #expect(ContinuousClock.now - start < .seconds(30))
  }
}
