/// Which hashes have come, in a bit pattern of eight megabytes: a hash is new, or it may have been there before.
///
/// A block is a line of the processor's cache; a hash sets one bit in each word of one. The more have come, the more are
/// taken for known that are not; by calculation of four million some two hundred, of ten million some hundred thousand.
struct HashPattern {
  private var words = [UInt64](repeating: 0, count: 8 << blockBits)

  private static let blockBits = 17

  /// Takes in `hash`; false when all of its bits had been set before.
  mutating func insert(_ hash: UInt64) -> Bool {
    // Six bits of a hash for each of eight words; the block takes those that are left, and one of them again.
    let block = Int(truncatingIfNeeded: hash >> UInt64(64 - HashPattern.blockBits)) << 3
    var isNew = false
    for word in 0..<8 {
      let bit = UInt64(1) << (hash >> UInt64(6 * word) & 63)
      if words[block + word] & bit == 0 { isNew = true }
      words[block + word] |= bit
    }
    return isNew
  }
}
