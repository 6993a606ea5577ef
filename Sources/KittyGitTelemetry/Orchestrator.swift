public import Agents
internal import Events
public import Logging
public import SystemPackage

/// What an orchestrator tells of the agents that it runs, one value for each feature.
///
/// ```swift
/// let telemetry = Orchestrator(featureDirectory: "kitty-specs/043-login", featureSlug: "043-login")
/// telemetry.implementationEnded(wpID: "WP03", agent: "claude", result: result)
/// // The orchestrator commits the agent's work.
/// telemetry.flush(after: commit, wpID: "WP03")
/// // A reviewer reads it.
/// telemetry.reviewEnded(wpID: "WP03", agent: "gemini", result: verdict)
/// ```
///
/// No call throws or waits longer than seconds; whatever goes wrong becomes one warning in the logger, and the
/// orchestrator goes on.
public struct Orchestrator: Sendable {
  private let featureDirectory: FilePath
  private let featureSlug: String
  private let nodeID: String
  private let logger: Logger

  /// Creates a value for the feature of the name `featureSlug`, whose log is in `featureDirectory`.
  public init(
    featureDirectory: FilePath, featureSlug: String, nodeID: String = "cli",
    logger: Logger = Logger(label: "kitty-git-telemetry")
  ) {
    self.featureDirectory = featureDirectory
    self.featureSlug = featureSlug
    self.nodeID = nodeID
    self.logger = logger
  }

  /// Records that an agent has implemented a work package, or has tried to; to be called before its work is committed.
  ///
  /// The event waits for the commit that takes the work in: the next one that is made in the work tree, or the one that
  /// ``flush(after:wpID:)`` names. Without a result the agent has not come to one, which counts as a failure.
  public func implementationEnded(wpID: String, agent: String, result: InvocationResult?) {
    record(wpID, agent, .implementer, result, target: .next)
  }

  /// Records that an agent has reviewed a work package, or has tried to.
  ///
  /// The event goes on the commit that is checked out, which is what the agent has read. Without a result the agent has
  /// not come to one, which counts as a failure.
  public func reviewEnded(wpID: String, agent: String, result: InvocationResult?) {
    record(wpID, agent, .reviewer, result, target: .head)
  }

  /// Gives the waiting events the commit that took their work in, a revision as git reads it, and writes its note.
  ///
  /// With `wpID` these are the events of that work package; else all those that were recorded in this work tree.
  public func flush(after commit: String, wpID: String? = nil) {
    do {
      // The environment of the host is not asked, as when an event is recorded.
      try Recorder(directory: ".", environment: [:])
        .settle(featureFolder: featureDirectory, wpID: wpID, after: commit)
    } catch {
      logger.warning("Telemetry emission failed for \(featureSlug)/\(wpID ?? "*"): \(error.message)")
    }
  }

  private func record(
    _ wpID: String, _ agent: String, _ role: Role, _ result: InvocationResult?, target: RecordingContext.Target
  ) {
    let invocation =
      result.map { Invocation(wpID: wpID, agent: agent, role: role, result: $0) }
      ?? Invocation(wpID: wpID, agent: agent, role: role, success: false, exitCode: -1)
    emit(invocation, featureDirectory, featureSlug, target: target, nodeID, logger)
  }
}
