import Agents
import Testing

/// The result of running an agent.
struct `Invocation result` {
  @Test func `code that knows nothing of telemetry compiles, and its results say nothing of it`() {
    let result = InvocationResult(success: true, exitCode: 0, stdout: "done", stderr: "", durationSeconds: 1.5)
    #expect(result.model == nil && result.inputTokens == nil && result.outputTokens == nil && result.costUSD == nil)
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
}
