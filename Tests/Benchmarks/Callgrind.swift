import Foundation
import TestSupport

/// Counts the instructions that a program executes: whatever else the machine does, the number stays the same to within
/// a few in a thousand.
struct Callgrind {
  /// The tool without what a debugger needs, which valgrind does not understand.
  private let tool: String
  private let runner: Runner

  /// - Throws: ``BenchmarkError`` when valgrind is not installed.
  init(_ bench: Bench) throws {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    guard path.split(separator: ":").contains(where: { FileManager.default.isExecutableFile(atPath: $0 + "/valgrind") })
    else { throw BenchmarkError("cannot count instructions without valgrind; run: apt-get install valgrind") }
    runner = bench.runner
    tool = runner.scratch + "/kitty-git-telemetry.stripped"
    _ = try runner.run(Command(["strip", "--strip-debug", "-o", tool, bench.tool.path], in: runner.scratch))
  }

  /// The instructions of one run of the tool with those arguments, of its own and not of what it starts.
  func count(_ arguments: [String], in folder: String) throws -> Int {
    let said = try run(arguments, in: folder, profile: "/dev/null")
    guard
      let count = said.split(separator: "\n").last(where: { $0.contains("Collected") })?
        .split(separator: " ").last.flatMap({ Int($0) })
    else { throw BenchmarkError("cannot read what valgrind says: \(said.suffix(500))") }
    return count
  }

  /// The same of a command that a bench has made for the tool.
  func count(_ command: Command) throws -> Int {
    try count(Array(command.arguments.dropFirst()), in: command.folder)
  }

  /// The functions that are called in one run of a command for the tool, as the linker knows them.
  func functions(calledBy command: Command) throws -> Set<String> {
    let profile = runner.scratch + "/profile"
    _ = try run(Array(command.arguments.dropFirst()), in: command.folder, profile: profile)
    // `fn=(7) name` where a function is named first, `cfn=` where that is as one that is called. A function that calls
    // itself is counted by depth: `name'2`.
    let lines = try String(contentsOfFile: profile, encoding: .utf8).split(separator: "\n")
    return lines.reduce(into: Set()) { names, line in
      guard line.hasPrefix("fn=(") || line.hasPrefix("cfn=("), let space = line.firstIndex(of: " ") else { return }
      names.insert(String(line[line.index(after: space)...].prefix { $0 != "'" }))
    }
  }

  /// Returns what valgrind says of one run.
  private func run(_ arguments: [String], in folder: String, profile: String) throws -> String {
    let log = runner.scratch + "/callgrind"
    let options = ["--tool=callgrind", "--demangle=no", "--callgrind-out-file=\(profile)", "--log-file=\(log)"]
    var command = Command(["valgrind"] + options + [tool] + arguments, in: folder)
    command.maySpeak = true
    _ = try runner.run(command)
    return try String(contentsOfFile: log, encoding: .utf8)
  }
}
