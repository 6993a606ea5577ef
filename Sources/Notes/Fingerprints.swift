package import Events

/// Numbers that lines and ids are told by, under a random key, so that nobody can make two that look the same.
package struct Fingerprints: Hashable, Sendable {
  /// The key.
  package let key: UInt64

  /// Takes a new key.
  package init() { key = UInt64.random(in: .min ... .max) }

  /// Tells by the numbers that another one with this key gave.
  package init(key: UInt64) { self.key = key }

  /// The number of a line.
  package func number(of line: Span<UInt8>) -> UInt64 {
    var hash = key ^ UInt64(line.count)
    var word: UInt64 = 0
    for index in line.indices {
      word = word << 8 | UInt64(line[index])
      if index & 7 == 7 {
        hash = Fingerprints.mixed(hash, word)
        word = 0
      }
    }
    return Fingerprints.mixed(Fingerprints.mixed(hash, word), key)
  }

  /// The number of an event.
  package func number(of id: EventID) -> UInt64 {
    let (high, low, top) = id.words
    return Fingerprints.mixed(Fingerprints.mixed(Fingerprints.mixed(key, high), low), top ^ key)
  }

  /// Mixes a word into a hash: both halves of a product depend on all bits of both.
  static func mixed(_ hash: UInt64, _ word: UInt64) -> UInt64 {
    let product = (hash ^ 0x9E37_79B9_7F4A_7C15).multipliedFullWidth(by: word ^ 0xE703_7ED1_A0B4_28DB ^ hash << 32)
    return product.high ^ product.low &+ hash
  }
}
