import Events
import Foundation
import TestSupport
import Testing

/// What the reference answers about three features' logs, we answer.
///
/// The fixtures were made by running it over random events with bad lines among them.
struct `Reports as the reference makes them` {
  private let repository: TestRepository

  init() throws {
    repository = try TestRepository()
    try FileManager.default.copyItem(
      atPath: fixturePath("project/kitty-specs"), toPath: repository.path + "/kitty-specs")
  }

  @Test func `query shows the same events in the same order`() throws {
    let flags = [
      "event_type": "--event-type", "wp_id": "--wp-id", "agent": "--agent", "model": "--model", "since": "--since",
      "until": "--until",
    ]
    let rows = try fixtureRows("query.jsonl")
    #expect(rows.count == 26)
    for row in rows {
      var arguments = ["query", "--json"]
      if let feature = row["feature"]?.text, feature != "*" { arguments += ["--feature", feature] }
      for (key, value) in row["filter"]?.object?.sorted ?? [] {
        switch value {
        case .bool(let success): arguments.append(success ? "--success" : "--failed")
        default: arguments += [try #require(flags[key.description]), try #require(value.text)]
        }
      }
      let result = try repository.report(arguments)
      guard case .array(let shown)? = JSONValue(result.output) else {
        Issue.record("\(arguments): \(result.errorText)")
        continue
      }
      #expect(.array(shown.map { $0.object?["event_id"] ?? .null }) == row["event_ids"], "\(arguments)")
    }
  }

  @Test func `cost prints the same sums in the same order`() throws {
    let rows = try fixtureRows("cost.jsonl")
    #expect(rows.count == 16)
    for row in rows {
      var arguments = ["cost", "--json", "--group-by", try #require(row["group_by"]?.text)]
      if let feature = row["feature"]?.text, feature != "*" { arguments += ["-f", feature] }
      // The bytes of the numbers are the same too: both sides are spelled as Python spells them.
      let expected = try #require(row["summaries"]).canonicalText + [0x0A]
      #expect(try repository.report(arguments).output == expected, "\(arguments)")
    }
  }

  @Test func `cost without a grouping is that by agent`() throws {
    let byAgent = try repository.report(["cost", "--json", "-g", "agent"]).output
    #expect(try repository.report(["cost", "--json"]).output == byAgent)
  }
}
