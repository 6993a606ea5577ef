internal import Foundation

/// The path of an executable of this package, which is built beside the tests and beside other executables.
///
/// - Throws: ``MissingProduct`` when it is not there.
package func builtProduct(_ name: String) throws -> String {
  let bundle = CommandLine.arguments.first { $0.contains(".xctest") } ?? CommandLine.arguments[0]
  var folder = URL(fileURLWithPath: bundle).deletingLastPathComponent()
  while folder.path.contains(".xctest") { folder.deleteLastPathComponent() }
  let path = folder.appendingPathComponent(name).path
  guard FileManager.default.isExecutableFile(atPath: path) else { throw MissingProduct(path: path) }
  return path
}

/// What the tests' own programs need of the environment: where programs are, where there is room, and which leaks of
/// Foundation a sanitizer is to pass over.
package var testProgramEnvironment: [String: String] {
  ProcessInfo.processInfo.environment.filter { ["PATH", "TMPDIR", "LSAN_OPTIONS"].contains($0.key) }
}

/// An executable that the tests need is not built.
package struct MissingProduct: Error {
  /// Where it should be.
  package let path: String
}
