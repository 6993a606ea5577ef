import Agents
import Testing

/// The result of running an agent.
struct `Invocation result` {
  @Test func `code that knows nothing of telemetry compiles, and its results say nothing of it`() {
    let result = InvocationResult(success: true, exitCode: 0, stdout: "done", stderr: "", durationSeconds: 1.5)
    #expect(result.model == nil && result.inputTokens == nil && result.outputTokens == nil && result.costUSD == nil)
    #expect(result.cacheReadTokens == nil && result.cacheWriteTokens == nil && result.reasoningTokens == nil)
    #expect(result.sessionID == nil && result.usage == nil && result.modelUsage == nil)
    #expect(result.filesModified.isEmpty && result.commitsMade.isEmpty)
    #expect(result.errors.isEmpty && result.warnings.isEmpty)
  }

  @Test func `what an agent reports is kept`() {
    let result = InvocationResult(
      success: false, exitCode: 3, stdout: "", stderr: "no", durationSeconds: 0.25, errors: ["no"], model: "m",
      inputTokens: 5, outputTokens: 7, costUSD: 0.5)
    #expect(result.model == "m" && result.inputTokens == 5 && result.outputTokens == 7 && result.costUSD == 0.5)
    #expect(!result.success && result.exitCode == 3 && result.errors == ["no"])
  }

  private func result(
    _ agent: AgentOutput?, _ output: [UInt8], errors: String = "", exitCode: Int = 0
  ) -> InvocationResult {
    InvocationResult(agent: agent, output: output, errors: Array(errors.utf8), exitCode: exitCode, durationSeconds: 1)
  }

  @Test func `an agent's output becomes a result`() throws {
    let result = result(.claude, try transcript("claude-stream.jsonl"), errors: "Warning: old\n")
    #expect(result.success && result.errors.isEmpty && result.warnings == ["Warning: old"])
    #expect(result.model == "claude-opus-4-1-20250805" && result.costUSD == 0.31)
    #expect(result.inputTokens == 9 && result.cacheReadTokens == 15_022 && result.cacheWriteTokens == 15_322)
    #expect(result.outputTokens == 141 && result.reasoningTokens == nil)
    #expect(result.sessionID == "0b6d3a52-77aa-4a5b-b3f9-17d2f6e0c9aa" && result.usage != nil)
  }

  @Test func `an agent that says it failed has failed, whatever its exit status`() throws {
    let result = result(.claude, try transcript("claude-limit.json"))
    #expect(!result.success && result.errors == ["Claude AI usage limit reached|1760000400"])
  }

  @Test func `an agent that exits with a failure has failed, whatever it says`() throws {
    let result = result(.claude, try transcript("claude.json"), errors: "one\nError: two\nthree\n", exitCode: 1)
    #expect(!result.success && result.errors == ["Error: two", "three"] && result.outputTokens == 10_220)
  }

  @Test func `a stream that does not end is no failure where the program ended well`() throws {
    #expect(result(.claude, Array(try transcript("claude-stream.jsonl").prefix(300))).success)
  }

  @Test func `the reason is the last thing said where nothing is called an error`() {
    #expect(result(.codex, [], errors: "one\n\u{1B}[31mtwo\u{1B}[0m\n\n", exitCode: 2).errors == ["two"])
    #expect(result(nil, [], exitCode: 2).errors.isEmpty)
  }

  @Test func `an exit status that is documented is told in words`() {
    #expect(result(.gemini, [], errors: "bye\n", exitCode: 53).errors == ["the limit of turns was reached"])
    #expect(result(.claude, [], errors: "bye\n", exitCode: 53).errors == ["bye"])
  }
}
