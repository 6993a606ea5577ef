import Foundation
import TestSupport

/// What an experiment works with: the tool, its peers, and how much is asked for.
struct Bench {
  let tool: Tool
  let peers: Peers
  let runner: Runner
  /// Small sizes and few rounds: whether everything still runs, not how fast.
  let isQuick: Bool
  /// How many rounds count, unless each experiment decides.
  let rounds: Int?

  /// A size, or one that is quick to go through.
  func size(_ full: Int, quick: Int) -> Int { isQuick ? quick : full }

  /// How many rounds count, where so many are usual.
  func rounds(usually count: Int) -> Int { rounds ?? (isQuick ? 2 : count) }

  /// The command that records an event of `feature` in a repository.
  func emit(_ feature: String, in folder: String, _ more: String...) -> Command {
    let event = [
      "--feature", feature, "--wp-id", "WP01", "--role", "implementer", "--agent", "claude",
      "--model", "claude-sonnet-4-5", "--input-tokens", "48210", "--output-tokens", "9120", "--cost-usd", "0.2814",
      "--duration-ms", "660000", "--strict",
    ]
    return Command([tool.path, "emit"] + event + more, in: folder)
  }

  /// Says on standard error what is going on.
  func say(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }
}

/// Some goals that are measured together, since they share data or contenders.
struct Experiment: Sendable {
  let goals: [Goal]
  /// Measures at least those that are asked for.
  let measure: @Sendable (_ wanted: Set<Goal>, _ bench: Bench) throws -> [Finding]

  static let all = [
    merging, summing, emissionWithoutNote, emissionBesideGit, emissionAtSize, emissionTogether, mergingAtScale,
  ]
}
