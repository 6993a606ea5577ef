package import Agents
package import Events

extension Invocation {
  /// Creates the invocation that `result` came of.
  package init(wpID: String, agent: String, role: Role, result: InvocationResult) {
    self.init(
      wpID: wpID, agent: agent, role: role, model: result.model, inputTokens: result.inputTokens,
      outputTokens: result.outputTokens, costUSD: result.costUSD,
      durationMS: Int(exactly: (result.durationSeconds * 1000).rounded(.down)) ?? 0, success: result.success,
      error: result.errors.first, exitCode: result.exitCode)
    cacheReadTokens = result.cacheReadTokens
    cacheWriteTokens = result.cacheWriteTokens
    reasoningTokens = result.reasoningTokens
    sessionID = result.sessionID
    costSource = result.costUSD.map { _ in .reported }
    usage = result.usage
    modelUsage = result.modelUsage
  }

  /// Takes what is unknown from an agent's own report.
  package mutating func complete(with report: AgentReport) {
    model = model ?? report.model
    inputTokens = inputTokens ?? report.inputTokens
    cacheReadTokens = cacheReadTokens ?? report.cacheReadTokens
    cacheWriteTokens = cacheWriteTokens ?? report.cacheWriteTokens
    outputTokens = outputTokens ?? report.outputTokens
    reasoningTokens = reasoningTokens ?? report.reasoningTokens
    sessionID = sessionID ?? report.sessionID
    usage = usage ?? report.usage
    modelUsage = modelUsage ?? report.modelUsage
    guard costUSD == nil, let cost = report.costUSD else { return }
    costUSD = cost
    costSource = .reported
  }
}
