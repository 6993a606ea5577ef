import TestSupport
import Testing

/// A few of the random histories that the program `HistoryFuzzer` plays by the thousand.
struct `Random histories` {
  @Test func `lose nothing`() throws {
    let result = try ChildProcess.run(
      try builtProduct("HistoryFuzzer"), ["--seeds", "1-4"], in: "/", environment: testProgramEnvironment)
    #expect(result.status == 0, "\(result.outputText) \(result.errorText)")
  }

  @Test func `are asked for by name`() throws {
    let result = try ChildProcess.run(try builtProduct("HistoryFuzzer"), ["--sedes", "1"], in: "/")
    #expect(result.status == 64 && result.outputText.hasPrefix("usage: "))
  }
}
