/// Finds out which of many events have the same id, in time that grows with their number alone.
///
/// It is a hash table of positions, three slots for two events; the ids stay where they are. Nearly every look at a large
/// table waits for memory, so it is made for a batch of ids at once: the looks do not depend on each other, and the
/// processor makes them side by side.
struct IdentityTable {
  /// How many ids are looked up at once.
  static let batch = 16

  /// In each slot the upper half of a hash, and a position plus one; 0 is free.
  private var slots: [UInt64]
  /// Nobody who writes a log can know which ids meet in a slot.
  private let seed = EventID.HashSeed()

  /// What has been seen of one id before it is its turn.
  struct Look {
    fileprivate var hash: UInt64 = 0
    fileprivate var place = 0
    fileprivate var slot: UInt64 = 0
  }

  /// Creates a table for so many ids.
  init(count: Int) { slots = [UInt64](repeating: 0, count: count + count / 2 + 1) }

  /// Has a look at where `id` belongs.
  @inline(__always)
  func look(for id: EventID) -> Look {
    let hash = id.hash(seed)
    let place = Int(truncatingIfNeeded: hash.multipliedFullWidth(by: UInt64(slots.count)).high)
    return Look(hash: hash, place: place, slot: slots[place])
  }

  /// The position of the event with the id of `look`, as `hasSameID` tells; where there is none, `position` becomes it
  /// and the answer is `nil`.
  @inline(__always)
  mutating func place(_ look: Look, at position: Int, hasSameID: (_ other: Int) -> Bool) -> Int? {
    let tag = look.hash & 0xFFFF_FFFF
    var place = look.place
    // What was free a moment ago may have been taken by another id of the batch.
    var slot = look.slot != 0 ? look.slot : slots[place]
    while slot != 0 {
      let other = Int(truncatingIfNeeded: slot & 0xFFFF_FFFF) &- 1
      if slot &>> 32 == tag, hasSameID(other) { return other }
      place = place &+ 1 == slots.count ? 0 : place &+ 1
      slot = slots[place]
    }
    slots[place] = tag &<< 32 | UInt64(UInt32(position + 1))
    return nil
  }
}
