import KittyGitTelemetry
import TestSupport
import Testing

struct MarkedBlockTests {
  private let block = MarkedBlock(lines: ["a = 1", "b = 2"])
  private let script = MarkedBlock(lines: ["run kitty"], preamble: "#!/bin/sh", isBehindFirstLine: true)

  private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

  @Test(arguments: [
    "", "\n", "\n\n", "x", "x\n", "x\ny", "x\r\ny\r\n", "x\r\ny", "x\r", "x\n\n\n", "#!/bin/sh", "#!/bin/sh\n",
    "#!/bin/sh\nexit 0\n", "# kitty\na = 1\n", "a = 1\nb = 2\n", "\u{FEFF}x\n", "x\0y\n",
  ])
  func `what was there before comes back byte for byte`(_ text: String) {
    for block in [block, script] {
      let added = block.added(to: bytes(text))
      #expect(block.isCurrent(in: added) && block.isPresent(in: added))
      #expect(block.added(to: added) == added, "once more changes nothing")
      #expect(block.removed(from: added).content == bytes(text))
      #expect(!block.isPresent(in: bytes(text)))
      #expect(block.removed(from: bytes(text)).content == bytes(text), "what was never added is not taken away")
    }
  }

  @Test func `a file and a folder that were not there are gone again`() {
    for block in [block, script] {
      let file = block.removed(from: block.added(to: nil))
      #expect(file.content == nil && !file.wasWithoutFolder)
      let folder = block.removed(from: block.added(to: nil, hasFolder: false))
      #expect(folder.content == nil && folder.wasWithoutFolder)
      let written = block.added(to: nil) + bytes("x\n")
      #expect(block.removed(from: written).content.map { $0.suffix(2) == bytes("x\n")[...] } == true)
    }
  }

  @Test func `lines end as those of the file do`() {
    let added = String(decoding: block.added(to: bytes("x\r\n")), as: UTF8.self)
    #expect(added.unicodeScalars.count { $0 == "\r" } == added.unicodeScalars.count { $0 == "\n" })
  }

  @Test func `a block of other lines is brought up to date where it stands`() {
    let old = MarkedBlock(lines: ["a = 0"])
    let new = MarkedBlock(lines: ["a = 1"]) { $0.hasPrefix("a = ") }
    let added = old.added(to: bytes("x"))
    #expect(!new.isCurrent(in: added))
    #expect(new.added(to: added) == new.added(to: bytes("x")))
    #expect(new.removed(from: added).content == bytes("x"))
  }

  @Test func `a heading stays with the lines that others put below it`() {
    let section = MarkedBlock(lines: ["[notes]", "\ta = 1"])
    let text = String(decoding: section.added(to: bytes("[core]\n")), as: UTF8.self)
    let added = text.replacing("\ta = 1\n", with: "\ta = 1\n\tb = 2\n")
    #expect(section.isCurrent(in: bytes(added)))
    #expect(section.removed(from: bytes(added)).content == bytes("[core]\n[notes]\n\tb = 2\n"))
  }

  @Test(arguments: [7 as UInt64, 2026])
  func `whatever others write around the block and into it stays`(_ seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let words = ["", "x", "a = 1", "b = 2", "# a comment", "[section]", "y\r"]
    func lines() -> [String] {
      (0..<Int.random(in: 0...4, using: &generator)).map { _ in words.randomElement(using: &generator) ?? "" }
    }
    for _ in 0..<2_000 {
      let before = lines()
      let text = before.joined(separator: "\n") + (Bool.random(using: &generator) ? "\n" : "")
      var added = String(decoding: block.added(to: bytes(text)), as: UTF8.self)
        .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      let stranger = "stranger \(UInt8.random(in: .min ... .max, using: &generator))"
      added.insert(stranger, at: Int.random(in: 0..<added.count, using: &generator))
      let changed = bytes(added.joined(separator: "\n"))
      let removed = block.removed(from: changed).content ?? []
      let kept = removed.split(separator: 0x0A).filter { !$0.isEmpty }
      let expected = (before + [stranger]).filter { !$0.isEmpty }.sorted()
      #expect(kept.map { String(decoding: $0, as: UTF8.self) }.sorted() == expected, "seed \(seed), \(text)")
      #expect(block.removed(from: block.added(to: changed)).content == removed, "seed \(seed), \(text)")
    }
  }
}
