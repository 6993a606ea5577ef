// A writer that is killed leaves the beginning of a line. Where the whole line is in the state, written again or known
// to another replica, the beginning says nothing more and goes: the rule looks at the canonical spelling, which is what
// is written here and by the reference.

extension EventSet {
  /// Drops unreadable lines that are the beginning of an event's canonical line.
  mutating func absorbFragments() {
    let fragments = unreadable.indices.filter { index in
      // A whole value is the beginning of nothing.
      unreadable[index].length <= LineScanner.maximumLength
        && withBytes(of: unreadable[index]) { $0[0] == UInt8(ascii: "{") && !JSONScanner.isValid($0, in: $0.indices) }
    }
    guard !fragments.isEmpty else { return }
    // Most fragments reach beyond the id of their event, and then only that event has to be spelled out.
    var byID: [EventID: [Int]] = [:]
    var short: [Int] = []
    for index in fragments {
      if let id = withBytes(of: unreadable[index], LineScanner.identity(ofFragment:)) {
        byID[id, default: []].append(index)
      } else {
        short.append(index)
      }
    }
    var absorbed: Set<Int> = []
    for records in [winners, losers] {
      for record in records {
        let candidates = byID[record.id, default: []] + short.filter { !absorbed.contains($0) }
        guard !candidates.isEmpty else { continue }
        let canonical = CanonicalLine.spelling(of: bytes(of: record.line))
        absorbed.formUnion(candidates.filter { isProperPrefix(unreadable[$0], of: canonical) })
      }
    }
    unreadable = unreadable.indices.filter { !absorbed.contains($0) }.map { unreadable[$0] }
  }

  private func isProperPrefix(_ fragment: LineReference, of line: [UInt8]) -> Bool {
    withBytes(of: fragment) { bytes in
      bytes.count < line.count && bytes.indices.allSatisfy { bytes[$0] == line[$0] }
    }
  }
}
