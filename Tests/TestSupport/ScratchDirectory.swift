internal import Foundation

/// A folder for one test, removed with everything in it when the value goes out of scope.
package struct ScratchDirectory: ~Copyable {
  /// The folder's real path, without symbolic links, as git reports it.
  package let path: String

  /// Creates an empty folder.
  package init() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("kitty-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    path = folder.resolvingSymlinksInPath().path
  }

  deinit {
    // A folder that cannot be removed is litter, not a failed test.
    try? FileManager.default.removeItem(atPath: path)
  }
}
