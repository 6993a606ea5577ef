import Events
import Foundation
import TestSupport
import Testing

/// Repositories to be reported on.
extension TestRepository {
  /// Runs a report as `--json`, which must succeed, and returns the elements of its array.
  func reported(_ arguments: String..., in directory: String? = nil, input: [UInt8]? = nil) throws -> [JSONObject] {
    let result = try report(arguments + ["--json"], in: directory, input: input)
    #expect(result.status == 0, "\(result.errorText)")
    guard case .array(let elements)? = JSONValue(result.output) else {
      Issue.record("no array: \(result.outputText.prefix(200))")
      return []
    }
    return elements.compactMap(\.object)
  }

  /// Runs a report, with a text on standard input where there is one.
  func report(_ arguments: [String], in directory: String? = nil, input: [UInt8]? = nil) throws -> ProcessResult {
    guard let input else { return try startTool(arguments, in: directory).wait() }
    return try ChildProcess.run(
      try toolPath(), arguments, in: directory ?? path,
      environment: toolEnvironment.merging(["LLVM_PROFILE_FILE": "/dev/null"]) { $1 }, input: input)
  }

  /// The ids that `query` shows.
  func queriedIDs(_ arguments: String..., in directory: String? = nil, input: [UInt8]? = nil) throws -> [String] {
    let result = try report(["query", "--jsonl"] + arguments, in: directory, input: input)
    #expect(result.status == 0 && result.errors.isEmpty, "\(result.errorText)")
    return events(result.outputText.split(separator: "\n").map(String.init)).map(\.id.description)
  }

  /// Records an event and returns its id.
  @discardableResult
  func emittedID(_ arguments: String..., in directory: String? = nil) throws -> String {
    let result = try startTool(
      ["emit", "--role", "implementer", "--json", "--feature", "f"] + arguments, in: directory
    ).wait()
    #expect(result.status == 0 && result.errors.isEmpty, "\(result.errorText)")
    return try #require(result.document?["event_id"]?.text)
  }
}

/// The path of a fixture.
func fixturePath(_ name: String, file: String = #filePath) -> String {
  URL(filePath: file).deletingLastPathComponent().appending(path: "Fixtures/\(name)").path(percentEncoded: false)
}

/// The rows of a fixture, one JSON object a line.
func fixtureRows(_ name: String) throws -> [JSONObject] {
  try String(contentsOfFile: fixturePath(name), encoding: .utf8).split(separator: "\n").map {
    try #require(JSONValue(Array($0.utf8))?.object)
  }
}
