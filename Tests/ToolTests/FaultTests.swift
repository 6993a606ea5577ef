import Foundation
import TestSupport
import Testing

/// Whether system calls of programs can be made to fail here; strace may not be installed, or not be permitted.
private let canTrace: Bool = {
  let words = ["-f", "-qq", "-o", "/dev/null", "-e", "trace=?write", "true"]
  let environment = ProcessInfo.processInfo.environment.filter { $0.key == "PATH" }
  // One that cannot be started cannot trace.
  return (try? ChildProcess.run("strace", words, in: "/", environment: environment))?.status == 0
}()

/// A little of what the program `CrashHarness` does by the thousand.
struct `Faults wherever something is written` {
  private func run(_ arguments: String...) throws -> ProcessResult {
    try ChildProcess.run(try builtProduct("CrashHarness"), arguments, in: "/", environment: testProgramEnvironment)
  }

  @Test(.enabled(if: canTrace, "strace is needed")) func `lose nothing and break no promise`() throws {
    let result = try run("--trials", "24")
    #expect(result.status == 0, "\(result.outputText)")
    #expect(result.outputText.contains("24 trials with ") && result.outputText.contains(", 0 lost\n"))
  }

  @Test func `many recorders beside git at work lose nothing, and wait no longer than their patience`() throws {
    let result = try run("contention", "--processes", "8", "--events", "4")
    #expect(result.status == 0, "\(result.outputText)")
    // One more by each worktree beside a recorder that is stopped, and that of the recorder.
    #expect(result.outputText.contains("after repair \(canTrace ? 41 : 32) in logs"), "\(result.outputText)")
  }

  @Test func `are asked for by name`() throws {
    let result = try run("--trails", "1")
    #expect(result.status == 64 && result.outputText.hasPrefix("usage: "))
  }
}
