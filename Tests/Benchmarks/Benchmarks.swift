import Foundation
import TestSupport

// Measures the tool against its goals, beside its peers:
//
//   Benchmarks [--only <words>] [--runs <count>] [--quick] [--json] [--tool <path>] [--python <path>]
//   Benchmarks instructions [--tool <path>]
//   Benchmarks check [--tool <path>]
//   Benchmarks order [--tool <path>]
//
// The first prints the table of the goals. Figures are ratios of whole processes, both sides run in turn in one go, and
// medians. Rows whose goal or text contains the words are measured, or all of them: that takes a quarter of an hour and
// about 3 GB below the temporary folder, which are removed at the end. Peers that are not installed are left out;
// --python names a Python that has DuckDB. The second prints counts of instructions, which do not depend on the
// machine's load; the third checks them and some other such figures, and ends with 1 when one is too large. The fourth prints
// what belongs into Sources/Startup/emit.order.

/// The command line.
@main
struct Benchmarks {
  private enum Subject: String {
    case goals
    case instructions
    case check
    case order
  }

  private var subject = Subject.goals
  private var only = ""
  private var rounds: Int?
  private var isQuick = false
  private var isJSON = false
  private var tool: String?
  private var python: String?

  static func main() {
    var benchmarks = Benchmarks()
    guard benchmarks.parse(Array(CommandLine.arguments.dropFirst())) else {
      say(
        "usage: Benchmarks [goals | instructions | check | order] [--only <words>] [--runs <count>] [--quick] [--json] "
          + "[--tool <path>] [--python <path>]")
      exit(64)
    }
    do {
      try benchmarks.run()
    } catch {
      say("error: \(error)")
      exit(1)
    }
  }

  private mutating func parse(_ arguments: [String]) -> Bool {
    var rest = arguments[...]
    if let subject = rest.first.flatMap(Subject.init) {
      self.subject = subject
      rest.removeFirst()
    }
    while let option = rest.popFirst() {
      switch option {
      case "--quick": isQuick = true
      case "--json": isJSON = true
      case "--only":
        guard let words = rest.popFirst() else { return false }
        only = words
      case "--runs":
        guard let count = rest.popFirst().flatMap({ Int($0) }), count > 0 else { return false }
        rounds = count
      case "--tool":
        guard let path = rest.popFirst() else { return false }
        tool = path
      case "--python":
        guard let path = rest.popFirst() else { return false }
        python = path
      default: return false
      }
    }
    return true
  }

  private func run() throws {
    let scratch = try ScratchDirectory()
    // What the experiments make lies there too, so that one folder is to be removed, also when somebody interrupts.
    unsafe setenv("TMPDIR", scratch.path, 1)
    let interruption = removing(scratch.path)
    defer { interruption.cancel() }
    let runner = Runner(scratch: scratch.path, environment: try environment(home: scratch.path))
    let bench = Bench(
      tool: try Tool(at: tool).installed(in: scratch.path, with: runner), peers: Peers(python: python), runner: runner,
      isQuick: isQuick, rounds: rounds)
    switch subject {
    case .goals: try printGoals(bench)
    case .instructions: try printInstructions(bench)
    case .check: try check(bench)
    case .order: show(try StartOrder.measured(bench).text)
    }
  }

  private func printInstructions(_ bench: Bench) throws {
    let valgrind = try Valgrind(bench)
    for subject in Instructions.allCases where isWanted(subject.rawValue) {
      show(Report.line(subject.rawValue, Double(try subject.count(with: valgrind, bench))))
    }
  }

  /// Says every figure, and only then whether all of them are within bounds.
  private func check(_ bench: Bench) throws {
    let valgrind = try Valgrind(bench)
    var excesses: [String] = []
    for bound in Bound.all where isWanted(bound.what) {
      let figure = try bound.measure(bench, valgrind)
      show(Report.line(bound.what, figure, atMost: bound.atMost))
      if figure > bound.atMost { excesses.append(bound.what) }
    }
    guard excesses.isEmpty else { throw BenchmarkError("too much: " + excesses.joined(separator: "; ")) }
  }

  private func printGoals(_ bench: Bench) throws {
    let load = try String(contentsOfFile: "/proc/loadavg", encoding: .utf8).split(separator: " ")[0]
    var findings: [Finding] = []
    for experiment in Experiment.all {
      let wanted = experiment.goals.filter { isWanted($0.rawValue) || isWanted($0.wish.what) }
      guard !wanted.isEmpty else { continue }
      bench.say("measuring: " + wanted.map(\.wish.what).joined(separator: "; "))
      findings += try experiment.measure(Set(wanted), bench).filter { wanted.contains($0.goal) }
    }
    let circumstances = [
      (name: "tool", value: bench.tool.path),
      (name: "machine", value: "\(ProcessInfo.processInfo.processorCount) cores, load \(load) at the beginning"),
      (name: "sizes", value: isQuick ? "quick; the ratios mean little" : "full"),
    ]
    let report = Report(findings: findings, circumstances: circumstances + bench.peers.versions)
    show(isJSON ? try report.json() : report.table())
  }

  private func isWanted(_ name: String) -> Bool { only.isEmpty || name.contains(only) }

  /// All that measured programs get: nothing of the user's configuration.
  private func environment(home: String) throws -> [String: String] {
    [
      "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "HOME": home, "TMPDIR": home,
      "LC_ALL": "C", "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "GIT_EDITOR": "true",
    ]
  }

  /// Removes the folder when the user interrupts: gigabytes are no litter to leave behind.
  private func removing(_ folder: String) -> any DispatchSourceSignal {
    signal(SIGINT, SIG_IGN)
    let source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
    source.setEventHandler {
      try? FileManager.default.removeItem(atPath: folder)
      exit(130)
    }
    source.resume()
    return source
  }

  /// Prints at once: whoever waits for minutes wants to see what there is.
  private func show(_ text: String) { FileHandle.standardOutput.write(Data((text + "\n").utf8)) }

  private static func say(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }
}
