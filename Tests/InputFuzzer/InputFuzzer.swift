import Foundation

// Feeds any bytes to what reads the texts of others, and ends the process when a law breaks.
//
// Built with `--sanitize=fuzzer -Xswiftc -DFUZZING` it is a libFuzzer binary, whose target the variable `FUZZ_TARGET`
// names; see the script `.ci/fuzz`. Built otherwise it checks the files of a corpus, one folder a target, which is how
// a corpus is replayed without a fuzzer.

/// A kind of input, with the laws that hold for any bytes of it.
enum FuzzTarget: String, CaseIterable {
  case agents, clock, lanes, lines, names, note, orchestrator, outputs, prices, prompt, redaction

  /// Ends the process when `input` breaks a law.
  func check(_ input: [UInt8]) {
    switch self {
    case .agents: checkAgents(input)
    case .clock: checkClock(input)
    case .lanes: checkLanes(input)
    case .lines: checkLines(input)
    case .names: checkNames(input)
    case .note: checkNote(input)
    case .orchestrator: checkOrchestrator(input)
    case .outputs: checkOutputs(input)
    case .prices: checkPrices(input)
    case .prompt: checkPrompt(input)
    case .redaction: checkRedaction(input)
    }
  }
}

#if FUZZING
private let target: FuzzTarget = {
  let name = ProcessInfo.processInfo.environment["FUZZ_TARGET"] ?? ""
  guard let target = FuzzTarget(rawValue: name) else { preconditionFailure("FUZZ_TARGET names no target: \(name)") }
  return target
}()

/// What libFuzzer calls with each input; 0 says that the input was taken.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  target.check(unsafe Array(UnsafeBufferPointer(start: start, count: count)))
  return 0
}
#else
@main
struct Replay {
  static func main() throws {
    guard CommandLine.arguments.count == 2 else { preconditionFailure("give the folder of the corpora") }
    let corpora = URL(filePath: CommandLine.arguments[1])
    for target in FuzzTarget.allCases {
      let corpus = corpora.appending(path: target.rawValue)
      let files = try FileManager.default.contentsOfDirectory(at: corpus, includingPropertiesForKeys: nil)
      for file in files { target.check(Array(try Data(contentsOf: file))) }
      print("\(target.rawValue): \(files.count) inputs hold")
    }
  }
}
#endif
