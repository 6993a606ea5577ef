import Foundation

/// The program that is measured: what the README tells people to build and to install, and nothing else.
struct Tool {
  private(set) var path: String

  private static let build = "swift build -c release --static-swift-stdlib --product kitty-git-telemetry"
  /// The package's folder.
  static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// The program at `path`, or the one that the package's release build leaves.
  ///
  /// - Throws: ``BenchmarkError`` when it is missing, was built in another way or is older than its sources.
  init(at path: String?) throws {
    let url =
      path.map { URL(fileURLWithPath: $0) }
      ?? Tool.package.appendingPathComponent(".build/release/kitty-git-telemetry")
    self.path = url.resolvingSymlinksInPath().path
    guard let built = Tool.modified(self.path) else {
      throw BenchmarkError("cannot measure \(self.path): there is no such file; run: \(Tool.build)")
    }
    guard try Data(contentsOf: url).range(of: Data("libswiftCore.so".utf8)) == nil else {
      throw BenchmarkError("cannot measure \(self.path): it is linked dynamically; run: \(Tool.build)")
    }
    if let newer = try Tool.sources().first(where: { (Tool.modified($0) ?? .distantPast) > built }) {
      throw BenchmarkError("cannot measure \(self.path): it is older than \(newer); run: \(Tool.build)")
    }
  }

  /// The program as it is once it is installed in `folder`.
  ///
  /// That is another one for the kernel: of a file that was copied it keeps larger pieces in memory than of one that a
  /// linker has written here and there, and a process is up sooner.
  func installed(in folder: String, with runner: Runner) throws -> Tool {
    var copy = self
    copy.path = folder + "/kitty-git-telemetry"
    _ = try runner.run(Command(["install", path, copy.path], in: folder))
    return copy
  }

  private static func modified(_ path: String) -> Date? {
    (try? FileManager.default.attributesOfItem(atPath: path))?[.modificationDate] as? Date
  }

  private static func sources() throws -> [String] {
    let folder = package.appendingPathComponent("Sources").path
    return try FileManager.default.subpathsOfDirectory(atPath: folder)
      .filter { $0.hasSuffix(".swift") || $0.hasSuffix(".c") || $0.hasSuffix(".h") }
      .map { folder + "/" + $0 }
  }
}
