import Events
import Testing

/// What other readers lose and a set keeps.
struct EventSetReadingTests {
  @Test(arguments: ["", "\n", "\r\n", "\r", "\n\n\n", " \t\n", "\u{A0}\u{3000}\n"])
  func `a line ends in many ways, or not at all`(end: String) {
    #expect(rows(set(line(1) + "\n" + line(2) + end)) == [line(1), line(2)])
  }

  @Test func `a lone carriage return ends a line`() {
    #expect(rows(set("\(line(1))\r\(line(2))\r\r\n\(line(3))")) == [line(1), line(2), line(3)])
  }

  @Test func `a byte-order mark costs no event`() {
    #expect(written("\u{FEFF}" + line(1), line(2)) == [line(1), line(2)])
    #expect(written("\u{FEFF}") == [])
  }

  @Test func `one broken byte costs one line`() {
    let bytes = Array(line(1).utf8) + [0x0A, 0xFF, 0x0A] + Array(line(2).utf8) + [0x0A]
    let events = EventSet(bytes)
    #expect(events.count == 2)
    #expect(events.unreadableCount == 1)
    #expect(events.bytes == Array("\(line(1))\n\(line(2))\n".utf8) + [0xFF, 0x0A])
  }

  @Test func `a line that is JSON and no object costs nothing`() {
    #expect(written("[1]", "null", line(1)) == [line(1), "[1]", "null"])
  }

  @Test func `an event that stands twice counts once`() {
    let events = set("\(line(1))\n\(line(1))\n\(line(2))\n\(line(1))")
    #expect(events.count == 2)
    #expect(events.duplicates == 2)
    #expect(events.ids.map(\.description).sorted() == [ulid(1), ulid(2)])
  }

  @Test func `unknown members and formatting pass through`() {
    let foreign = line(more: #" , "x":[1.50,{"y":1E5}]"#)
    #expect(written(foreign) == [foreign])
  }

  @Test func `a set can be asked for its parts`() throws {
    let events = set("\(line(1))\n\(line(2, clock: "5"))\n?\n")
    let (known, unknown) = (try #require(EventID(ulid(2))), try #require(EventID(ulid(3))))
    #expect(events.lines(of: [known, unknown]).mapValues(text) == [known: line(2, clock: "5")])
    #expect(rows(events.withoutUnreadable) == [line(1), line(2, clock: "5")])
    #expect(events.unreadableCount == 1)
    #expect(!set("?").isEmpty)
    #expect(set("?").withoutUnreadable.isEmpty)
    #expect(set(" \n").isEmpty)
    #expect(EventSet().bytes.isEmpty)
  }

  @Test func `lines can be handed over one by one`() {
    let storage = LineBuffer(lines: [Array(line(1).utf8), Array("?".utf8)])
    #expect(rows(EventSet([storage])) == [line(1), "?"])
    #expect(text(storage.withBytes { [UInt8](copying: $0, in: $0.indices) }) == "\(line(1))\n?\n")
  }

  @Test(arguments: [0, 1, 1 << 20, 1 << 32 - 1, 1 << 32, 5 << 30, 1 << 47])
  func `a line may be as long as a file, and stand anywhere in it`(number: Int) {
    for (length, offset) in [(number, 0), (0, number), (number, number), (600, number), (number, 600)] {
      let line = EventSet.LineReference(source: 3, length: length, offset: offset)
      #expect(line.length == length && line.offset == offset)
    }
    #expect(MemoryLayout<EventSet.LineReference>.size == 16)
  }

  @Test func `a record gives back what it was made of, however large`() throws {
    #expect(MemoryLayout<EventSet.Record>.stride == 40)
    let ids = try ["7ZZZZZZZZZZZZZZZZZZZZZZZZZ", "FZZZZZZZZZ0000000000000001", "ffffffff-ffff-ffff-ffff-ffffffffffff"]
      .map { try #require(EventID($0)) }
    for (index, id) in ids.enumerated() {
      for bits in 0..<48 {
        let offset = 1 << bits | (1 << bits - 1)
        for (source, node) in [(0, 0), (1 << 24 - 1, 1 << 28 - 1), (1 << (bits / 2), 1 << (bits / 2))]
          as [(Int32, Int32)]
        {
          for length in [1, 483, 1 << 20] {
            let line = EventSet.LineReference(source: source, length: length, offset: offset)
            let isBeyond = (bits + index) % 2 == 0
            let record = EventSet.Record(id: id, lamportClock: .max, line: line, node: node, isBeyond: isBeyond)
            #expect(record.id == id && record.lamportClock == .max && record.node == node)
            #expect(record.isBeyond == isBeyond && record.length == length)
            #expect((record.line.source, record.line.length, record.line.offset) == (source, length, offset))
          }
        }
      }
    }
  }

  @Test func `the end of a line is found wherever it is, whatever is before it`() {
    for position in 0..<100 {
      for (end, others) in [(UInt8(0x0A), [UInt8(0), 0x20]), (0x0D, [0xFF, 0x09]), (0x0A, [0x8A, 0x0B])] {
        var bytes = (0..<120).map { others[$0 % 2] }
        bytes[position] = end
        #expect(LineScanner.endOfLine(bytes.span, position / 3) == position)
        #expect(LineScanner.endOfLine(bytes.span, position + 1) == 120)
      }
    }
  }
}
