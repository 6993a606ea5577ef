public import Agents
public import ArgumentParser

extension AgentOutput: ExpressibleByArgument {
  /// Finds the agent that an argument names, by its program's name or another that orchestrators use.
  public init?(argument: String) { self.init(agent: argument) }
}
