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

/// An executable that the tests need is not built.
package struct MissingProduct: Error {
  /// Where it should be.
  package let path: String
}
