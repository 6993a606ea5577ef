import Events
import Foundation
import TestSupport
import Testing

/// Setting repositories up.
extension TestRepository {
  /// Runs `setup --json`, which must succeed, and returns what became of each file, by its path below the repository.
  @discardableResult
  func setUp(
    _ arguments: String..., in directory: String? = nil, environment: [String: String] = [:],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> [String: String] {
    let result = try startTool(["setup", "--json"] + arguments, in: directory, environment: environment).wait()
    #expect(result.status == 0, "\(result.errorText)", sourceLocation: sourceLocation)
    let document = try #require(result.document, sourceLocation: sourceLocation)
    guard case .array(let changes)? = document["changes"] else { return [:] }
    return changes.reduce(into: [:]) { actions, change in
      guard let path = change.object?["path"]?.text, let action = change.object?["action"]?.text else { return }
      actions[path.hasPrefix(self.path + "/") ? String(path.dropFirst(self.path.count + 1)) : path] = action
    }
  }

  /// Everything in the repository but what git itself keeps changing.
  func everything() throws -> [String: Data] {
    try listing(path).filter { $0.key != ".git/index" && !$0.key.hasPrefix(".git/objects") }
  }
}
