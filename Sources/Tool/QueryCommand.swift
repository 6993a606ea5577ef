internal import ArgumentParser
internal import Events
internal import Glibc
internal import KittyGitTelemetry
internal import Reports

/// Shows recorded events.
struct QueryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "query",
    abstract: "The recorded events, in order.",
    discussion: """
      Each event once, ordered by clock, node and id. --json prints events as the reference would write them back, with \
      what it does not know kept; --jsonl prints their lines as they are; --csv one row each, in which no cell begins a \
      formula. Where there is nothing, --json prints [].

      An event that is noted on several commits belongs to the earliest one that a branch leads to.
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup var options: ReportOptions

  @Flag(help: "Print one JSON array.")
  var json = false
  @Flag(help: "Print the events' lines.")
  var jsonl = false
  @Flag(help: "Print comma-separated values.")
  var csv = false
  @Option(parsing: .unconditional, help: "Print at most so many events.")
  var limit: Int?
  @Flag(help: "Print the last events first.")
  var reverse = false
  @Flag(help: "Go on with new events as they are recorded, in any worktree of the repository.")
  var follow = false

  func validate() throws {
    guard [json, jsonl, csv].count(where: \.self) <= 1 else {
      throw ValidationError("--json, --jsonl and --csv exclude each other")
    }
    if let limit, limit < 0 { throw ValidationError("cannot print \(limit) events; give a number from 0 on") }
    guard follow else { return }
    guard !json, !reverse, limit == nil, options.source == nil, options.ref == nil else {
      throw ValidationError("--follow goes with the logs of this work tree, and with --jsonl or --csv, alone")
    }
  }

  func run() throws {
    do throws(TelemetryError) {
      var follower = follow ? try Follower(directory: common.directory, of: options.pattern) : nil
      let logs = try options.logs(common)
      let format: EventPrinter.Format =
        json ? .json : jsonl ? .jsonl : csv ? .csv : .table(hasFeatures: logs.features > 1)
      var printer = EventPrinter(format, goesOn: follow)
      var shown = 0
      if limit != 0 {
        try logs.forEachEvent(of: options.filter, reversed: reverse) { envelope, line in
          shown += 1
          follower?.skip(envelope.id)
          return printer.print(envelope, line) && shown < limit ?? .max
        }
      }
      if var follower { try go(on: &follower, &printer) }
      printer.finish(orSaying: options.absence(in: logs))
      options.tellOmissions(lines: logs.overlongLines, notes: logs.oversizedNotes)
    } catch {
      throw Console.failure(error)
    }
  }

  /// Prints new events as they are recorded, until nobody reads them any more.
  private func go(on follower: inout Follower, _ printer: inout EventPrinter) throws(TelemetryError) {
    let matcher = options.filter.matcher
    while printer.flush() {
      try follower.forEachNewEvent { envelope, members, bytes in
        if matcher.matches(envelope, members, in: bytes) { _ = printer.print(envelope, bytes) }
      }
      usleep(200_000)
    }
  }
}
