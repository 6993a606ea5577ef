extension InvocationResult {
  /// Creates the result of a run from what the agent printed.
  ///
  /// Any bytes will do. Where `agent` is `nil`, nobody can read the output, and the exit status says how the run ended;
  /// where `durationSeconds` is, the agent's own measure counts.
  public init(agent: AgentOutput?, output: [UInt8], errors: [UInt8], exitCode: Int, durationSeconds: Double?) {
    let report = agent?.report(output: output, errors: errors) ?? AgentReport()
    // A format that does not end as it should is no failure where the program ended well: formats change.
    let success = exitCode == 0 && report.outcome != .failed
    let talk = TranscriptText(output: [], errors: errors)
    self.init(
      success: success, exitCode: exitCode, stdout: String(decoding: output, as: UTF8.self),
      stderr: String(decoding: errors, as: UTF8.self),
      durationSeconds: durationSeconds ?? Double(report.durationMS ?? 0) / 1000,
      errors: success
        ? [] : InvocationResult.reasons(report, talk, agent?.meaning(ofExitCode: exitCode)),
      warnings: talk.lines.lazy.filter { $0.lowercased().hasPrefix("warning") }
        .prefix(InvocationResult.maximumReasons).map(String.init),
      model: report.model, inputTokens: report.inputTokens, outputTokens: report.outputTokens, costUSD: report.costUSD,
      cacheReadTokens: report.cacheReadTokens, cacheWriteTokens: report.cacheWriteTokens,
      reasoningTokens: report.reasoningTokens, sessionID: report.sessionID, usage: report.usage,
      modelUsage: report.modelUsage)
  }

  /// How many lines of standard error are kept of each kind.
  private static let maximumReasons = 5

  /// Why the run failed: in the agent's own words, else what standard error says, else what the exit status means.
  private static func reasons(_ report: AgentReport, _ talk: TranscriptText, _ meaning: String?) -> [String] {
    if let error = report.error { return [error] }
    let lines = talk.lines.filter { !$0.lowercased().hasPrefix("warning") }
    let first = lines.firstIndex { $0.lowercased().contains("error") }
    if let first { return lines[first...].prefix(maximumReasons).map(String.init) }
    return meaning.map { [$0] } ?? lines.last.map { [String($0)] } ?? []
  }
}

extension AgentOutput {
  /// What an exit status means where the agent documents it.
  func meaning(ofExitCode code: Int) -> String? {
    guard self == .gemini || self == .qwen else { return nil }
    return switch code {
    case 41: "authentication failed"
    case 42: "the prompt or the arguments were refused"
    case 52: "the configuration is wrong"
    case 53: "the limit of turns was reached"
    case 54: "a tool failed for good"
    case 130: "cancelled"
    default: nil
    }
  }
}
