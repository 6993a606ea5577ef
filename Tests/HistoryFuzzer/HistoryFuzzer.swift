import Foundation
import TestSupport

// Plays random histories of repositories whose agents are recorded, and ends with status 1 when an event gets lost:
//
//   HistoryFuzzer [--seeds <count> | <first>-<last>] [--operations <count>] [--tool <path>] [--keep] [--verbose]
//
// It says the seed and the commands of a history that fails. Fewer operations with the same seed are the beginning of
// the same history, which is how a failure is made smaller; --keep leaves its repository behind to be looked at.

/// The command line, and the histories side by side.
@main
struct HistoryFuzzer {
  private var seeds: ClosedRange<UInt64> = 1...50
  private var operations = 40
  private var tool: String?
  private var keepsRepositories = false
  private var isVerbose = false

  /// What became of one history.
  private struct Outcome: Sendable {
    let seed: UInt64
    var complaint: String?
    var counts: [String: Int] = [:]
    var story: [String] = []
  }

  static func main() async {
    var fuzzer = HistoryFuzzer()
    guard fuzzer.parse(Array(CommandLine.arguments.dropFirst())) else {
      say(
        "usage: HistoryFuzzer [--seeds <count> | <first>-<last>] [--operations <count>] [--tool <path>] [--keep] [--verbose]"
      )
      exit(64)
    }
    exit(await fuzzer.run())
  }

  private mutating func parse(_ arguments: [String]) -> Bool {
    var rest = arguments[...]
    while let option = rest.popFirst() {
      switch option {
      case "--keep": keepsRepositories = true
      case "--verbose": isVerbose = true
      case "--tool": tool = rest.popFirst()
      case "--operations":
        guard let count = rest.popFirst().flatMap({ Int($0) }) else { return false }
        operations = count
      case "--seeds":
        let ends = (rest.popFirst() ?? "").split(separator: "-").map { UInt64($0) }
        guard let last = ends.last ?? nil, let first = ends.count == 2 ? ends[0] : 1, first <= last else {
          return false
        }
        seeds = first...last
      default: return false
      }
    }
    return true
  }

  private func run() async -> Int32 {
    var failures = 0
    var total: [String: Int] = [:]
    await withTaskGroup(of: Outcome.self) { group in
      var waiting = seeds.makeIterator()
      func startNext() {
        guard let seed = waiting.next() else { return }
        group.addTask { play(seed) }
      }
      for _ in 0..<ProcessInfo.processInfo.activeProcessorCount { startNext() }
      for await outcome in group {
        total.merge(outcome.counts) { $0 + $1 }
        if let complaint = outcome.complaint {
          failures += 1
          say("seed \(outcome.seed): \(complaint)\n  " + outcome.story.joined(separator: "\n  "))
        } else if isVerbose {
          say("seed \(outcome.seed) holds\n  " + outcome.story.joined(separator: "\n  "))
        }
        startNext()
      }
    }
    let operations = total.values.reduce(0, +)
    if isVerbose { for (name, count) in total.sorted(by: { $0.key < $1.key }) { say("\(count) × \(name)") } }
    say("\(seeds.count) histories, \(operations) operations: \(failures == 0 ? "all hold" : "\(failures) fail")")
    return failures == 0 ? 0 : 1
  }

  /// Prints at once, since whoever waits for thousands of histories wants to see the first that fails.
  private func say(_ text: String) { HistoryFuzzer.say(text) }

  private static func say(_ text: String) { FileHandle.standardOutput.write(Data((text + "\n").utf8)) }

  private func play(_ seed: UInt64) -> Outcome {
    var outcome = Outcome(seed: seed)
    do {
      let history = try History(seed: seed, tool: try tool ?? builtProduct("kitty-git-telemetry"))
      do {
        try history.play(operations)
      } catch {
        outcome.complaint = "\(error)"
        if keepsRepositories { history.shop.keep() }
      }
      outcome.counts = history.counts
      outcome.story = history.shop.story
    } catch {
      outcome.complaint = "\(error)"
    }
    return outcome
  }
}
