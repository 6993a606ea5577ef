internal import Events
internal import Reports

/// Costs as a table for people.
///
/// All amounts of a table have as many decimal places as the most precise one needs, so that what is printed adds up.
struct CostTable {
  private let report: CostReport
  private let grouping: [CostGrouping]
  private let rows: [CostReport.Row]
  private let total: CostSums
  private let retries: CostSums?
  private let decimals: Int

  init(_ report: CostReport, _ grouping: [CostGrouping], retries: CostSums?) {
    self.report = report
    self.grouping = grouping
    rows = report.rows
    total = report.total
    self.retries = retries
    let sums = rows.map(\.sums) + [retries].compactMap(\.self)
    decimals = sums.flatMap { [$0.reported.decimals, $0.estimated.decimals] }.max() ?? 2
  }

  /// The table, and under it what it cannot show.
  var text: String {
    let whole = table(joiningTokens: false)
    let lines = [(whole.fits ? whole : table(joiningTokens: true)).text] + notes
    return lines.joined(separator: "\n")
  }

  /// Whether some costs were reported and others estimated, which are then shown side by side.
  private var hasBoth: Bool { hasReported && hasEstimated }
  private var hasReported: Bool { rows.contains { $0.sums.reported != .zero } }
  private var hasEstimated: Bool { rows.contains { $0.sums.estimated != .zero } }

  private func table(joiningTokens: Bool) -> Table {
    let tokens = joiningTokens ? ["Tokens"] : ["Input", "Output"]
    let costs = hasBoth ? ["Reported", "Estimated"] : ["Cost (USD)"]
    var table = Table(
      columns: grouping.map { .text($0.title, minimum: 8) } + [.number("Events")]
        + (tokens + costs).map { .number($0) })
    func cells(_ names: [String], _ sums: CostSums) -> [String] {
      names + [sums.events.grouped] + counts(sums, joined: joiningTokens) + amounts(sums)
    }
    table.rows = rows.map { row in cells(zip(grouping, row.keys).map { $0.name($1) }, row.sums) }
    table.footer = cells(["Total"] + grouping.dropFirst().map { _ in "" }, total)
    return table
  }

  private func counts(_ sums: CostSums, joined: Bool) -> [String] {
    let counts = joined ? [sums.inputTokens + sums.outputTokens] : [sums.inputTokens, sums.outputTokens]
    return counts.map { sums.eventsWithoutUsage < sums.events ? $0.grouped : "unknown" }
  }

  private func amounts(_ sums: CostSums) -> [String] {
    guard sums.eventsWithoutCost < sums.events else { return hasBoth ? ["unknown", ""] : ["unknown"] }
    let estimate = "~\(amount(sums.estimated))"
    guard hasBoth else { return [sums.estimated == .zero ? amount(sums.reported) : estimate] }
    return [amount(sums.reported), sums.estimated == .zero ? "" : estimate]
  }

  private func mark(_ sums: CostSums) -> String { sums.estimated == .zero ? "" : "~" }

  private func amount(_ amount: MicroDollars) -> String { amount.grouped(decimals: decimals) }

  private var notes: [String] {
    var notes: [String] = []
    if hasBoth {
      notes.append(
        "\(amount(total.cost)) USD in all: \(amount(total.reported)) reported, ~\(amount(total.estimated)) estimated")
    }
    if let retries, retries.events > 0 {
      let cost = retries.eventsWithoutCost < retries.events ? "\(mark(retries))\(amount(retries.cost)) USD" : "unknown"
      notes.append("retried by \(counted(retries.events, "later run")) of the same work: \(cost)")
    }
    if total.cacheReadTokens > 0 || total.cacheWriteTokens > 0 {
      notes.append(
        "besides, \(total.cacheReadTokens.grouped) tokens read from caches, \(total.cacheWriteTokens.grouped) written")
    }
    notes.append(omissions)
    let models = report.modelsWithoutPrice.map { Console.plain($0.description) }
    if !models.isEmpty {
      let more = models.count > 3 ? ", and \(models.count - 3) more" : ""
      notes += wrapped("no price known for \(models.prefix(3).joined(separator: ", "))\(more)")
    }
    return notes
  }

  /// How many events say nothing of tokens or costs.
  var omissions: String {
    guard total.eventsWithoutUsage > 0 || total.eventsWithoutCost > 0 else {
      let all = total.events == 1 ? "the event has" : "all \(total.events.grouped) events have"
      return "\(all) token counts and a cost"
    }
    return "\(total.eventsWithoutUsage.grouped) of \(counted(total.events, "event")) without token counts, "
      + "\(total.eventsWithoutCost.grouped) without a cost"
  }

  private func wrapped(_ text: String) -> [String] {
    var lines: [String] = []
    for word in text.split(separator: " ") {
      if let line = lines.last, line.columns + 1 + String(word).columns <= Table.width {
        lines[lines.count - 1] = "\(line) \(word)"
      } else {
        lines.append(lines.isEmpty ? String(word) : "  \(word)")
      }
    }
    return lines
  }
}

extension CostGrouping {
  /// The column's title.
  fileprivate var title: String {
    switch self {
    case .wp: "WP"
    default: rawValue.prefix(1).uppercased() + rawValue.dropFirst()
    }
  }

  /// A group's name in that column.
  fileprivate func name(_ key: JSONValue) -> String {
    switch key {
    case .null: "(none)"
    case .string(let text) where self == .commit: String(text.description.prefix(10))
    case .string(let text): Console.plain(text.description)
    default: String(decoding: key.canonicalText, as: UTF8.self)
    }
  }
}

extension MicroDollars {
  /// The amount with a comma between thousands of dollars.
  fileprivate func grouped(decimals: Int) -> String {
    let parts = text(decimals: decimals).split(separator: ".")
    let dollars = Int128(parts[0]) ?? 0
    // A minus before nothing is lost in a number.
    let sign = dollars == 0 && value < 0 ? "-" : ""
    return "\(sign)\(dollars.grouped).\(parts.count > 1 ? parts[1] : "")"
  }
}
