internal import FoundationEssentials

/// Rows of text in aligned columns that fit into a terminal.
struct Table {
  /// One column.
  struct Column {
    /// How the cells stand in it.
    enum Alignment {
      case left, right
    }

    /// What is left out of a text that is too wide.
    enum Cut {
      /// The end, where beginnings tell.
      case end
      /// The middle, where names begin alike; or elsewhere, where that makes two names look alike.
      case middle
    }

    let title: String
    let alignment: Alignment
    /// How cells are cut, and how narrow the column may become; `nil` where they never are, as numbers are not.
    let narrowing: (cut: Cut, minimum: Int)?

    /// A column of text, which may be cut.
    static func text(_ title: String, minimum: Int, cut: Cut = .middle) -> Column {
      Column(title: title, alignment: .left, narrowing: (cut, max(minimum, title.count)))
    }

    /// A column of numbers.
    static func number(_ title: String) -> Column { Column(title: title, alignment: .right, narrowing: nil) }

    /// A column of text that is never cut.
    static func label(_ title: String) -> Column { Column(title: title, alignment: .left, narrowing: nil) }
  }

  /// How many columns there are for a line: those of the narrowest of usual terminals, or more if `COLUMNS` says so.
  static let width = max(80, ProcessInfo.processInfo.environment["COLUMNS"].flatMap { Int($0) } ?? 80)
  private static let gap = "  "

  let columns: [Column]
  var rows: [[String]] = []
  /// A last row, under a rule.
  var footer: [String]?
  /// Cells as wide as those of rows that are still to come.
  var sample: [String]?

  init(columns: [Column]) { self.columns = columns }

  /// How wide the columns are: as their widest cells, columns of text narrowed until all fit, those first that are
  /// farthest from how narrow they may become.
  var widths: [Int] {
    var widths = columns.map(\.title.columns)
    for row in rows + [footer, sample].compactMap(\.self) {
      for (column, cell) in row.enumerated() { widths[column] = max(widths[column], cell.columns) }
    }
    let room = Table.width - (columns.count - 1) * Table.gap.count
    while widths.reduce(0, +) > room {
      func excess(_ column: Int) -> Int { columns[column].narrowing.map { widths[column] - $0.minimum } ?? 0 }
      guard let widest = columns.indices.max(by: { excess($0) < excess($1) }), excess(widest) > 0 else { break }
      widths[widest] -= 1
    }
    return widths
  }

  /// How wide the columns are, and how much of the beginning of a cell is kept where it is cut.
  struct Layout {
    let widths: [Int]
    let heads: [Int]
  }

  /// The layout for the rows that are there.
  var layout: Layout {
    let widths = widths
    let heads = columns.indices.map { column in
      guard let cut = columns[column].narrowing?.cut else { return 0 }
      guard cut == .middle else { return widths[column] - 1 }
      let cells = Set((rows + [sample].compactMap(\.self)).map { $0[column] })
      return Table.head(for: cells.filter { $0.columns > widths[column] }, width: widths[column])
    }
    return Layout(widths: widths, heads: heads)
  }

  /// How much of the beginning is kept of cells that are too wide: half, or what keeps most of them apart, as the models
  /// of one vendor differ in the middle.
  private static func head(for cells: Set<String>, width: Int) -> Int {
    let half = width / 2
    var best = (head: half, looks: 0)
    for head in [half] + (half + 1..<max(half + 1, width)) + (0..<half).reversed() where best.looks < cells.count {
      let looks = Set(cells.map { $0.cut(to: width, head: head) }).count
      if looks > best.looks { best = (head, looks) }
    }
    return best.head
  }

  /// Whether all columns fit into the width of a terminal.
  var fits: Bool { widths.reduce(0, +) + (columns.count - 1) * Table.gap.count <= Table.width }

  /// The titles and a rule under them.
  func heading(_ layout: Layout) -> String {
    line(columns.map(\.title), layout) + "\n" + rule(layout)
  }

  /// One row.
  func line(_ cells: [String], _ layout: Layout) -> String {
    let padded = columns.indices.map { column in
      let (width, head) = (layout.widths[column], layout.heads[column])
      let cell = columns[column].narrowing == nil ? cells[column] : cells[column].cut(to: width, head: head)
      let blanks = String(repeating: " ", count: max(0, width - cell.columns))
      return columns[column].alignment == .left ? cell + blanks : blanks + cell
    }
    var text = padded.joined(separator: Table.gap)
    while text.utf8.last == UInt8(ascii: " ") { text.removeLast() }
    return text
  }

  private func rule(_ layout: Layout) -> String {
    layout.widths.map { String(repeating: "-", count: $0) }.joined(separator: Table.gap)
  }

  /// The lines of the table.
  var text: String {
    let layout = layout
    var lines = [heading(layout)] + rows.map { line($0, layout) }
    if let footer { lines += [rule(layout), line(footer, layout)] }
    return lines.joined(separator: "\n")
  }
}

extension String {
  /// How many columns of a terminal the text takes.
  var columns: Int { self[...].columns }

  /// The text with a part of it left out where it is wider than `width`: what is kept of its beginning takes at most
  /// `head` columns.
  func cut(to width: Int, head limit: Int) -> String {
    guard columns > width else { return self }
    var (head, tail) = (Substring(""), Substring(""))
    var rest = self[...]
    while let next = rest.first, head.columns + next.columns <= min(limit, width - 1) {
      head.append(rest.removeFirst())
    }
    while let next = rest.last, head.columns + tail.columns + next.columns < width {
      tail.insert(rest.removeLast(), at: tail.startIndex)
    }
    return "\(head)…\(tail)"
  }
}

extension Substring {
  fileprivate var columns: Int {
    utf8.allSatisfy { $0 < 0x80 } ? utf8.count : reduce(0) { $0 + $1.columns }
  }
}

extension Character {
  /// How many columns of a terminal the character takes: East Asian scripts and pictures take two.
  fileprivate var columns: Int {
    switch unicodeScalars.first?.value ?? 0 {
    case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
      0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
      2
    default: 1
    }
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
