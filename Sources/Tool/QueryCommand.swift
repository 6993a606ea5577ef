internal import ArgumentParser
internal import Events
internal import KittyGitTelemetry

/// Shows recorded events.
struct QueryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "query",
    abstract: "The recorded events, in order.",
    discussion: """
      Read from the logs of this work tree, each event once. --json prints them as the reference would write them \
      back, with what it does not know kept; --jsonl prints their lines as they are.
      """)

  @OptionGroup var common: CommonOptions

  @Option(name: [.customShort("f"), .long], parsing: .unconditional, help: "Only features whose slug begins so.")
  var feature: String?
  @Flag(help: "Print one JSON array.")
  var json = false
  @Flag(help: "Print the events' lines.")
  var jsonl = false

  func validate() throws {
    guard !(json && jsonl) else { throw ValidationError("--json and --jsonl exclude each other") }
  }

  func run() throws {
    var events = EventSet()
    do {
      for found in try Reader(directory: common.directory).events(ofFeatures: feature ?? "") {
        events = events.joined(with: found.events)
      }
    } catch {
      throw Console.failure(error)
    }
    if jsonl {
      var text: [UInt8] = []
      events.forEachEvent { _, line in
        for index in line.indices { text.append(line[index]) }
        text.append(0x0A)
      }
      Console.show(text)
    } else {
      var read: [Event] = []
      events.forEachEvent { _, line in
        if let event = Event(line: [UInt8](copying: line, in: line.indices)) { read.append(event) }
      }
      if json {
        Console.show(.array(read.map(\.json)))
      } else {
        Console.show(read.isEmpty ? "No execution events found." : table(read))
      }
    }
  }

  private func table(_ events: [Event]) -> String {
    var table = Table(columns: [
      ("Clock", .right), ("WP", .left), ("Role", .left), ("Agent", .left), ("Model", .left), ("Input", .right),
      ("Output", .right), ("Result", .left),
    ])
    for event in events {
      func text(_ key: JSONString) -> String { event.payload[key]?.text.map(Console.plain) ?? "" }
      func count(_ key: JSONString) -> String {
        guard case .integer(let number)? = event.payload[key] else { return "" }
        return number.int64.map(\.grouped) ?? number.digits
      }
      let result = event.payload["success"].map { $0 == .bool(true) ? "ok" : "failed" } ?? ""
      table.rows.append([
        "\(event.lamportClock)", text("wp_id"), text("role"), text("agent"), text("model"), count("input_tokens"),
        count("output_tokens"), result,
      ])
    }
    return table.text
  }
}
