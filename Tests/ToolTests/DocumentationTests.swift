import Foundation
import TestSupport
import Testing

/// The pages that say which tests hold which promise.
struct `Pages about tests` {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  private static func page(_ name: String) throws -> [Substring] {
    let path = root.appending(path: "Sources/KittyGitTelemetry/Documentation.docc/\(name).md")
    return try String(contentsOf: path, encoding: .utf8).split(separator: "\n")
  }

  /// The sources of all tests.
  private static func tests() throws -> String {
    let folder = root.appending(path: "Tests").path
    let names = try FileManager.default.subpathsOfDirectory(atPath: folder).filter { $0.hasSuffix(".swift") }
    return try names.map { try String(contentsOfFile: "\(folder)/\($0)", encoding: .utf8) }.joined()
  }

  @Test(arguments: ["Traps", "Trust", "KittyGitTelemetry"]) func `name tests that there are`(page: String) throws {
    let tests = try Self.tests()
    var names = 0
    for row in try Self.page(page) where row.hasPrefix("|") {
      // What stands between the first and the second quotation mark, the third and the fourth, and so on.
      for (number, name) in row.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
      where number % 2 == 1 {
        names += 1
        let isThere =
          tests.contains("func `\(name)`") || tests.contains("(\"\(name)\"") || tests.contains("\"\(name)\"")
        #expect(isThere, "\(name)")
      }
    }
    #expect(names > 10)
  }

  @Test func `answer each of the 63 traps once`() throws {
    let numbers = try Self.page("Traps").filter { $0.hasPrefix("|") }
      .compactMap { $0.split(separator: "|").first.flatMap { Int($0.trimmingCharacters(in: .whitespaces)) } }
    #expect(numbers.sorted() == Array(1...63))
  }
}
