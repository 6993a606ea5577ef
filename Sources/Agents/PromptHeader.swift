// A work package's file begins with a header, and orchestrators give agents the whole file for a prompt:
//
//   ---
//   work_package_id: "WP01"
//   lane: "doing"
//   ---
//
// It is YAML; what is read here is one line a key, from the first column on, with or without quotes.

/// What the header of a prompt says.
package struct PromptHeader: Hashable, Sendable {
  /// The work package.
  package private(set) var wpID: String?
  /// How far the work package is.
  package private(set) var lane: String?

  /// Reads the header that a prompt begins with; of one that is cut off, as far as it goes.
  package init(_ prompt: some Sequence<UInt8>) {
    let text = String(decoding: Array(prompt.prefix(PromptHeader.reach)), as: UTF8.self)
    var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)[...]
    while let line = lines.first, line.trimmingBlanks.isEmpty || line == "\u{FEFF}" { lines.removeFirst() }
    // A byte-order mark may stand before it.
    guard let opening = lines.popFirst()?.trimmingBlanks, opening.drop(while: { $0 == "\u{FEFF}" }) == "---"
    else { return }
    for line in lines {
      guard line.trimmingBlanks != "---" else { return }
      guard let colon = line.firstIndex(of: ":") else { continue }
      let value = PromptHeader.scalar(line[line.index(after: colon)...])
      switch line[..<colon] {
      case "work_package_id": wpID = wpID ?? value
      case "lane": lane = lane ?? value
      default: continue
      }
    }
  }

  /// How much of a prompt is looked at, in bytes.
  private static let reach = 64 << 10

  /// The value of a line; `nil` for an empty one.
  private static func scalar(_ text: Substring) -> String? {
    var value = text.trimmingBlanks
    if let quote = value.first, quote == "\"" || quote == "'" {
      value = value.dropFirst().prefix { $0 != quote }
    } else if let comment = value.firstRange(of: " #") {
      value = value[..<comment.lowerBound].trimmingBlanks
    }
    return value.isEmpty || value.utf8.count > 200 ? nil : String(value)
  }
}
