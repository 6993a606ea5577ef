/// The numbers of a run that names its cost, where all of them are spelled as nearly all are: in a few plain digits.
package struct RunFigures: Sendable {
  /// Tokens of each class; 0 where that is not known.
  package fileprivate(set) var input: Int64 = 0
  package fileprivate(set) var output: Int64 = 0
  package fileprivate(set) var cacheRead: Int64 = 0
  package fileprivate(set) var cacheWrite: Int64 = 0
  /// Whether any count is known.
  package fileprivate(set) var hasUsage = false
  /// Whether the counts of the cache say anything.
  package fileprivate(set) var hasCache = false
  /// The cost in millionths of a US dollar.
  package fileprivate(set) var cost: Int64 = 0

  /// Creates the numbers of no run.
  package init() {}
}

extension EventLine {
  private static var cacheRoles: UInt32 { LineRole.cacheReadTokens.bit | LineRole.cacheWriteTokens.bit }

  /// Reads the numbers of the run; false when it names no cost, or one of them takes a closer look.
  ///
  /// It changes nothing in the line; but as `mutating` it looks at the places where they are, and does not copy all of
  /// them before.
  package mutating func read(_ figures: inout RunFigures, in bytes: Span<UInt8>) -> Bool {
    guard places.has(.costUSD),
      let cost = bytes.millionths(at: places.start(of: .costUSD), length: places.length(of: .costUSD))
    else { return false }
    figures.cost = cost
    figures.hasUsage = false
    guard read(.inputTokens, of: bytes, into: &figures.input, &figures.hasUsage),
      read(.outputTokens, of: bytes, into: &figures.output, &figures.hasUsage)
    else { return false }
    // Most agents do not tell these.
    figures.hasCache = places.roles & EventLine.cacheRoles != 0
    guard figures.hasCache else { return true }
    return read(.cacheReadTokens, of: bytes, into: &figures.cacheRead, &figures.hasUsage)
      && read(.cacheWriteTokens, of: bytes, into: &figures.cacheWrite, &figures.hasUsage)
  }

  /// Reads the number of `role`, which may be null or absent; false when it takes a closer look.
  @inline(__always)
  private mutating func read(
    _ role: LineRole, of bytes: Span<UInt8>, into count: inout Int64, _ isKnown: inout Bool
  ) -> Bool {
    count = 0
    guard places.has(role) else { return true }
    let start = places.start(of: role)
    guard let number = bytes.smallNumber(at: start, digits: places.length(of: role)) else {
      return bytes[start] == UInt8(ascii: "n")
    }
    count = Int64(truncatingIfNeeded: number)
    isKnown = true
    return true
  }
}
