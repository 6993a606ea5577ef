internal import Foundation
internal import Glibc

/// A program that runs beside the test.
///
/// Its output goes to files, so that however much it writes it never waits for a reader.
package struct ChildProcess {
  private let process: Process
  private let folder: URL

  /// Starts `executable`, looked up in `PATH` unless it is a path, with `environment` and nothing else around it.
  package static func start(
    _ executable: String, _ arguments: [String], in directory: String, environment: [String: String] = [:],
    input: [UInt8] = []
  ) throws -> ChildProcess {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("kitty-io-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [executable] + arguments
    process.currentDirectoryURL = URL(fileURLWithPath: directory)
    process.environment = environment
    for (name, content) in [("in", input), ("out", []), ("err", [])] {
      try Data(content).write(to: folder.appendingPathComponent(name))
    }
    process.standardInput = try FileHandle(forReadingFrom: folder.appendingPathComponent("in"))
    process.standardOutput = try FileHandle(forWritingTo: folder.appendingPathComponent("out"))
    process.standardError = try FileHandle(forWritingTo: folder.appendingPathComponent("err"))
    try unblockingSignals { try process.run() }
    return ChildProcess(process: process, folder: folder)
  }

  /// Runs `body` with no signal blocked: tests run on threads that block them, and processes inherit that.
  private static func unblockingSignals(_ body: () throws -> Void) rethrows {
    var none = sigset_t()
    var before = sigset_t()
    unsafe sigemptyset(&none)
    unsafe pthread_sigmask(SIG_SETMASK, &none, &before)
    defer { unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }
    try body()
  }

  /// Starts `executable` and waits for it.
  package static func run(
    _ executable: String, _ arguments: [String], in directory: String, environment: [String: String] = [:],
    input: [UInt8] = []
  ) throws -> ProcessResult {
    try start(executable, arguments, in: directory, environment: environment, input: input).wait()
  }

  /// The process's number, for tests that send it signals.
  package var processIdentifier: Int32 { process.processIdentifier }

  /// Waits for the program to end and returns what it did; to be called once.
  package func wait() throws -> ProcessResult {
    process.waitUntilExit()
    defer { try? FileManager.default.removeItem(at: folder) }
    return ProcessResult(
      status: process.terminationStatus,
      output: [UInt8](try Data(contentsOf: folder.appendingPathComponent("out"))),
      errors: [UInt8](try Data(contentsOf: folder.appendingPathComponent("err"))))
  }
}
