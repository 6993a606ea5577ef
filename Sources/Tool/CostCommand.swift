internal import ArgumentParser
internal import Events
internal import KittyGitTelemetry
internal import Reports

/// Sums up what the recorded runs cost.
struct CostCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cost",
    abstract: "What the runs cost, by agent, model, feature, role, work package, day or commit.",
    discussion: """
      A run that did not report its cost is estimated from its tokens and its model's price; estimates are marked with \
      ~ and kept apart from reported costs. What is not known counts as nothing, and how many runs that is about is \
      said. Prices are built in; a project overrides them in .kittify/prices.json, or in the file that \
      git config kitty-telemetry.prices names. With --failed, only failed runs are summed up, and beneath them the \
      retries: all later runs of the same work package in the same role.

      Grouped by agent, model, feature or role, --json prints what spec-kitty's telemetry prints, but [] where there is \
      nothing. A date or a grouping that cannot be read is a usage error, with exit status 64.
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup var options: ReportOptions

  @Option(
    name: [.customShort("g"), .long], parsing: .unconditional,
    help: ArgumentHelp(
      "Group by agent, model, feature, role, wp, day or commit, or by two of them: wp,agent.", valueName: "keys"))
  var groupBy = "agent"
  @Flag(help: "Print one JSON array.")
  var json = false

  func validate() throws { _ = try grouping() }

  private func grouping() throws -> [CostGrouping] {
    let names = groupBy.split(separator: ",", omittingEmptySubsequences: false)
    let groupings = names.compactMap { CostGrouping(rawValue: String($0)) }
    guard groupings.count == names.count, names.count <= 2, Set(groupings).count == names.count else {
      let known = CostGrouping.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("cannot group by \(printable(groupBy)): give one of \(known), or two with a comma")
    }
    return groupings
  }

  func run() throws {
    let grouping = try grouping()
    do throws(TelemetryError) {
      let logs = try options.logs(common)
      let (commits, oversizedNotes) = grouping.contains(.commit) ? try commits() : (EventCommits(), 0)
      let prices = try ProjectPrices.table(from: common.directory)
      let (report, retries) = try logs.costs(
        of: options.filter, by: grouping, prices: prices, commits: commits, retries: options.failed && !json)
      let table = CostTable(report, grouping, retries: retries)
      if json {
        Console.show(.array(report.rows.map { CostCommand.document($0, grouping) }))
        if report.total.events > 0 { Console.say("note: \(table.omissions)") }
      } else {
        Console.show(report.total.events == 0 ? options.absence(in: logs) : table.text)
      }
      options.tellOmissions(lines: logs.overlongLines, notes: max(logs.oversizedNotes, oversizedNotes))
    } catch {
      throw Console.failure(error)
    }
  }

  private func commits() throws(TelemetryError) -> (EventCommits, oversizedNotes: Int) {
    do {
      return try Reader(directory: common.directory).commitsOfEvents()
    } catch {
      // Lines from standard input need no repository.
      guard options.source == "-" else { throw error }
      return (EventCommits(), 0)
    }
  }

  /// A row as the reference prints it, and with what it does not say where it has no such grouping.
  private static func document(_ row: CostReport.Row, _ grouping: [CostGrouping]) -> JSONValue {
    let names = grouping.map { JSONValue.string($0.rawValue) }
    var members: [(JSONString, JSONValue)] = [
      ("group_key", row.keys.count == 1 ? row.keys[0] : .array(row.keys)),
      ("group_by", names.count == 1 ? names[0] : .array(names)),
      ("total_input_tokens", .integer(row.sums.inputTokens)),
      ("total_output_tokens", .integer(row.sums.outputTokens)),
      ("total_cost_usd", .float(row.sums.cost.dollars)),
      ("estimated_cost_usd", .float(row.sums.estimated.dollars)),
      ("event_count", .integer(row.sums.events)),
    ]
    if grouping.count > 1 || ![.agent, .model, .feature, .role].contains(grouping[0]) {
      members += [
        ("total_cache_read_tokens", .integer(row.sums.cacheReadTokens)),
        ("total_cache_write_tokens", .integer(row.sums.cacheWriteTokens)),
        ("events_without_usage", .integer(row.sums.eventsWithoutUsage)),
        ("events_without_cost", .integer(row.sums.eventsWithoutCost)),
      ]
    }
    return .object(JSONObject(members))
  }
}
