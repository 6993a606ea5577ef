import Agents
import Events
import Processes

/// What an agent printed: the first byte chooses the agent, a zero byte parts standard output from standard error.
func checkAgents(_ input: [UInt8]) {
  guard let choice = input.first else { return }
  let agent = AgentOutput.allCases[Int(choice) % AgentOutput.allCases.count]
  let streams = input.dropFirst().split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false).map(Array.init)
  let (output, errors) = (streams[0], streams.count == 2 ? streams[1] : [])
  check(agent.report(output: output, errors: errors))
  for exitCode in [0, 1] {
    check(
      InvocationResult(agent: agent, output: output, errors: errors, exitCode: exitCode, durationSeconds: nil))
  }
}

private func check(_ report: AgentReport) {
  let counts = [
    report.inputTokens, report.cacheReadTokens, report.cacheWriteTokens, report.outputTokens, report.reasoningTokens,
    report.durationMS, report.exitCode,
  ]
  for count in counts { precondition(count.map { $0 >= 0 } != false, "a count is negative") }
  precondition(report.costUSD.map { $0 >= 0 && $0.isFinite } != false, "a cost is no amount")
  for usage in [report.usage, report.modelUsage].compactMap(\.self) {
    let text = usage.canonicalText
    precondition(text.count <= 8 << 10, "usage is longer than it may be")
    precondition(JSONValue(text)?.canonicalText == text, "usage cannot be read again")
  }
  for name in [report.model, report.sessionID].compactMap(\.self) {
    precondition(!name.isEmpty && name.utf8.count <= 256, "a name is none")
  }
}

private func check(_ result: InvocationResult) {
  precondition(result.durationSeconds >= 0 && result.durationSeconds.isFinite, "a duration is none")
  precondition(!result.success || result.errors.isEmpty, "a success has errors")
  precondition(result.errors.count <= 5 && result.warnings.count <= 5, "there are more reasons than are kept")
}

/// A long output: what is kept of it is bounded, in whole lines, and the same however it arrives.
///
/// The first two bytes choose the sizes of pieces; a line is marked that holds a `!`.
func checkOutputs(_ input: [UInt8]) {
  guard input.count > 2 else { return }
  let output = input[2...]
  // The usual bounds would take an output of megabytes.
  let bounds = OutputSample.Bounds(chunkSize: 16, maximumChunks: 4, maximumEarly: 64)
  let empty = OutputSample(marks: [Array("!".utf8)], bounds: bounds)
  var (whole, pieces) = (empty, empty)
  whole.append(output)
  var rest = output
  var sizes = input[..<2].map { 1 + Int($0) }
  while !rest.isEmpty {
    pieces.append(rest.prefix(sizes[0]))
    rest = rest.dropFirst(sizes[0])
    sizes.swapAt(0, 1)
  }
  let kept = whole.bytes
  precondition(pieces.bytes == kept, "the size of pieces shows")
  precondition(kept.count <= 64 + 16 + 5 * 16, "more is kept than may be")
  precondition(output.count > 4 * 16 || kept == Array(output), "of a short output a part is missing")
  let lines = output.split(separator: 0x0A, omittingEmptySubsequences: false)
  let known = Set(lines.map(Array.init))
  for line in kept.split(separator: 0x0A) {
    precondition(known.contains(Array(line)), "a part of a line is kept")
  }
}

/// A log that an orchestrator kept: the first line is its file's name.
func checkOrchestrator(_ input: [UInt8]) {
  let parts = input.split(separator: 0x0A, maxSplits: 1, omittingEmptySubsequences: false)
  let name = String(decoding: parts[0], as: UTF8.self)
  let content = parts.count == 2 ? Array(parts[1]) : []
  guard let log = OrchestratorLog(name: name, content: content) else { return }
  precondition(log.wpID.hasPrefix("WP") && log.feature != "" && !log.agent.isEmpty, "a log belongs to nothing")
  precondition(OrchestratorLog(name: name, content: content)?.id == log.id, "a log has two ids")
  precondition(OrchestratorLog(name: name, content: content + [0x20])?.id != log.id, "two logs have one id")
  check(log.result)
}
