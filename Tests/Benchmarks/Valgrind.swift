import Foundation
import TestSupport

/// Runs the tool on a processor made of software: what it counts stays the same to within a few in a thousand, whatever
/// else the machine does.
struct Valgrind {
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
    let said = try count(arguments, in: folder, profile: "/dev/null")
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
    _ = try count(Array(command.arguments.dropFirst()), in: command.folder, profile: profile)
    // `fn=(7) name` where a function is named first, `cfn=` where that is as one that is called. A function that calls
    // itself is counted by depth: `name'2`.
    let lines = try String(contentsOfFile: profile, encoding: .utf8).split(separator: "\n")
    return lines.reduce(into: Set()) { names, line in
      guard line.hasPrefix("fn=(") || line.hasPrefix("cfn=("), let space = line.firstIndex(of: " ") else { return }
      names.insert(String(line[line.index(after: space)...].prefix { $0 != "'" }))
    }
  }

  /// The variables and tables of the program that are read or written in one run, as the linker knows them.
  func variables(touchedBy command: Command) throws -> Set<String> {
    let trace = runner.scratch + "/trace"
    try run("lackey", ["--trace-mem=yes"], Array(command.arguments.dropFirst()), in: command.folder, log: trace)
    let symbols = try self.symbols()
    guard let first = symbols.first, let last = symbols.last else { return [] }
    var names: Set<String> = []
    var index = 0
    // Stack and heap lie behind all of the program.
    for address in try addresses(in: trace).sorted() where first.address <= address && address < last.address {
      while symbols[index + 1].address <= address { index += 1 }
      if !symbols[index].isFunction { names.insert(symbols[index].name) }
    }
    return names
  }

  /// The addresses that a trace says were read or written, each once.
  private func addresses(in trace: String) throws -> [UInt64] {
    // ` L 1fff0006c0,8` for a load, `S` for a store, `M` for both: millions of lines.
    let filter = #"/^ [LSM] / { sub(/,.*/, "", $2); if (!seen[$2]++) print $2 }"#
    return try lines(of: ["awk", filter, trace]).compactMap { UInt64($0, radix: 16) }
  }

  /// What lies where in the program, by address.
  private func symbols() throws -> [(address: UInt64, isFunction: Bool, name: String)] {
    // `0000000001250b50 d name`; functions are of the kinds t, w and i.
    try lines(of: ["nm", "--numeric-sort", tool]).compactMap { line in
      let parts = line.split(separator: " ", maxSplits: 2)
      guard parts.count == 3, let address = UInt64(parts[0], radix: 16) else { return nil }
      return (address, "tTwWi".contains(parts[1]), String(parts[2]))
    }
  }

  /// What a program prints.
  private func lines(of arguments: [String]) throws -> [Substring] {
    var command = Command(arguments, in: runner.scratch)
    command.output = runner.scratch + "/lines"
    _ = try runner.run(command)
    return try String(contentsOfFile: command.output, encoding: .utf8).split(separator: "\n")
  }

  /// Runs the tool once under one of valgrind's own, which writes to `log`.
  private func run(
    _ valgrind: String, _ options: [String], _ arguments: [String], in folder: String, log: String
  ) throws {
    let options = ["--tool=\(valgrind)", "--log-file=\(log)"] + options
    var command = Command(["valgrind"] + options + [tool] + arguments, in: folder)
    command.maySpeak = true
    _ = try runner.run(command)
  }

  /// Returns what callgrind says of one run.
  private func count(_ arguments: [String], in folder: String, profile: String) throws -> String {
    let log = runner.scratch + "/callgrind"
    try run("callgrind", ["--demangle=no", "--callgrind-out-file=\(profile)"], arguments, in: folder, log: log)
    return try String(contentsOfFile: log, encoding: .utf8)
  }
}
