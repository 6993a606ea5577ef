internal import Events

// Comma-separated values as RFC 4180 has them, with LF at the end of a row: a row of names, then one row for each event.
// Cells with a comma, a quote or a line end are quoted. Spreadsheets take what begins with `=`, `+`, `-`, `@`, a tab or a
// line end for a formula, also in quotes; a text that does gets an apostrophe in front. Numbers stay as they are.

/// Events as rows of a spreadsheet.
enum CSV {
  private static let payload: [JSONString] = [
    "wp_id", "role", "agent", "model", "input_tokens", "output_tokens", "cost_usd", "duration_ms", "success", "error",
    "exit_code",
  ]

  /// The row of names.
  static let heading = row(
    (["event_id", "timestamp", "aggregate_id", "event_type", "lamport_clock", "node_id"] + payload).map { .string($0) })

  /// The row of the event that `line` spells.
  static func row(_ line: [UInt8]) -> [UInt8] {
    guard let event = Event(line: line), let members = event.json.object else { return [] }
    let envelope = ["event_id", "timestamp", "aggregate_id", "event_type", "lamport_clock", "node_id"].map {
      members[JSONString($0)] ?? .null
    }
    return row(envelope + payload.map { event.payload[$0] ?? .null })
  }

  private static func row(_ values: [JSONValue]) -> [UInt8] {
    Array(values.map(cell).joined(separator: ",").utf8) + [0x0A]
  }

  private static func cell(_ value: JSONValue) -> String {
    switch value {
    case .null: ""
    case .bool, .integer, .float: String(decoding: value.canonicalText, as: UTF8.self)
    case .string(let text): quoted(harmless(text.description))
    case .array, .object: quoted(harmless(String(decoding: value.canonicalText, as: UTF8.self)))
    }
  }

  /// `text` without what a terminal acts on, and as no formula.
  private static func harmless(_ text: String) -> String {
    let isFormula = text.unicodeScalars.first.map { "=+-@\t\r\n＝＋－＠".unicodeScalars.contains($0) } ?? false
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { Console.plain(String($0)) }
    return (isFormula ? "'" : "") + lines.joined(separator: "\n")
  }

  private static func quoted(_ text: String) -> String {
    guard text.utf8.contains(where: { "\",\n".utf8.contains($0) }) else { return text }
    return "\"\(text.replacing("\"", with: "\"\""))\""
  }
}
