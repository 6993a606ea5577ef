internal import CLibgit2

/// The name of an object in the object database: the hash of its content.
///
/// It has room for SHA-256 and keeps its bytes inline, as big-endian words, so that hashing and comparing it touch
/// neither the heap nor single bytes.
package struct ObjectID: Hashable, Sendable {
  private let first: UInt64
  private let second: UInt64
  private let third: UInt64
  private let fourth: UInt64

  /// The number of bytes: 20 for SHA-1, 32 for SHA-256.
  package let count: Int

  /// Reads 40 or 64 hexadecimal digits of either case; anything else names no object.
  package init?(hex: some StringProtocol) {
    self.init(digits: hex.utf8)
  }

  /// Reads the digits of a string, without what a generic call across rooms costs at its first use.
  package init?(hex: String) {
    self.init(digits: hex.utf8)
  }

  private init?(digits characters: some Sequence<UInt8>) {
    var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    var digits = 0
    for character in characters {
      guard digits < 64, let digit = Self.value(of: character) else { return nil }
      let bits = UInt64(digit) << UInt64(60 - digits % 16 * 4)
      switch digits / 16 {
      case 0: words.0 |= bits
      case 1: words.1 |= bits
      case 2: words.2 |= bits
      default: words.3 |= bits
      }
      digits += 1
    }
    guard digits == 40 || digits == 64 else { return nil }
    (first, second, third, fourth) = words
    count = digits / 2
  }

  private static func value(of character: UInt8) -> UInt8? {
    switch character {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): character - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}

extension ObjectID {
  /// Copies the 20 or 32 bytes of a name; any other number of bytes names no object.
  init?(bytes: ArraySlice<UInt8>) {
    guard bytes.count == 20 || bytes.count == 32 else { return nil }
    var words: InlineArray<4, UInt64> = [0, 0, 0, 0]
    for (index, byte) in bytes.enumerated() { words[index / 8] |= UInt64(byte) << UInt64(56 - index % 8 * 8) }
    (first, second, third, fourth) = (words[0], words[1], words[2], words[3])
    count = bytes.count
  }

  /// Its bytes, 20 or 32.
  var bytes: [UInt8] {
    let words: InlineArray<4, UInt64> = [first, second, third, fourth]
    return (0..<count).map { UInt8(truncatingIfNeeded: words[$0 / 8] >> UInt64(56 - $0 % 8 * 8)) }
  }
}

extension ObjectID: Comparable {
  /// Orders by bytes, as git does, a shorter name before a longer one that begins with it.
  package static func < (left: ObjectID, right: ObjectID) -> Bool {
    if left.first != right.first { return left.first < right.first }
    if left.second != right.second { return left.second < right.second }
    if left.third != right.third { return left.third < right.third }
    if left.fourth != right.fourth { return left.fourth < right.fourth }
    return left.count < right.count
  }
}

extension ObjectID: CustomStringConvertible {
  /// The lower-case hexadecimal spelling.
  package var description: String {
    var text: [UInt8] = []
    text.reserveCapacity(count * 2)
    for index in 0..<count * 2 {
      let word =
        switch index / 16 {
        case 0: first
        case 1: second
        case 2: third
        default: fourth
        }
      let digit = UInt8(truncatingIfNeeded: word >> UInt64(60 - index % 16 * 4)) & 15
      text.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
    }
    return String(decoding: text, as: UTF8.self)
  }
}

extension ObjectID {
  /// The bytes as big-endian words; a SHA-1 name leaves half of the third one and the fourth one empty.
  package var words: [UInt64] { [first, second, third, fourth] }

  /// Creates a name from its words: three for SHA-1, four for SHA-256.
  package init?(words: [UInt64]) {
    guard words.count == 3 || words.count == 4, words.count == 4 || words[2] & 0xFFFF_FFFF == 0 else { return nil }
    (first, second, third) = (words[0], words[1], words[2])
    fourth = words.count == 4 ? words[3] : 0
    count = words.count == 4 ? 32 : 20
  }

  /// The name that a blob of this content has, in whatever repository; nothing is written.
  package init(hashing content: [UInt8]) throws(GitError) {
    try Library.start()
    var raw = git_oid()
    let status = unsafe content.withUnsafeBytes { unsafe git_odb_hash(&raw, $0.baseAddress, $0.count, GIT_OBJECT_BLOB) }
    try check(status, "hash \(content.count) bytes")
    self.init(raw)
  }

  init(_ raw: git_oid) {
    var raw = raw
    (first, second, third) = unsafe withUnsafeBytes(of: &raw.id) { bytes in
      (
        UInt64(bigEndian: unsafe bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self)),
        UInt64(bigEndian: unsafe bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)),
        UInt64(UInt32(bigEndian: unsafe bytes.loadUnaligned(fromByteOffset: 16, as: UInt32.self))) << 32
      )
    }
    fourth = 0
    count = 20
  }

  /// Copies what libgit2 points to; libgit2 points to nothing where there is no object.
  init?(_ raw: UnsafePointer<git_oid>?) {
    guard let raw = unsafe raw else { return nil }
    unsafe self.init(raw.pointee)
  }

  /// The name as libgit2 spells it.
  ///
  /// This libgit2 knows SHA-1 only: of a longer name the first 20 bytes are left, which name no object.
  var raw: git_oid {
    var raw = git_oid()
    unsafe withUnsafeMutableBytes(of: &raw.id) { bytes in
      unsafe bytes.storeBytes(of: first.bigEndian, toByteOffset: 0, as: UInt64.self)
      unsafe bytes.storeBytes(of: second.bigEndian, toByteOffset: 8, as: UInt64.self)
      unsafe bytes.storeBytes(of: UInt32(third >> 32).bigEndian, toByteOffset: 16, as: UInt32.self)
    }
    return raw
  }
}
