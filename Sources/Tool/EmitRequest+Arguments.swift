internal import Agents
internal import Events

extension EmitRequest {
  /// Reads arguments if they are those of `emit`, each option a word of its own and its value another; `nil` for
  /// anything else, which may be right all the same: whatever is not understood here is left to the parser.
  init?(plain arguments: [String]) {
    var words = arguments[...]
    // As with git, the folder may stand before the command.
    while words.first == "-C", words.count >= 2 {
      words.removeFirst()
      directories.append(words.removeFirst())
    }
    guard words.popFirst() == "emit" else { return nil }
    while let name = words.popFirst() {
      if raise(name) { continue }
      // To the parser, this may be the end of all options.
      guard let value = words.popFirst(), value != "--", set(name, to: value) else { return nil }
    }
    guard objection == nil else { return nil }
  }

  /// Raises the flag `name`; false when there is none.
  private mutating func raise(_ name: String) -> Bool {
    switch name {
    case "--estimate": estimate = true
    case "--success": succeeded = true
    case "--failure", "--failed": failed = true
    case "--next-commit": nextCommit = true
    case "--flush": flush = true
    case "--strict": strict = true
    case "--json": json = true
    default: return false
    }
    return true
  }

  /// Gives the option `name` a value; false when there is no such option, or it does not take this value.
  private mutating func set(_ name: String, to value: String) -> Bool {
    switch name {
    case "-C": directories.append(value)
    case "--feature", "-f": feature = value
    case "--role", "-r": return set(\.role, to: Role(rawValue: value))
    case "--agent": agent = value
    case "--model": model = value
    case "--input-tokens": return set(\.inputTokens, to: Int(value))
    case "--cache-read-tokens": return set(\.cacheReadTokens, to: Int(value))
    case "--cache-write-tokens": return set(\.cacheWriteTokens, to: Int(value))
    case "--output-tokens": return set(\.outputTokens, to: Int(value))
    case "--reasoning-tokens": return set(\.reasoningTokens, to: Int(value))
    case "--cost-usd": return set(\.costUsd, to: Double(value))
    case "--duration-ms": return set(\.durationMs, to: Int(value))
    case "--error": error = value
    case "--exit-code": return set(\.exitCode, to: Int(value))
    case "--session-id": sessionId = value
    case "--wp-id": wpId = value
    case "--node-id": nodeId = value
    case "--commit": commit = value
    case "--event-id": eventId = value
    case "--feature-dir": featureDir = value
    case "--from": return set(\.from, to: AgentOutput(agent: value))
    case "--events": events = value
    default: return false
    }
    return true
  }

  /// Sets a property; false without a value.
  private mutating func set<Value>(_ property: WritableKeyPath<EmitRequest, Value?>, to value: Value?) -> Bool {
    guard let value else { return false }
    self[keyPath: property] = value
    return true
  }
}
