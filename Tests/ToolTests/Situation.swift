import TestSupport
import Testing

/// Something that git, a person or an orchestrator does to history, and after which nothing may be lost.
struct Situation: Sendable, CustomTestStringConvertible {
  /// How a repository treats logs.
  enum Logs: String, Sendable {
    /// They are excluded, and only the target branch commits them: what `setup` brings about.
    case hidden
    /// Every branch commits them, and they are merged as unions.
    case tracked
    /// Every branch commits them, and git knows nothing of them.
    case plain
  }

  /// What happens, as a sentence.
  let name: String
  /// How the repository treats logs.
  let logs: Logs
  /// The command that heals, with its arguments.
  let command: [String]
  /// Plays it; every event that is recorded on the stage is due in its place afterwards.
  let play: @Sendable (Stage) throws -> Void

  /// Creates a situation.
  init(
    _ name: String, logs: Logs = .hidden, healedBy command: String..., play: @escaping @Sendable (Stage) throws -> Void
  ) {
    self.name = name
    self.logs = logs
    self.command = command.isEmpty ? ["merge"] : command
    self.play = play
  }

  var testDescription: String { "\(name), logs \(logs.rawValue), healed by \(command.joined(separator: " "))" }

  /// The same with hidden and with tracked logs.
  static func eitherWay(
    _ name: String, healedBy command: String..., play: @escaping @Sendable (Stage) throws -> Void
  ) -> [Situation] {
    let words = command.isEmpty ? ["merge"] : command
    return [Logs.hidden, .tracked].map { Situation(name, logs: $0, command: words, play: play) }
  }

  /// Creates a situation; `command` is the one that heals.
  init(_ name: String, logs: Logs, command: [String], play: @escaping @Sendable (Stage) throws -> Void) {
    self.name = name
    self.logs = logs
    self.command = command
    self.play = play
  }
}
