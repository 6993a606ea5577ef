internal import ArgumentParser
internal import Events
internal import KittyGitTelemetry
internal import Reports

/// Sums up what the recorded runs cost.
struct CostCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cost",
    abstract: "What the runs cost, by work package and agent.",
    discussion: "Read from the logs of this work tree. What was not reported is unknown and counts as nothing.")

  @OptionGroup var common: CommonOptions

  @Option(name: [.customShort("f"), .long], parsing: .unconditional, help: "Only features whose slug begins so.")
  var feature: String?
  @Flag(help: "Print one JSON document.")
  var json = false

  func run() throws {
    var summaries: [CostSummary.Key: CostSummary] = [:]
    do {
      for found in try Reader(directory: common.directory).events(ofFeatures: feature ?? "") {
        summaries.merge(CostSummary.summaries(of: found.events)) { $0 + $1 }
      }
    } catch {
      throw Console.failure(error)
    }
    let sorted = summaries.sorted { $0.key < $1.key }
    if json {
      Console.show(.array(sorted.map { document($0.key, $0.value) }))
    } else if sorted.isEmpty {
      Console.show("No execution events found.")
    } else {
      Console.show(table(sorted.map { ($0.key, $0.value) }))
    }
  }

  private func document(_ key: CostSummary.Key, _ summary: CostSummary) -> JSONValue {
    .object(
      JSONObject([
        ("wp_id", .string(key.wpID)), ("agent", .string(key.agent)),
        ("total_input_tokens", .integer(summary.inputTokens)),
        ("total_output_tokens", .integer(summary.outputTokens)),
        ("total_cost_usd", .float(Double(summary.cost.value) / 1e6)),
        ("event_count", .integer(summary.events)),
        ("events_without_usage", .integer(summary.eventsWithoutUsage)),
        ("events_without_cost", .integer(summary.eventsWithoutCost)),
      ]))
  }

  private func table(_ summaries: [(CostSummary.Key, CostSummary)]) -> String {
    var table = Table(columns: [
      ("WP", .left), ("Agent", .left), ("Events", .right), ("Input", .right), ("Output", .right),
      ("Cost (USD)", .right),
    ])
    func cells(_ names: [String], _ summary: CostSummary) -> [String] {
      let hasUsage = summary.eventsWithoutUsage < summary.events
      let hasCost = summary.eventsWithoutCost < summary.events
      return names + [
        summary.events.grouped, hasUsage ? summary.inputTokens.grouped : "unknown",
        hasUsage ? summary.outputTokens.grouped : "unknown", hasCost ? summary.cost.text : "unknown",
      ]
    }
    table.rows = summaries.map { cells([Console.plain($0.0.wpID), Console.plain($0.0.agent)], $0.1) }
    let total = summaries.reduce(CostSummary()) { $0 + $1.1 }
    table.footer = cells(["Total", ""], total)
    var text = table.text
    if total.eventsWithoutUsage > 0 || total.eventsWithoutCost > 0 {
      text += "\n\(total.eventsWithoutUsage.grouped) of \(total.events.grouped) events without token counts, "
      text += "\(total.eventsWithoutCost.grouped) without a cost"
    }
    return text
  }
}

extension MicroDollars {
  /// The amount with four decimal places.
  fileprivate var text: String {
    let tenthousandths = (value.magnitude + 50) / 100
    let fraction = String(10_000 + tenthousandths % 10_000).dropFirst()
    return "\(value < 0 ? "-" : "")\((tenthousandths / 10_000).grouped).\(fraction)"
  }
}
