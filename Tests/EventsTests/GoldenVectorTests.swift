import Events
import Foundation
import Testing

/// Cases that were made by running the reference over random events; one JSON object a line.
private func cases(_ name: String, file: String = #filePath) throws -> [JSONObject] {
  let url = URL(filePath: file).deletingLastPathComponent().appending(path: "Fixtures/\(name).jsonl")
  let lines = try Data(contentsOf: url).split(separator: UInt8(ascii: "\n"))
  return try lines.map { try #require(JSONValue(Array($0))?.object) }
}

/// What the reference writes and reads, we write and read.
struct `Golden vectors` {
  @Test func `an event is encoded as the reference encodes it`() throws {
    let cases = try cases("encode")
    #expect(cases.count >= 100)
    for row in cases {
      let event = try #require(row["event"])
      let line = try #require(row["line"]?.text)
      #expect(text(event.canonicalText) == line)
      let read = try #require(Event(line: event.canonicalText))
      #expect(text(read.line) == line)
    }
  }

  @Test func `a float is spelled as Python spells it`() throws {
    let cases = try cases("floats")
    #expect(cases.count >= 400)
    for row in cases {
      let hex = try #require(row["hex"]?.text)
      let value = try #require(Double(hex))
      #expect(pythonText(of: value) == row["text"]?.text, "\(hex)")
    }
  }

  @Test func `an event id is normalised as the reference normalises it`() throws {
    let cases = try cases("event_ids")
    #expect(cases.count >= 50)
    for row in cases {
      let input = try #require(row["input"]?.text)
      #expect(EventID(input)?.description == row["normalised"]?.text, "\(input)")
    }
  }

  @Test func `a line that the reference reads is read, and written back as the reference does`() throws {
    let cases = try cases("read")
    #expect(cases.count >= 50)
    for row in cases {
      guard case .string(let input)? = row["input"] else { Issue.record("no input"); continue }
      let event = Event(line: input.bytes)
      guard let expected = row["line"]?.text else {
        // A byte-order mark costs the reference the line, and must not cost us one.
        if !input.bytes.starts(with: [0xEF, 0xBB, 0xBF]) { #expect(event == nil, "\(input)") }
        continue
      }
      var known = try #require(event, "\(input)")
      known.others = JSONObject()
      #expect(text(known.line) == expected)
    }
  }

  @Test func `a clock file is read, ticked and written as the reference does it`() throws {
    let cases = try cases("clock_files")
    #expect(cases.count == 9)
    for row in cases {
      guard case .string(let content)? = row["content"] else { Issue.record("no content"); continue }
      var table = ClockTable.read(content.bytes).table
      let load = try #require(row["load"]).canonicalText
      #expect((table["cli:WP01"] ?? LamportValue(0)).description == text(load))
      table.raise("cli:WP01", to: table.next(for: "cli:WP01"))
      #expect(text(table.bytes) == row["after_tick"]?.text)
    }
  }
}

func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
