internal import Events
internal import Glibc
internal import SystemPackage

/// Prints events in one of the forms that `query` knows, while they come.
struct EventPrinter {
  /// A form.
  enum Format {
    case json, jsonl, csv
    /// For people; with a column for features where there may be several.
    case table(hasFeatures: Bool)
  }

  private let format: Format
  private var buffer: [UInt8] = []
  private var count = 0
  private var isOpen = true

  /// The first rows decide how the table is laid out.
  private var table: Table
  private var layout: Table.Layout?

  private static let bufferSize = 64 << 10
  private static let rowsBeforeLayout = 10_000

  /// Creates a printer; with `goesOn` more events may come long after the first ones.
  init(_ format: Format, goesOn: Bool) {
    self.format = format
    table = if case .table(let hasFeatures) = format { EventRow.table(hasFeatures) } else { Table(columns: []) }
    if goesOn, case .table(let hasFeatures) = format { table.sample = EventRow.sample(hasFeatures) }
  }

  /// Prints an event that stands in `bytes`; answers false when nobody reads on.
  mutating func print(_ envelope: Envelope, _ bytes: Span<UInt8>) -> Bool {
    count += 1
    let line = [UInt8](copying: bytes, in: envelope.line)
    switch format {
    case .json:
      buffer += (count == 1 ? "[" : ", ").utf8
      let isCanonical = CanonicalScanner.isCanonicalEvent(envelope.line, in: bytes)
      buffer += isCanonical ? line : Event(line: line)?.line ?? line
    case .jsonl: buffer += (Console.isTerminal ? JSONLines.escaped(line) : line) + [0x0A]
    case .csv:
      if count == 1 { buffer += CSV.heading }
      buffer += CSV.row(line)
    case .table(let hasFeatures):
      let cells = EventRow.cells(line, hasFeatures)
      if let layout {
        buffer += (table.line(cells, layout) + "\n").utf8
      } else {
        table.rows.append(cells)
        if table.rows.count == EventPrinter.rowsBeforeLayout { layOut() }
      }
    }
    return buffer.count < EventPrinter.bufferSize ? isOpen : write()
  }

  private mutating func layOut() {
    let layout = table.layout
    buffer += (table.heading(layout) + "\n").utf8
    for row in table.rows { buffer += (table.line(row, layout) + "\n").utf8 }
    table.rows = []
    self.layout = layout
  }

  /// Shows what has been printed so far; answers false when nobody reads on.
  mutating func flush() -> Bool {
    if !table.rows.isEmpty { layOut() }
    return write()
  }

  private mutating func write() -> Bool {
    if !buffer.isEmpty, isOpen { isOpen = Console.show(buffer) }
    buffer.removeAll(keepingCapacity: true)
    return isOpen
  }

  /// Shows the rest, or `absence` where a person would see nothing.
  mutating func finish(orSaying absence: String) {
    switch format {
    case .json: buffer += (count == 0 ? "[]\n" : "]\n").utf8
    case .jsonl: break
    case .csv: if count == 0 { buffer += CSV.heading }
    case .table: if count == 0 { buffer += (absence + "\n").utf8 }
    }
    _ = flush()
  }
}

/// An event as a row for people.
private enum EventRow {
  static func table(_ hasFeatures: Bool) -> Table {
    Table(
      columns: [.label("Time (UTC)")] + (hasFeatures ? [.text("Feature", minimum: 8)] : []) + [
        .text("WP", minimum: 5, cut: .end), .text("Role", minimum: 6, cut: .end), .text("Agent", minimum: 6, cut: .end),
        .text("Model", minimum: 10),
      ] + (hasFeatures ? [.number("Tokens")] : [.number("Input"), .number("Output")]) + [.label("Result")])
  }

  /// A row of usual width.
  static func sample(_ hasFeatures: Bool) -> [String] {
    ["02-16 09:12"] + (hasFeatures ? ["043-telemetry-foundation"] : [])
      + ["WP01", "implementer", "opencode", "claude-sonnet-4-20250514"]
      + (hasFeatures ? ["1,234,567"] : ["1,234,567", "123,456"]) + ["failed"]
  }

  static func cells(_ line: [UInt8], _ hasFeatures: Bool) -> [String] {
    guard let event = Event(line: line) else { return [] }
    func text(_ key: JSONString) -> String { event.payload[key]?.text.map(Console.plain) ?? "" }
    func count(_ key: JSONString) -> Int128? {
      if case .integer(let number)? = event.payload[key] { Int128(number.digits) } else { nil }
    }
    let (input, output) = (count("input_tokens"), count("output_tokens"))
    let both = input == nil && output == nil ? nil : (input ?? 0) + (output ?? 0)
    // The year and the seconds leave no room for what people look for.
    let time = Timestamp(microsecondsSince1970: event.timestamp.microsecondsSince1970)?.description ?? ""
    let result = event.payload["success"].map { $0 == .bool(true) ? "ok" : "failed" } ?? ""
    return ["\(time.dropFirst(5).prefix(5)) \(time.dropFirst(11).prefix(5))"]
      + (hasFeatures ? [Console.plain(event.aggregateID.description)] : [])
      + [text("wp_id"), text("role"), text("agent"), text("model")]
      + (hasFeatures ? [both] : [input, output]).map { $0?.grouped ?? "" } + [result]
  }
}

/// Lines as they are, but for a terminal.
private enum JSONLines {
  /// `line` with control characters, which can only stand in its strings, spelled out: the same value, and nothing that
  /// a terminal acts on.
  static func escaped(_ line: [UInt8]) -> [UInt8] {
    let text = String(decoding: line, as: UTF8.self)
    guard text.unicodeScalars.contains(where: Console.acts) else { return line }
    return text.unicodeScalars.flatMap { scalar -> [UInt8] in
      guard Console.acts(on: scalar) else { return Array(String(scalar).utf8) }
      return JSONValue.string(String(scalar)).canonicalText.dropFirst().dropLast()
    }
  }
}
