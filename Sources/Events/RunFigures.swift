/// The numbers of a run that names its cost, where all of them are spelled as nearly all are: in a few plain digits.
package struct RunFigures: Sendable {
  /// Tokens of each class; `nil` where that is not known.
  package fileprivate(set) var input, output, cacheRead, cacheWrite: Int64?
  /// The cost in millionths of a US dollar.
  package let cost: Int64
  /// Who says so, as it is spelled; `nil` when the line does not tell.
  package let source: Range<Int>?

  /// Whether no count is known.
  package var hasNoUsage: Bool { input == nil && output == nil && cacheRead == nil && cacheWrite == nil }
}

extension EventLine {
  /// The numbers of the run; `nil` when it names no cost, or one of them takes a closer look.
  package func figures(in bytes: Span<UInt8>) -> RunFigures? {
    guard places.has(.costUSD), let cost = bytes.millionths(in: places.range(of: .costUSD)) else { return nil }
    var figures = RunFigures(cost: cost, source: places[.costSource])
    guard read(.inputTokens, of: bytes, into: &figures.input), read(.outputTokens, of: bytes, into: &figures.output),
      read(.cacheReadTokens, of: bytes, into: &figures.cacheRead),
      read(.cacheWriteTokens, of: bytes, into: &figures.cacheWrite)
    else { return nil }
    return figures
  }

  /// Reads the number of `role`, which may be null or absent; false when it takes a closer look.
  @inline(__always)
  private func read(_ role: LineRole, of bytes: Span<UInt8>, into count: inout Int64?) -> Bool {
    guard places.has(role) else { return true }
    let range = places.range(of: role)
    guard let number = bytes.smallNumber(in: range) else { return bytes[range.lowerBound] == UInt8(ascii: "n") }
    count = Int64(truncatingIfNeeded: number)
    return true
  }
}
