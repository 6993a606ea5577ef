internal import Agents
internal import Events

/// What a run belongs to, and how that was found out.
///
/// The caller's word counts first, then the environment's, then what the agent was told, and then names: those are there
/// for whole lanes and for all the agents that work in them.
struct Attribution {
  /// Where something was found.
  enum Source: String {
    case option, environment, prompt, arguments, status, branch, worktree, workspace
    case lanes = "lanes.json"
    case fallback = "default"
  }

  /// Something that was found.
  struct Finding<Value> {
    let value: Value
    let source: Source

    /// Creates a finding of a value, if there is one.
    init?(_ value: Value?, _ source: Source) {
      guard let value else { return nil }
      self.value = value
      self.source = source
    }
  }

  /// The feature's slug.
  let feature: Finding<String>?
  /// The work package.
  let wpID: Finding<String>?
  /// What the agent was asked to be; an implementer where nothing says otherwise.
  let role: Role
  private let roleSource: Source

  /// Finds out what a run belongs to.
  init(
    hints: FeatureLocation.Hints, role: Role?, environment: [String: String], command: AgentCommand, prompt: [UInt8],
    surroundings: Surroundings
  ) {
    let onInput = PromptHeader(prompt)
    let header = onInput == PromptHeader([]) ? PromptHeader(Array((command.prompt ?? "").utf8)) : onInput
    feature =
      Finding(hints.feature, .option) ?? Finding(environment["KITTY_FEATURE"], .environment)
      ?? surroundings.feature ?? Finding(hints.folder.flatMap(Attribution.lastComponent), .option)
    wpID =
      Finding(hints.wpID, .option) ?? Finding(environment["KITTY_WP_ID"], .environment)
      ?? Finding(header.wpID, .prompt) ?? surroundings.workPackage(of: feature?.value)
    let found =
      Finding(role, .option) ?? Finding(environment["KITTY_ROLE"].flatMap { Role(rawValue: $0) }, .environment)
      ?? Finding(header.lane.flatMap(Attribution.role), .prompt) ?? Finding(command.role, .arguments)
      ?? Finding(surroundings.lane(of: wpID?.value).flatMap(Attribution.role), .status)
    self.role = found?.value ?? .implementer
    roleSource = found?.source ?? .fallback
  }

  /// The sources as they are recorded.
  var json: JSONValue {
    var sources = JSONObject([("role", .string(roleSource.rawValue))])
    sources["feature"] = feature.map { .string($0.source.rawValue) }
    sources["wp_id"] = wpID.map { .string($0.source.rawValue) }
    return .object(sources)
  }

  /// What is done with a work package that is as far as `lane`; `nil` where no agent works on it.
  private static func role(in lane: String) -> Role? {
    switch lane {
    case "doing", "in_progress": .implementer
    case "for_review", "in_review": .reviewer
    default: nil
    }
  }

  private static func lastComponent(_ path: String) -> String? {
    path.split(separator: "/").last.map(String.init)
  }
}
