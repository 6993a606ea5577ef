import Foundation
import TestSupport

// Lets the program under test fail wherever it writes, and ends with status 1 when an acknowledged event is lost or
// anything else does not hold that is promised:
//
//   CrashHarness [--trials <count>] [--scene <name>] [--fault <words>] [--tool <path>]
//   CrashHarness contention [--processes <count>] [--events <count>] [--tool <path>]
//
// The first form traces each command once, and then runs it again for every system call that writes, in a fresh copy of
// the same repository: killed at that call, with the call failing in four ways, with files that cannot grow, and on
// disks that are full. --trials spreads at most so many trials over all of them; --scene and --fault select those whose
// names have these words. The second form lets many processes record at once, beside git at work on the same notes.

/// The command line.
@main
struct CrashHarness {
  private var trials = Int.max
  private var scene = ""
  private var fault = ""
  private var tool: String?
  private var contends = false
  private var processes = 32
  private var events = 100

  static func main() async {
    var harness = CrashHarness()
    guard harness.parse(Array(CommandLine.arguments.dropFirst())) else {
      say(
        """
        usage: CrashHarness [--trials <count>] [--scene <name>] [--fault <words>] [--tool <path>]
               CrashHarness contention [--processes <count>] [--events <count>] [--tool <path>]
        """)
      exit(64)
    }
    do {
      exit(try await harness.run() ? 0 : 1)
    } catch {
      say("\(error)")
      exit(1)
    }
  }

  private mutating func parse(_ arguments: [String]) -> Bool {
    var rest = arguments[...]
    if rest.first == "contention" {
      contends = true
      rest.removeFirst()
    }
    while let option = rest.popFirst() {
      guard let value = rest.popFirst() else { return false }
      switch option {
      case "--scene": scene = value
      case "--fault": fault = value
      case "--tool": tool = value
      case "--trials", "--processes", "--events":
        guard let count = Int(value), count > 0 else { return false }
        if option == "--trials" { trials = count }
        if option == "--processes" { processes = count }
        if option == "--events" { events = count }
      default: return false
      }
    }
    return true
  }

  private func run() async throws -> Bool {
    let tool = try tool ?? builtProduct("kitty-git-telemetry")
    let scratch = try ScratchDirectory()
    if contends {
      return try Contention(tool: tool, folder: scratch.path, processes: processes, events: events).play()
    }
    return try await crash(tool, in: scratch.path)
  }

  private func crash(_ tool: String, in folder: String) async throws -> Bool {
    let kinds = CrashHarness.kinds()
    // Each trial with the lock held takes seconds.
    let scenes = Scene.all.filter { (scene.isEmpty || $0.name == scene) && (!$0.isLocked || trials == Int.max) }
    let plays = try await CrashHarness.inParallel(scenes.indices) { number in
      try Play(scenes[number], tool: tool, in: try CrashHarness.folder("\(folder)/\(number)"), kinds: kinds)
    }
    let all = plays.flatMap(\.trials).filter { fault.isEmpty || $0.fault.story.contains(fault) }
    // As many as are asked for, evenly over all of them.
    let chosen = all.count <= trials ? all : (0..<trials).map { all[$0 * all.count / trials] }
    CrashHarness.say("\(chosen.count) of \(all.count) trials")
    let tally = try await play(chosen, in: folder)
    CrashHarness.say(tally.table(of: plays))
    return tally.violations == 0
  }

  private func play(_ trials: [Trial], in folder: String) async throws -> Tally {
    let results = try await CrashHarness.inParallel(trials.indices) { number in
      let result = Result { try trials[number].play(in: "\(folder)/trial-\(number)") }
      for violation in Tally.violations(of: result) {
        CrashHarness.say("\(trials[number].scene.name), \(trials[number].fault.story): \(violation)")
      }
      return result
    }
    var tally = Tally()
    for (trial, result) in zip(trials, results) { tally.add(trial, result) }
    return tally
  }

  /// Does something for each number, as many at once as there are processors, and returns the results in order.
  private static func inParallel<Value: Sendable>(
    _ numbers: Range<Int>, _ work: @escaping @Sendable (Int) throws -> Value
  ) async throws -> [Value] {
    try await withThrowingTaskGroup(of: (Int, Value).self) { group in
      var waiting = numbers.makeIterator()
      var values: [Int: Value] = [:]
      func startNext() {
        guard let number = waiting.next() else { return }
        group.addTask { (number, try work(number)) }
      }
      for _ in 0..<ProcessInfo.processInfo.activeProcessorCount { startNext() }
      for try await (number, value) in group {
        values[number] = value
        startNext()
      }
      return numbers.compactMap { values[$0] }
    }
  }

  /// What this machine allows; what it does not is said.
  private static func kinds() -> Play.Kinds {
    let obstacle = Trace.obstacle()
    if let obstacle { say("skipped: calls that fail and processes that are killed there: \(obstacle)") }
    let words = ["--mount", "mount", "-t", "tmpfs", "none", "/mnt"]
    let mounted = try? ChildProcess.run("unshare", words, in: "/", environment: ["PATH": path])
    if mounted?.status != 0 { say("skipped: full disks: small file systems cannot be mounted here") }
    return Play.Kinds(traces: obstacle == nil, fillsDisks: mounted?.status == 0)
  }

  private static func folder(_ path: String) throws -> String {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    return path
  }

  /// Prints at once, since whoever waits for thousands of trials wants to see the first that fails.
  static func say(_ text: String) { FileHandle.standardOutput.write(Data((text + "\n").utf8)) }
}
