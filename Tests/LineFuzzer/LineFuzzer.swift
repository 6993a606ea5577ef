import Events
import Foundation

// Feeds any bytes to the line codec, the join and the clock file, and ends the process when a law breaks.
//
// Built with `--sanitize=fuzzer -Xswiftc -DFUZZING` it is a libFuzzer binary; see the script `.ci/fuzz`. Built
// otherwise it checks the files or folders that it is given, which is how the corpus is replayed without a fuzzer.

/// What libFuzzer calls with each input; 0 says that the input was taken.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  checkLines(input)
  checkClock(input)
  return 0
}

private func checkLines(_ input: [UInt8]) {
  let set = EventSet(input)
  let written = set.bytes
  precondition(EventSet(written).bytes == written, "reading what was written and writing it again changes it")
  precondition(set.joined(with: set).bytes == written, "a set joined with itself is another one")
  let half = input.count / 2
  let (first, second) = (EventSet(Array(input[..<half])), EventSet(Array(input[half...])))
  precondition(first.joined(with: second).bytes == second.joined(with: first).bytes, "the order of joining shows")
  set.forEachEvent { id, line in
    guard let event = Event(line: [UInt8](copying: line, in: line.indices)) else {
      preconditionFailure("an event of a set cannot be read")
    }
    precondition(event.id == id, "an event has another id than its line")
    guard let again = Event(line: event.line) else { preconditionFailure("a canonical line cannot be read") }
    precondition(again.line == event.line, "a canonical line is not canonical")
  }
}

private func checkClock(_ input: [UInt8]) {
  let table = ClockTable.read(input).table
  precondition(ClockTable.read(table.bytes).table == table, "a clock that was written is read as another one")
  precondition(table.joined(with: table) == table, "a clock joined with itself is another one")
}

#if !FUZZING
@main
struct Replay {
  static func main() throws {
    var files = 0
    for argument in CommandLine.arguments.dropFirst() {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: argument))?.map { "\(argument)/\($0)" }
      for path in names ?? [argument] {
        let input = Array(try Data(contentsOf: URL(filePath: path)))
        _ = unsafe input.withUnsafeBufferPointer { unsafe testOneInput($0.baseAddress, $0.count) }
        files += 1
      }
    }
    print("\(files) inputs hold")
  }
}
#endif
