public import Agents
public import Events
public import Logging
public import SystemPackage

/// Records one run of an agent, and never gets into the way of it.
///
/// The event goes into the log in `featureDirectory` and, where that lies in a repository, into the journal and into
/// the note of the commit that is checked out. The call returns within seconds, also when another process holds the
/// lock; whatever goes wrong becomes one warning in `logger`, and what could be stored is stored.
///
/// The node that records is `nodeID`, a colon and the work package: `cli:WP03`.
public func emitExecutionEvent(
  featureDirectory: FilePath, featureSlug: String, wpID: String, agent: String, role: Role, model: String? = nil,
  inputTokens: Int? = nil, outputTokens: Int? = nil, costUSD: Double? = nil, durationMS: Int = 0,
  success: Bool = true, error: String? = nil, exitCode: Int = 0, nodeID: String = "cli",
  logger: Logger = Logger(label: "kitty-git-telemetry")
) {
  emit(
    Invocation(
      wpID: wpID, agent: agent, role: role, model: model, inputTokens: inputTokens, outputTokens: outputTokens,
      costUSD: costUSD, durationMS: durationMS, success: success, error: error, exitCode: exitCode),
    featureDirectory, featureSlug, target: .head, nodeID, logger)
}

/// Records one run of an agent from its result, as ``emitExecutionEvent(featureDirectory:featureSlug:wpID:agent:role:model:inputTokens:outputTokens:costUSD:durationMS:success:error:exitCode:nodeID:logger:)``
/// does: the duration in whole milliseconds, the first error, and what the result knows beyond that.
public func emitExecutionEvent(
  featureDirectory: FilePath, featureSlug: String, wpID: String, agent: String, role: Role,
  result: InvocationResult, nodeID: String = "cli", logger: Logger = Logger(label: "kitty-git-telemetry")
) {
  emit(
    Invocation(wpID: wpID, agent: agent, role: role, result: result), featureDirectory, featureSlug, target: .head,
    nodeID, logger)
}

/// Records an invocation; whatever goes wrong becomes one warning.
func emit(
  _ invocation: Invocation, _ featureDirectory: FilePath, _ featureSlug: String, target: RecordingContext.Target,
  _ nodeID: String, _ logger: Logger
) {
  var context = RecordingContext(
    hints: FeatureLocation.Hints(feature: featureSlug, folder: featureDirectory.string, wpID: invocation.wpID))
  context.node = nodeID
  context.target = target
  do {
    // The environment of the host is not asked: every hint is given.
    let recording = try Recorder(directory: ".", environment: [:]).record(.invocation(invocation), context)
    guard let warning = recording.warning else { return }
    logger.warning("Telemetry emission failed for \(featureSlug)/\(invocation.wpID): \(warning)")
  } catch {
    logger.warning("Telemetry emission failed for \(featureSlug)/\(invocation.wpID): \(error.message)")
  }
}
