import Foundation
import Glibc
import TestSupport

/// Starts programs, the cheap way, and measures them from outside: from before their start until they are reaped.
struct Runner {
  /// A folder for what they say.
  let scratch: String
  /// All of their environment.
  let environment: [String: String]

  /// What a program took.
  struct Run {
    let seconds: Double
    /// The most memory that was its own at any time, in bytes, if that was watched.
    let peakMemory: Int
  }

  /// Runs the command and waits for it.
  ///
  /// `watchesMemory` polls what the kernel says of the process. It is `RssAnon` and `RssShmem`, not the peak that the
  /// kernel itself keeps (`VmHWM`): that one counts the pages of mapped files, which belong to everybody.
  ///
  /// - Throws: ``ProcessFailure`` when it does not end with 0, or says something that it may not.
  func run(_ command: Command, watchesMemory: Bool = false) throws -> Run {
    let errors = scratch + "/errors"
    let clock = ContinuousClock()
    let beginning = clock.now
    let process = try start(command, errors: errors)
    var status: Int32 = 0
    var peak = 0
    while watchesMemory {
      guard unsafe waitpid(process, &status, WNOHANG) == 0 else { break }
      peak = max(peak, ownMemory(of: process))
      usleep(500)
    }
    if !watchesMemory {
      while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
    }
    let time = clock.now - beginning
    let said = try Data(contentsOf: URL(fileURLWithPath: errors))
    guard status == 0, said.isEmpty || command.maySpeak else {
      let code = status & 0x7f == 0 ? (status >> 8) & 0xff : status & 0x7f
      throw ProcessFailure(
        command: command.arguments.joined(separator: " "),
        result: ProcessResult(status: code, output: [], errors: [UInt8](said.suffix(2000))))
    }
    return Run(seconds: time / .seconds(1), peakMemory: peak)
  }

  private func start(_ command: Command, errors: String) throws -> pid_t {
    guard unsafe chdir(command.folder) == 0, let program = command.arguments.first else {
      throw BenchmarkError("cannot run \(command.arguments) in \(command.folder)")
    }
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    let creating = O_WRONLY | O_CREAT | O_TRUNC
    unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    unsafe posix_spawn_file_actions_addopen(&actions, 1, command.output, creating, 0o600)
    unsafe posix_spawn_file_actions_addopen(&actions, 2, errors, creating, 0o600)
    var arguments = unsafe command.arguments.map { unsafe strdup($0) } + [nil]
    var variables = unsafe environment.map { unsafe strdup("\($0.key)=\($0.value)") } + [nil]
    defer {
      unsafe (arguments + variables).forEach { unsafe free($0) }
    }
    var process: pid_t = 0
    let code = unsafe posix_spawnp(&process, program, &actions, nil, &arguments, &variables)
    guard code == 0 else {
      let reason = unsafe String(cString: strerror(code))
      throw BenchmarkError("cannot start \(program): \(reason)")
    }
    return process
  }

  private func ownMemory(of process: pid_t) -> Int {
    // A process that has just ended has no such file any more.
    guard let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8) else { return 0 }
    return status.split(separator: "\n").reduce(0) { sum, line in
      guard line.hasPrefix("RssAnon:") || line.hasPrefix("RssShmem:") else { return sum }
      return sum + (line.split(separator: " ").dropLast().last.flatMap { Int($0) } ?? 0) * 1024
    }
  }
}

/// A benchmark cannot be run, or did not do what it was to be timed for.
struct BenchmarkError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }
}
