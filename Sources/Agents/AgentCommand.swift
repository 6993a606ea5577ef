package import Events

/// The command line of an agent.
package struct AgentCommand: Sendable {
  /// The agent's name: that of its program, without a path, also behind programs that only run others.
  package let name: String
  /// How to read its output; `nil` when nobody knows.
  package let output: AgentOutput?
  /// The arguments behind the program's name.
  private let arguments: ArraySlice<String>

  /// Programs that run the program named behind their own arguments.
  private static let wrappers: Set<String> = ["env", "nice", "nohup", "setsid", "stdbuf", "time", "timeout"]

  /// Reads a command line; `nil` for an empty one.
  package init?(_ words: [String]) {
    guard let program = words.first else { return nil }
    let own = AgentCommand.bareName(program)
    let inner = AgentCommand.wrapped(words[...])
    name = inner.map(AgentCommand.agentName) ?? own
    output = AgentOutput(agent: name)
    arguments = (inner ?? words[...]).dropFirst()
  }

  /// A program's name without its path.
  package static func bareName(_ program: String) -> String {
    // A path that ends with a slash names nothing; it is shown as it is.
    program.split(separator: "/").last.map(String.init) ?? program
  }

  /// The words from the known agent on that the first program runs; `nil` when it is none of those that run others.
  private static func wrapped(_ words: ArraySlice<String>) -> ArraySlice<String>? {
    guard let program = words.first.map(bareName) else { return nil }
    let rest = words.dropFirst()
    if program == "gh" { return rest.first == "copilot" ? words : nil }
    guard wrappers.contains(program) else { return nil }
    // Options, durations and assignments stand before the program; what else comes first is the program.
    let inner = rest.drop { $0.hasPrefix("-") || $0.contains("=") || $0.first?.isNumber == true }
    guard let next = inner.first else { return nil }
    return AgentOutput(agent: next) == nil ? wrapped(inner) : inner
  }

  private static func agentName(_ words: ArraySlice<String>) -> String {
    let program = words.first.map(bareName) ?? ""
    return program == "gh" ? "copilot" : program
  }

  /// The model that was asked for.
  package var model: String? { value(of: ["--model", "-m"]) }

  /// The role that the arguments give away; `nil` when they do not.
  ///
  /// Whoever may not write has been asked for an opinion.
  package var role: Role? {
    guard let tools = value(of: ["--allowedTools", "--allowed-tools"]) else { return nil }
    let names = tools.split { ", ".contains($0) }.map { $0.prefix { $0 != "(" } }
    return names.contains { ["Edit", "MultiEdit", "NotebookEdit", "Write"].contains($0) } ? .implementer : .reviewer
  }

  /// What the agent was told in its arguments: the longest one.
  package var prompt: String? { arguments.max { $0.utf8.count < $1.utf8.count } }

  private func value(of names: [String]) -> String? {
    var words = arguments.prefix { $0 != "--" }
    while let word = words.popFirst() {
      var value: String?
      if names.contains(word) { value = words.first }
      for name in names where word.hasPrefix(name + "=") { value = String(word.dropFirst(name.count + 1)) }
      if let value { return value.isEmpty ? nil : value }
    }
    return nil
  }
}
