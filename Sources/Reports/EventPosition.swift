package import Events

/// Where an event stands among others: their total order, within one feature or over all of them.
package struct EventPosition: Hashable, Comparable, Sendable {
  /// Where the event's log stands, when logs follow one another; else the same for all.
  package let rank: Int
  private let lamportClock: LamportValue
  private let saturatedClock: UInt64
  private let node: JSONString
  private let id: EventID

  /// Creates the position of an event that stands in `bytes`.
  package init(rank: Int, _ envelope: Envelope, in bytes: Span<UInt8>) {
    self.rank = rank
    lamportClock = envelope.lamportClock
    saturatedClock = envelope.lamportClock.saturated
    node = envelope.nodeID(in: bytes)
    id = envelope.id
  }

  /// Creates the position of the event of `line`, which stands in `bytes`.
  init(rank: Int, _ line: EventLine, in bytes: Span<UInt8>) {
    self.rank = rank
    lamportClock = line.clock(in: bytes)
    saturatedClock = line.lamportClock
    node = line.nodeID(in: bytes)
    id = line.id
  }

  /// Orders by rank, clock, node and id.
  package static func < (left: EventPosition, right: EventPosition) -> Bool {
    if left.rank != right.rank { return left.rank < right.rank }
    if left.lamportClock != right.lamportClock { return left.lamportClock < right.lamportClock }
    return left.node != right.node ? left.node < right.node : left.id < right.id
  }

  /// Whether an event of this rank and clock is certain to stand behind this one, as nearly all do that are read
  /// later; otherwise its position has to be made and compared.
  @inline(__always)
  func isClearlyBefore(rank: Int, clock: UInt64) -> Bool {
    rank > self.rank || (rank == self.rank && clock > saturatedClock)
  }
}
