import Events
import Reports

extension CostReport {
  /// Adds an event that was parsed.
  mutating func add(_ envelope: Envelope, _ members: PayloadMembers, in bytes: Span<UInt8>, rank: Int) {
    add(EventLine(envelope, members), in: bytes, rank: rank)
  }
}
