/// The numbers of a run that names its cost, where all of them are spelled as nearly all are: in a few plain digits.
package struct RunFigures: Sendable {
  /// Tokens of each class; 0 where that is not known.
  package fileprivate(set) var input: Int64 = 0
  package fileprivate(set) var output: Int64 = 0
  package fileprivate(set) var cacheRead: Int64 = 0
  package fileprivate(set) var cacheWrite: Int64 = 0
  /// Whether any count is known.
  package fileprivate(set) var hasUsage = false
  /// The cost in millionths of a US dollar.
  package let cost: Int64
}

extension EventLine {
  private static var cacheRoles: UInt32 { LineRole.cacheReadTokens.bit | LineRole.cacheWriteTokens.bit }

  /// The numbers of the run; `nil` when it names no cost, or one of them takes a closer look.
  ///
  /// It changes nothing; but as `mutating` it looks at the places where they are, and does not copy all of them before.
  package mutating func figures(in bytes: Span<UInt8>) -> RunFigures? {
    guard places.has(.costUSD), let cost = bytes.millionths(in: places.range(of: .costUSD)) else { return nil }
    var figures = RunFigures(cost: cost)
    guard read(.inputTokens, of: bytes, into: &figures.input, &figures.hasUsage),
      read(.outputTokens, of: bytes, into: &figures.output, &figures.hasUsage)
    else { return nil }
    // Most agents do not tell these.
    if places.roles & EventLine.cacheRoles != 0 {
      guard read(.cacheReadTokens, of: bytes, into: &figures.cacheRead, &figures.hasUsage),
        read(.cacheWriteTokens, of: bytes, into: &figures.cacheWrite, &figures.hasUsage)
      else { return nil }
    }
    return figures
  }

  /// Reads the number of `role`, which may be null or absent; false when it takes a closer look.
  @inline(__always)
  private mutating func read(
    _ role: LineRole, of bytes: Span<UInt8>, into count: inout Int64, _ isKnown: inout Bool
  ) -> Bool {
    guard places.has(role) else { return true }
    let range = places.range(of: role)
    guard let number = bytes.smallNumber(in: range) else { return bytes[range.lowerBound] == UInt8(ascii: "n") }
    count = Int64(truncatingIfNeeded: number)
    isKnown = true
    return true
  }
}
