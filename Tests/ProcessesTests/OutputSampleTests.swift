import Processes
import TestSupport
import Testing

/// What is kept of an output.
struct `Output sample` {
  private static let seed = UInt64.random(in: 0...UInt64.max)

  private func sample(_ bytes: [UInt8], marks: [String] = [], pieces: Int) -> [UInt8] {
    var sample = OutputSample(marks: marks.map { Array($0.utf8) })
    var rest = bytes[...]
    while !rest.isEmpty {
      sample.append(rest.prefix(pieces))
      rest = rest.dropFirst(pieces)
    }
    return sample.bytes
  }

  @Test(arguments: [1, 7, 4096, 65_536, 1_000_000]) func `a short output is kept whole`(pieces: Int) {
    for length in [0, 1, 65_535, 65_536, 65_537, 200_000] {
      let output = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 31) }
      #expect(sample(output, pieces: pieces) == output, "\(length)")
    }
  }

  @Test(arguments: [3000, 65_536, 300_000]) func `of a long output both ends are kept, in whole lines`(pieces: Int) {
    let lines = (0..<400_000).map { "line \($0)" }
    let output = Array(lines.joined(separator: "\n").utf8)
    let kept = sample(output, pieces: pieces)
    #expect(kept.count < 3 << 20)
    let keptLines = String(decoding: kept, as: UTF8.self).split(separator: "\n").map(String.init)
    #expect(keptLines.first == "line 0" && keptLines.last == "line 399999")
    let all = Set(lines)
    #expect(keptLines.allSatisfy(all.contains))
    #expect(keptLines.count > 150_000)
  }

  @Test func `a marked line is kept wherever it stands, once`() {
    var generator = SeededGenerator(seed: Self.seed)
    var output: [UInt8] = []
    for number in 0..<300 {
      let noise = Int.random(in: 0...40_000, using: &generator)
      output += [UInt8](repeating: UInt8(ascii: "x"), count: noise) + [0x0A]
      output += Array("{\"step\": \(number)}\n".utf8)
    }
    let kept = String(decoding: sample(output, marks: ["\"step\""], pieces: 10_007), as: UTF8.self)
    let steps = kept.split(separator: "\n").filter { $0.hasPrefix("{") }
    #expect(steps == (0..<300).map { "{\"step\": \($0)}" }, "seed \(Self.seed)")
    #expect(kept.utf8.count < 3 << 20)
  }

  @Test func `marked lines are kept wherever chunks end in them`() {
    var generator = SeededGenerator(seed: Self.seed)
    let bounds = OutputSample.Bounds(chunkSize: 16, maximumChunks: 2, maximumEarly: 1 << 20)
    for _ in 0..<200 {
      let lines = (0..<60).map { _ in
        let length = Int.random(in: 0...12, using: &generator)
        return String((0..<length).compactMap { _ in "xxxxmn".randomElement(using: &generator) })
      }
      var sample = OutputSample(marks: [Array("m".utf8), Array("nx".utf8)], bounds: bounds)
      sample.append(Array(lines.map { "\($0)\n" }.joined().utf8)[...])
      func marked(_ lines: [String]) -> [String] { lines.filter { $0.contains("m") || $0.contains("nx") } }
      let kept = String(decoding: sample.bytes, as: UTF8.self).split(separator: "\n").map(String.init)
      #expect(marked(kept) == marked(lines), "seed \(Self.seed)")
      #expect(kept.count < lines.count)
    }
  }

  @Test(.timeLimit(.minutes(5))) func `marks are looked for as fast as an agent may print`() {
    let line = Array("{\"type\": \"item.completed\", \"text\": \"\(String(repeating: "y", count: 150))\"}\n".utf8)
    let megabyte = ArraySlice(repeatElement(line, count: (1 << 20) / line.count).joined())
    var sample = OutputSample(marks: [Array("\"turn.completed\"".utf8), Array("\"step_finish\"".utf8)])
    for _ in 0..<100 { sample.append(megabyte) }
    #expect(sample.bytes.count < 3 << 20)
  }

  @Test func `a line that is too long to be kept leaves no fragment behind`() {
    let output = Array("first\n".utf8) + [UInt8](repeating: 0x78, count: 5 << 20) + Array("\nlast\n".utf8)
    #expect(String(decoding: sample(output, pieces: 65_536), as: UTF8.self) == "first\nlast\n")
  }
}
