import Foundation

/// Prints what was found: a table for people, one JSON document for programs.
struct Report {
  let findings: [Finding]
  /// What the figures depend on, told with them.
  let circumstances: [(name: String, value: String)]

  func table() -> String {
    let header = ["what", "median", "min", "least", "aim", "", "from"]
    let rows = [header] + findings.map(cells)
    let widths = header.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    let lines = rows.map { row in
      row.indices.map { column in
        let padding = String(repeating: " ", count: widths[column] - row[column].count)
        return (1...4).contains(column) ? padding + row[column] : row[column] + padding
      }.joined(separator: "  ").trimmingCharacters(in: .whitespaces)
    }
    return (circumstances.map { "\($0.name): \($0.value)" } + [""] + lines).joined(separator: "\n")
  }

  /// One figure in a line of its own, and what it may be at most.
  static func line(_ what: String, _ figure: Double, atMost limit: Double? = nil) -> String {
    func padded(_ text: String, to width: Int, atEnd: Bool) -> String {
      let padding = String(repeating: " ", count: max(0, width - text.count))
      return atEnd ? text + padding : padding + text
    }
    func number(_ value: Double) -> String { decimal(value, digits: value < 100 ? 3 : 0) }
    let line = padded(what, to: 52, atEnd: true) + padded(number(figure), to: 11, atEnd: false)
    guard let limit else { return line }
    return line + " of " + padded(number(limit), to: 11, atEnd: false) + (figure > limit ? "  TOO MUCH" : "")
  }

  private func cells(_ finding: Finding) -> [String] {
    let wish = finding.goal.wish
    let bounds = [figure(wish.least, wish.unit), figure(wish.aim, wish.unit)]
    switch finding.outcome {
    case .skipped(let reason): return [wish.what, "-", "-"] + bounds + ["skipped", reason]
    case .measured(let sample, let detail):
      let median = sample.median ?? .nan
      return [wish.what, figure(median, wish.unit), figure(sample.minimum ?? .nan, wish.unit)] + bounds
        + [finding.goal.verdict(on: median).rawValue, detail]
    }
  }

  private func figure(_ value: Double, _ unit: Goal.Unit) -> String {
    switch unit {
    case .ratio: decimal(value, digits: value < 0.1 ? 4 : 2)
    case .instructions: decimal(value, digits: 0)
    case .bytes: decimal(value, digits: 0) + " B"
    case .megabytes: decimal(value, digits: 2) + " MB"
    }
  }

  func json() throws -> String {
    let goals: [[String: Any]] = findings.map { finding in
      let wish = finding.goal.wish
      var object: [String: Any] = [
        "goal": finding.goal.rawValue, "what": wish.what, "least": wish.least, "aim": wish.aim,
        "unit": wish.unit.rawValue,
      ]
      switch finding.outcome {
      case .skipped(let reason):
        object["verdict"] = "skipped"
        object["detail"] = reason
      case .measured(let sample, let detail):
        object["verdict"] = finding.goal.verdict(on: sample.median ?? .nan).rawValue
        object["median"] = sample.median
        object["minimum"] = sample.minimum
        object["values"] = sample.values
        object["detail"] = detail
      }
      return object
    }
    let document: [String: Any] = [
      "circumstances": Dictionary(uniqueKeysWithValues: circumstances.map { ($0.name, $0.value) }), "goals": goals,
    ]
    let options: JSONSerialization.WritingOptions = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try JSONSerialization.data(withJSONObject: document, options: options), as: UTF8.self)
  }
}

/// A number with so many digits behind the point.
func decimal(_ value: Double, digits: Int) -> String { String(format: "%.\(digits)f", value) }
