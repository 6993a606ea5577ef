internal import Agents
package import Events
internal import Git
package import Processes
internal import SystemPackage

/// One run of an agent: it works as it would without us, and what came of it is recorded.
package struct AgentRun {
  /// What the caller says of the run; what is missing is found out.
  package struct Options: Sendable {
    /// Where the event belongs.
    package var hints = FeatureLocation.Hints()
    /// What the agent is asked to be.
    package var role: Role?
    /// The agent's name.
    package var agent: String?
    /// Who records; the work package is appended.
    package var node = "cli"

    /// Creates options that say nothing.
    package init() {}
  }

  private let words: [[UInt8]]
  private let command: AgentCommand
  private let options: Options
  private let environment: [String: String]
  private let signals: InheritedSignals

  /// Creates a run of the program that `words` name, in bytes; `nil` when there are none.
  package init?(
    _ words: [[UInt8]], _ options: Options, environment: [String: String], signals: InheritedSignals
  ) {
    guard let command = AgentCommand(words.map { String(decoding: $0, as: UTF8.self) }) else { return nil }
    self.words = words
    self.command = command
    self.options = options
    // As with git's own variables, an empty one is none.
    self.environment = environment.filter { !$0.value.isEmpty }
    self.signals = signals
  }

  /// Runs the agent in the current folder and records what came of it.
  ///
  /// Whatever goes wrong with recording becomes `warning`; it never changes how the agent ends.
  package func run() -> (end: Result<ProgramEnd, StartFailure>, warning: String?) {
    var surroundings = AgentRun.surroundings
    let feature = options.hints.feature ?? environment["KITTY_FEATURE"]
    let output = options.agent.map { AgentOutput(agent: $0) } ?? command.output
    var supervisor = Supervisor(words, marks: output?.marks ?? [], signals: signals)
    let run = supervisor.run(path: environment["PATH"]) { surroundings.readStatus(of: feature) }
    let attribution = Attribution(
      hints: options.hints, role: options.role, environment: environment, command: command, prompt: run.input,
      surroundings: surroundings)
    // Whoever calls an agent by its name, in a place that is no feature's, has not asked for a record, nor for a word.
    if attribution.feature == nil, environment[Shim.variable] != nil { return (run.end, nil) }
    do throws(TelemetryError) {
      let invocation = invocation(run, attribution, output)
      return (run.end, try record(invocation, attribution, from: surroundings.head).warning)
    } catch {
      return (run.end, error.message)
    }
  }

  /// What the current folder says; nothing outside of a repository.
  private static var surroundings: Surroundings {
    // Why it cannot be opened is told when the event is recorded.
    (try? Surroundings(of: ".")) ?? Surroundings()
  }

  private func invocation(_ run: ProgramRun, _ attribution: Attribution, _ output: AgentOutput?) -> Invocation {
    let seconds = run.duration / .seconds(1)
    var result: InvocationResult
    switch run.end {
    case .success(let end):
      result = InvocationResult(
        agent: output, output: run.output, errors: run.errors, exitCode: Int(end.status), durationSeconds: seconds)
      if case .signalled(let number) = end, result.errors.isEmpty || output == nil {
        result.errors = ["killed by signal \(number)\(ProgramEnd.name(of: number).map { " (\($0))" } ?? "")"]
      }
    case .failure(let failure):
      result = InvocationResult(
        success: false, exitCode: Int(failure.status), stdout: "", stderr: "", durationSeconds: seconds,
        errors: [failure.description])
    }
    // What was asked for is the best that is known where the agent does not say what answered.
    result.model = result.model ?? command.model
    var invocation = Invocation(
      wpID: attribution.wpID?.value ?? "", agent: options.agent ?? command.name, role: attribution.role,
      result: result)
    invocation.attributedBy = attribution.json
    return invocation
  }

  /// Records the event on the commit that the agent has made or, as a reviewer, has looked at; other work waits for the
  /// commit that takes it in.
  private func record(
    _ invocation: Invocation, _ attribution: Attribution, from before: Head?
  ) throws(TelemetryError) -> Recording {
    var hints = options.hints
    hints.feature = attribution.feature?.value
    hints.wpID = attribution.wpID?.value
    var context = RecordingContext(hints: hints)
    context.node = options.node
    // Where HEAD was not known, nobody can tell whether it has moved.
    context.target = invocation.role == .reviewer ? .head : before.map { .since($0.commit?.description) } ?? .next
    return try Recorder(directory: ".", environment: environment).record(.invocation(invocation), context)
  }
}
