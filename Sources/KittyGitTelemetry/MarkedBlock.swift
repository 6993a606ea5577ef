// Files that belong to others and that setup adds lines to get them as one block between two comments:
//
//   *.bin binary
//   # kitty-git-telemetry: begin; setup --undo removes this
//   kitty-specs/*/execution.events.jsonl text eol=lf merge=union
//   # kitty-git-telemetry: end
//
// Attributes, excludes, git's configuration and shell scripts all take `#` for the beginning of a comment. The first
// comment also tells what was there before, so that taking the block out again restores the file byte for byte:
//
//   begin                    there was a file, and it ended with a line end, or was empty
//   begin, after no newline  the file ended without a line end; the one before the block is ours
//   begin of the file        there was no file
//   begin of the folder      there was not even a folder
//
// Lines that others put between the comments, or beside them, stay when the block goes. Lines end as those of the file
// do: with LF, or with CR and LF.

/// Lines that setup adds to a file of somebody else's, and takes out again.
package struct MarkedBlock {
  /// The lines.
  let lines: [String]
  /// The first line of a file that has no other content than the block; the block then stands behind it.
  let preamble: String?
  /// Whether the block stands behind the file's first line instead of at its end.
  let isBehindFirstLine: Bool
  /// Whether a line between the comments is one of ours, perhaps of an earlier version.
  private let isOwn: @Sendable (String) -> Bool

  /// Creates a block of lines.
  package init(
    lines: [String], preamble: String? = nil, isBehindFirstLine: Bool = false,
    isOwn: @escaping @Sendable (String) -> Bool = { _ in false }
  ) {
    self.lines = lines
    self.preamble = preamble
    self.isBehindFirstLine = isBehindFirstLine
    self.isOwn = isOwn
  }

  private static let begin = "# kitty-git-telemetry: begin"
  private static let end = "# kitty-git-telemetry: end"
  private static let advice = "; setup --undo removes this"

  /// What was there before the block.
  private enum Ground: String, CaseIterable {
    case file = ""
    case unendedFile = ", after no newline"
    case noFile = " of the file"
    case noFolder = " of the folder"
  }

  /// What a file is without the block.
  package struct Remainder {
    /// The content; `nil` when there was no file before the block, and nobody has written to it since.
    package let content: [UInt8]?
    /// Whether there was no folder either.
    package var wasWithoutFolder = false
  }

  /// Whether `content` has the block as it is to be.
  package func isCurrent(in content: [UInt8]) -> Bool {
    let lines = Line.all(in: content)
    guard let first = lines.firstIndex(where: \.isBegin), lines.count(where: \.isBegin) == 1,
      let last = lines.firstIndex(where: \.isEnd), lines.count(where: \.isEnd) == 1, first < last
    else { return false }
    return lines[(first + 1)..<last].map(\.text).filter(isOurs) == self.lines
  }

  /// Whether `content` has the block in any form.
  package func isPresent(in content: [UInt8]) -> Bool { Line.all(in: content).contains { $0.isBegin || $0.isEnd } }

  /// `content` with the block; `nil` stands for no file.
  package func added(to content: [UInt8]?, hasFolder: Bool = true) -> [UInt8] {
    if let content, isCurrent(in: content) { return content }
    let rest = content.map(removed)
    let bare = rest.map(\.content) ?? nil
    guard let bare else {
      let isNew = !hasFolder || rest?.wasWithoutFolder == true
      return text([preamble].compactMap(\.self) + block(on: isNew ? .noFolder : .noFile), end: [0x0A])
    }
    let lineEnd: [UInt8] = Line.all(in: bare).first?.end == [0x0D, 0x0A] ? [0x0D, 0x0A] : [0x0A]
    if isBehindFirstLine, let first = Line.all(in: bare).first, !first.end.isEmpty {
      let head = bare[..<first.range.upperBound]
      return head + text(block(on: .file), end: lineEnd) + bare[first.range.upperBound...]
    }
    let isEnded = bare.isEmpty || bare.last == 0x0A
    return bare + (isEnded ? [] : lineEnd) + text(block(on: isEnded ? .file : .unendedFile), end: lineEnd)
  }

  /// `content` without the block.
  package func removed(from content: [UInt8]) -> Remainder {
    var kept: [UInt8] = []
    var ground = Ground.file
    var lineEnd: [UInt8] = []
    var strangers: [Line] = []
    var isInside = false
    var isLast = false
    for line in Line.all(in: content) {
      if line.isBegin {
        ground = line.ground
        lineEnd = line.end
        isInside = true
        isLast = true
      } else if line.isEnd {
        isInside = false
        kept += text(of: strangers, in: content)
        strangers = []
      } else if isInside, isOurs(line.text) {
        continue
      } else {
        if isInside { strangers.append(line) } else { kept += content[line.range] }
        isLast = false
      }
    }
    kept += text(of: strangers, in: content)
    switch ground {
    case .unendedFile where isLast && kept.suffix(lineEnd.count) == lineEnd[...]:
      kept.removeLast(lineEnd.count)
    case .noFile, .noFolder:
      let untouched = preamble.map { text([$0], end: [0x0A]) } ?? []
      if kept == untouched || kept.isEmpty {
        return Remainder(content: nil, wasWithoutFolder: ground == .noFolder)
      }
    default: break
    }
    return Remainder(content: kept)
  }

  private func isOurs(_ line: String) -> Bool { lines.contains(line) || isOwn(line) }

  private func block(on ground: Ground) -> [String] {
    [MarkedBlock.begin + ground.rawValue + MarkedBlock.advice] + lines + [MarkedBlock.end]
  }

  private func text(_ lines: [String], end: [UInt8]) -> [UInt8] {
    lines.reduce(into: []) { $0 += Array($1.utf8) + end }
  }

  /// The lines of others in the block, with the heading of the section that they belong to.
  private func text(of strangers: [Line], in content: [UInt8]) -> [UInt8] {
    var kept: [UInt8] = []
    if let first = strangers.first, let heading = lines.first, heading.hasPrefix("["), !first.text.hasPrefix("["),
      strangers.contains(where: { !$0.text.isEmpty && !$0.text.hasPrefix("#") })
    {
      kept += Array(heading.utf8) + first.end
    }
    return strangers.reduce(into: kept) { $0 += content[$1.range] }
  }
}

extension MarkedBlock {
  /// A line of a file.
  private struct Line {
    /// Where it stands, its end included.
    let range: Range<Int>
    /// What it says.
    let text: String
    /// Its end; empty where the file ends without one.
    let end: [UInt8]

    var isBegin: Bool { text.hasPrefix(MarkedBlock.begin) }
    var isEnd: Bool { text == MarkedBlock.end }

    /// What the first comment of a block says about the file before it.
    var ground: Ground {
      Ground.allCases.first { text == MarkedBlock.begin + $0.rawValue + MarkedBlock.advice } ?? .file
    }

    static func all(in content: [UInt8]) -> [Line] {
      var lines: [Line] = []
      var start = 0
      while start < content.count {
        let stop = content[start...].firstIndex(of: 0x0A).map { $0 + 1 } ?? content.count
        var bytes = content[start..<stop]
        var end: [UInt8] = []
        if bytes.last == 0x0A {
          end = bytes.dropLast().last == 0x0D ? [0x0D, 0x0A] : [0x0A]
          bytes.removeLast(end.count)
        }
        lines.append(Line(range: start..<stop, text: String(decoding: bytes, as: UTF8.self), end: end))
        start = stop
      }
      return lines
    }
  }
}
