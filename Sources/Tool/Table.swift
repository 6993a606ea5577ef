/// Rows of text in aligned columns.
struct Table {
  /// How a column's cells stand in it.
  enum Alignment {
    case left, right
  }

  let columns: [(title: String, alignment: Alignment)]
  var rows: [[String]] = []
  /// A last row, under a rule.
  var footer: [String]?

  /// The lines of the table.
  var text: String {
    let lines = [columns.map(\.title)] + rows + (footer.map { [$0] } ?? [])
    let widths = columns.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    func line(_ cells: [String]) -> String {
      let padded = cells.indices.map { column in
        let blanks = String(repeating: " ", count: widths[column] - cells[column].count)
        return columns[column].alignment == .left ? cells[column] + blanks : blanks + cells[column]
      }
      let text = padded.joined(separator: "  ")
      return String(text.reversed().drop { $0 == " " }.reversed())
    }
    let rule = widths.map { String(repeating: "-", count: $0) }.joined(separator: "  ")
    var text = [line(columns.map(\.title)), rule] + rows.map(line)
    if let footer { text += [rule, line(footer)] }
    return text.joined(separator: "\n")
  }
}

extension BinaryInteger {
  /// The number with a comma between thousands.
  var grouped: String {
    let digits = String(magnitude)
    var groups: [Substring] = []
    var rest = digits[...]
    while rest.count > 3 {
      groups.append(rest.suffix(3))
      rest = rest.dropLast(3)
    }
    groups.append(rest)
    return (self < 0 ? "-" : "") + groups.reversed().joined(separator: ",")
  }
}

/// A number with its noun: `1 event`, `2 events`.
func counted(_ number: Int, _ noun: String) -> String {
  "\(number.grouped) \(noun)\(number == 1 ? "" : "s")"
}
