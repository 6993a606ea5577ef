import Events
import Foundation
import Journal
import TestSupport
import Testing

/// Logs that are read a piece at a time.
struct `A log in pieces` {
  /// The lines that the pieces hold, with the offsets where they begin.
  private func lines(_ input: LineInput) throws -> [(offset: Int, line: [UInt8])] {
    var lines: [(Int, [UInt8])] = []
    try input.forEachPiece { piece, start in
      LineScanner.forEachLine(in: piece) { lines.append((start + $0.lowerBound, [UInt8](copying: piece, in: $0))) }
    }
    return lines
  }

  /// Lines of very different lengths, with ends of all kinds; the longest go over several pieces.
  private func text(_ random: inout SeededGenerator) -> String {
    let ends = ["\n", "\r\n", "\r", "\n\n"]
    return (0..<30).map { _ in
      let length = [3, 400, 70_000, 300_000].randomElement(using: &random) ?? 1
      let letter = ["x", "é", "漢"].randomElement(using: &random) ?? "x"
      return String(repeating: letter, count: Int.random(in: 1...length, using: &random) / letter.utf8.count + 1)
        + (ends.randomElement(using: &random) ?? "\n")
    }.joined() + "the end"
  }

  @Test func `counts the lines that are longer than readers look at, wherever they stand`() throws {
    let files = try Files()
    let longest = LineScanner.maximumLength
    for (number, lengths) in [
      [longest], [longest + 1], [longest, longest + 1, 3, 2 * longest], [5 * longest, 1],
      [1, longest + 1, longest + 1],
    ].enumerated() {
      let expected = lengths.count { $0 > longest }
      for end in ["\n", ""] {
        let text = lengths.map { String(repeating: "x", count: $0) }.joined(separator: "\n") + end
        try files.write(text, to: files.path("log"))
        let file = try #require(try LineInput(files.path("log")))
        for input in [file, LineInput(Array(text.utf8))] {
          for _ in 0..<2 { try input.forEachPiece { _, _ in } }
          #expect(input.overlongLines == expected, "case \(number)")
        }
      }
    }
  }

  @Test(arguments: [1, 2] as [UInt64]) func `holds the lines of the whole, each at its place`(seed: UInt64) throws {
    let files = try Files()
    var random = SeededGenerator(seed: seed)
    let text = text(&random)
    try files.write(text, to: files.path("log"))
    let file = try #require(try LineInput(files.path("log")))
    let memory = LineInput(Array(text.utf8))
    let expected = try lines(memory)
    #expect(file.size == text.utf8.count && expected.count >= 31)
    let found = try lines(file)
    #expect(found.map(\.offset) == expected.map(\.offset) && found.map(\.line) == expected.map(\.line))
    for share in [1, 4096, 1 << 20] {
      for (offset, line) in expected.shuffled(using: &random).prefix(9) {
        for input in [file, memory] {
          let read = try input.withLine(at: offset, keeping: share) { [UInt8](copying: $0, in: $0.indices) }
          #expect(read == line, "seed \(seed), offset \(offset), share \(share)")
        }
      }
    }
  }

  @Test func `leaves out lines that nobody looks into`() throws {
    let files = try Files()
    let long = String(repeating: "x", count: 3 << 20)
    try files.write("one\n\(long)\ntwo\r\(long)", to: files.path("log"))
    let input = try #require(try LineInput(files.path("log")))
    let found = try lines(input).filter { $0.line.count <= LineScanner.maximumLength }
    #expect(found.map(\.line) == [bytes("one"), bytes("two")])
    #expect(found.map(\.offset) == [0, 4 + long.utf8.count + 1])
  }

  @Test func `ends where the file ended when it was opened, or before`() throws {
    let files = try Files()
    try files.write("one\ntwo", to: files.path("log"))
    let input = try #require(try LineInput(files.path("log")))
    try files.append(" and more\nthree\n", to: files.path("log"))
    #expect(try lines(input).map(\.line) == [bytes("one"), bytes("two")])
    try files.write("on", to: files.path("log"))
    #expect(try lines(input).map(\.line) == [bytes("on")])
    #expect(try input.withLine(at: 4, keeping: 9) { $0.count } == 0)
    #expect(try input.withLine(at: 0, keeping: 9) { $0.count } == 2)
    #expect(try LineInput(files.path("nothing")) == nil)
  }

  @Test func `that others append to gives each line once, and all of them when it is replaced`() throws {
    let files = try Files()
    let path = files.path("log")
    var mark = ReadingMark()
    func added() throws -> String { String(decoding: try mark.linesAdded(to: path), as: UTF8.self) }
    #expect(try added().isEmpty)
    try files.write("one\ntw", to: path)
    #expect(try added() == "one\n" && added().isEmpty)
    try files.append("o\nthree\n", to: path)
    #expect(try added() == "two\nthree\n")
    try files.shell("rm log")
    #expect(try added().isEmpty)
    try files.shell("printf 'four\\nfive\\n' >other && mv other log")
    #expect(try added() == "four\nfive\n")
    try files.shell("printf 'six\\n' >log")
    #expect(try added() == "six\n")
  }
}
