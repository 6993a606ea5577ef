internal import ArgumentParser
internal import KittyGitTelemetry
internal import Reports

/// Which events a report is about.
struct ReportOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "The events that commits carry, instead of those in the logs of this work tree: one commit, or main..WP03 for "
        + "those that lead to WP03 and not to main; - reads lines from standard input.",
      valueName: "commits"))
  var source: String?

  @Option(
    name: [.customShort("f"), .long], parsing: .unconditional,
    help: "Only features whose names begin so; * ? [a-z] stand for what they stand for in a shell.")
  var feature: String?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Read the logs in this branch or commit, without checking it out.", valueName: "rev"))
  var ref: String?
  @Option(parsing: .unconditional, help: "Only events of this type.")
  var eventType: String?
  @Option(parsing: .unconditional, help: "Only this work package.")
  var wpId: String?
  @Option(parsing: .unconditional, help: "Only this agent.")
  var agent: String?
  @Option(parsing: .unconditional, help: "Only this model.")
  var model: String?
  @Option(name: [.customShort("r"), .long], parsing: .unconditional, help: "Only this role.")
  var role: String?
  @Flag(help: "Only runs that succeeded.")
  var success = false
  @Flag(name: [.customLong("failed"), .customLong("failure")], help: "Only runs that failed.")
  var failed = false
  @Option(parsing: .unconditional, help: "Only events from this time on: 2026-01-31, or 2026-01-31T10:00+02:00.")
  var since: String?
  @Option(parsing: .unconditional, help: "Only events up to this time; without an offset it is one of UTC.")
  var until: String?

  func validate() throws {
    guard !(success && failed) else { throw ValidationError("--success and --failed exclude each other") }
    guard source == nil || ref == nil else { throw ValidationError("--ref and commits exclude each other") }
    for (flag, text) in [("--since", since), ("--until", until)] {
      guard let text = given(text), DateBound(text) == nil else { continue }
      throw ValidationError(
        "cannot read \(flag) \(printable(text)): it is no date; write 2026-01-31 or 2026-01-31T10:00:00+00:00")
    }
  }

  /// Nothing is filtered by an empty text.
  private func given(_ text: String?) -> String? { text == "" ? nil : text }

  /// The names of the features.
  var pattern: NamePattern? { given(feature).map(NamePattern.init) }

  /// Which events pass.
  var filter: EventFilter {
    var filter = EventFilter()
    filter.eventType = given(eventType)
    filter.wpID = given(wpId)
    filter.agent = given(agent)
    filter.model = given(model)
    filter.role = given(role)
    filter.success = success ? true : failed ? false : nil
    filter.since = given(since).flatMap(DateBound.init)
    filter.until = given(until).flatMap(DateBound.init)
    // Logs are chosen by their folders; elsewhere the events themselves say what they are of.
    filter.feature = source == nil ? nil : pattern
    return filter
  }

  /// Opens what is to be read.
  func logs(_ common: CommonOptions) throws(TelemetryError) -> EventLogs {
    let reader = Reader(directory: common.directory)
    if source == "-" { return Reader.events(in: try Input.bytes(of: "-", from: common.directory)) }
    if let source { return try reader.events(on: source) }
    return if let ref { try reader.logs(of: pattern, at: ref) } else { try reader.logs(of: pattern) }
  }

  /// Says how much a report has passed over.
  func tellOmissions(lines: Int, notes: Int) {
    let passedOver = [
      lines == 0 ? nil : "\(lines) \(lines == 1 ? "line" : "lines") of more than a mebibyte",
      notes == 0 ? nil : "\(notes) \(notes == 1 ? "note" : "notes") of more than 64 mebibytes",
    ]
    guard lines + notes > 0 else { return }
    Console.say(
      "warning: passed over \(passedOver.compactMap(\.self).joined(separator: " and ")), which verify tells of")
  }

  /// What is said to people when there is nothing to show.
  func absence(in logs: EventLogs) -> String {
    guard let feature = given(feature), logs.features == 0 else { return "No execution events found." }
    return "No features matching '\(Console.plain(feature))' found."
  }
}
