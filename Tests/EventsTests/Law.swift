import Events
import Testing

/// Tries a law on generated logs and says which small ones break it.
///
/// Each of `seeds` gives `count` logs. The first that break the law are shrunk, by leaving out lines for as long as it
/// stays broken, and recorded with their seed.
func expectLaw(
  _ count: Int, seeds: Range<UInt64> = 0..<2000, lines: ClosedRange<Int> = 0...6,
  sourceLocation: SourceLocation = #_sourceLocation,
  _ holds: ([[UInt8]]) -> Bool
) {
  for seed in seeds {
    var generator = LogGenerator(seed: seed)
    let logs = (0..<count).map { _ in generator.log(lines: lines) }
    if holds(logs.map(joined)) { continue }
    let small = shrunk(logs) { !holds($0.map(joined)) }
    let lines = small.enumerated().flatMap { index, log in log.map { "log \(index): \(visible($0))" } }
    Issue.record("seed \(seed):\n\(lines.joined(separator: "\n"))", sourceLocation: sourceLocation)
    return
  }
}

private func joined(_ lines: [[UInt8]]) -> [UInt8] { lines.flatMap(\.self) }

/// `logs` without every line that is not needed to be `bad`.
private func shrunk(_ logs: [[[UInt8]]], _ isBad: ([[[UInt8]]]) -> Bool) -> [[[UInt8]]] {
  var logs = logs
  var isSmaller = true
  while isSmaller {
    isSmaller = false
    for log in logs.indices {
      for line in logs[log].indices.reversed() {
        var fewer = logs
        fewer[log].remove(at: line)
        guard isBad(fewer) else { continue }
        logs = fewer
        isSmaller = true
      }
    }
  }
  return logs
}

/// The bytes as text, those outside of printable ASCII in hexadecimal, and long lines cut.
private func visible(_ bytes: [UInt8]) -> String {
  let text = bytes.prefix(400).map { byte in
    0x20..<0x7F ~= byte ? String(Unicode.Scalar(byte)) : "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
  }
  return text.joined() + (bytes.count > 400 ? " and \(bytes.count - 400) bytes" : "")
}
