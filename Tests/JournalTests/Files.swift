import Foundation
import Journal
import SystemPackage
import TestSupport

/// A scratch folder with files to look at and to break.
///
/// It is a class because tests name it inside `#expect`, which takes no values that cannot be copied.
final class Files {
  private let scratch: ScratchDirectory

  /// Creates an empty folder.
  init() throws { scratch = try ScratchDirectory() }

  /// The folder.
  var folder: FilePath { FilePath(scratch.path) }

  /// The path of `name` in the folder.
  func path(_ name: String) -> FilePath { folder.appending(FilePath(name).components) }

  /// Writes a file, and the folders it lies in.
  func write(_ text: String, to path: FilePath) throws {
    try FileSystem.createDirectories(path.removingLastComponent())
    try Data(text.utf8).write(to: URL(filePath: path.string))
  }

  /// Appends to the file that stands at `path`, as a program does that knows nothing of us.
  func append(_ text: String, to path: FilePath) throws {
    let handle = try FileHandle(forWritingTo: URL(filePath: path.string))
    try handle.seekToEnd()
    try handle.write(contentsOf: Data(text.utf8))
    try handle.close()
  }

  /// The text of a file.
  func text(of path: FilePath) throws -> String {
    String(decoding: try Data(contentsOf: URL(filePath: path.string)), as: UTF8.self)
  }

  /// Runs a line of shell in the folder.
  @discardableResult
  func shell(_ line: String) throws -> ProcessResult {
    let environment = ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"]
    return try ChildProcess.run("sh", ["-c", line], in: scratch.path, environment: environment)
  }

  /// Starts a line of shell in the folder.
  func start(_ line: String) throws -> ChildProcess {
    let environment = ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"]
    return try ChildProcess.start("sh", ["-c", line], in: scratch.path, environment: environment)
  }
}

/// The error that `body` ends with; `nil` when it ends well.
func failure<Result: ~Copyable>(_ body: () throws -> Result) -> JournalError? {
  do {
    _ = try body()
    return nil
  } catch {
    return error as? JournalError
  }
}

extension JournalError {
  /// The case of the code, in a form that can be compared.
  var kind: String { "\(code)" }
}

/// Bytes of text.
func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

/// An event's line; its id is one of a hundred, chosen by a number, its clock is that number.
func line(_ number: Int, payload: String = "{}") -> String {
  let digits = number < 10 ? "0\(number)" : "\(number)"
  let before = #"{"aggregate_id": "043-x", "causation_id": null, "event_id": "01KHJVJWDM0HGAGYGXJYKD1J\#(digits)""#
  let middle = #""event_type": "ExecutionEvent", "lamport_clock": \#(number), "node_id": "cli:WP01""#
  return #"\#(before), \#(middle), "payload": \#(payload), "timestamp": "2026-02-16T09:12:58+00:00"}"#
}
