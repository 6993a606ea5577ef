package import Events
package import Git

/// The 64-bit words of a cache's file, to be written or to be read in turn; the last one is the checksum of the others.
package struct Words {
  /// The words.
  package var values: [UInt64] = []
  private var position = 0

  /// Creates no words.
  package init() {}

  /// The word that says what a file is.
  package static func word(_ text: StaticString) -> UInt64 {
    Array("\(text)".utf8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// Reads words whose last one is their checksum.
  package init?(_ words: [UInt64]) {
    values = words
    guard let sum = values.popLast(), sum == checksum else { return nil }
  }

  /// Reads the words of a file.
  init?(_ bytes: Span<UInt8>) {
    guard bytes.count % 8 == 0, bytes.count >= 64 else { return nil }
    var words: [UInt64] = []
    words.reserveCapacity(bytes.count / 8)
    for start in stride(from: 0, to: bytes.count, by: 8) {
      var word: UInt64 = 0
      for index in start..<start + 8 { word |= UInt64(bytes[index]) << UInt64((index - start) * 8) }
      words.append(word)
    }
    self.init(words)
  }

  /// The checksum of the words.
  package var checksum: UInt64 { values.reduce(UInt64(values.count)) { Fingerprints.mixed($0, $1) } }

  /// The words as a file keeps them, each with its least byte first.
  package var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(values.count * 8)
    for word in values {
      for shift in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(shift * 8))) }
    }
    return bytes
  }

  /// Appends whether there is an object, and its name or zeros.
  package mutating func append(optional object: ObjectID?, _ length: Int) {
    values.append(object == nil ? 0 : 1)
    append(object, length)
  }

  /// Appends the name of an object, or as many zeros.
  package mutating func append(_ object: ObjectID?, _ length: Int) {
    values += (object?.words ?? [0, 0, 0, 0]).prefix(length)
  }

  /// Appends a text: the number of its bytes, then these, filled up with zeros.
  package mutating func append(_ name: JSONString) {
    values.append(UInt64(name.bytes.count))
    for start in stride(from: 0, to: name.bytes.count, by: 8) {
      let part = name.bytes[start..<min(start + 8, name.bytes.count)]
      values.append(part.reversed().reduce(0) { $0 << 8 | UInt64($1) })
    }
  }

  /// Whether all words have been read.
  package var isAtEnd: Bool { position == values.count }

  /// The next word.
  package mutating func next() -> UInt64? {
    guard position < values.count else { return nil }
    defer { position += 1 }
    return values[position]
  }

  /// A number of things that are still to come, or another one up to `limit`.
  package mutating func count(atMost limit: Int? = nil) -> Int? {
    guard let word = next(), let number = Int(exactly: word), number <= limit ?? (values.count - position) else {
      return nil
    }
    return number
  }

  /// So many words.
  package mutating func take(_ count: Int) -> [UInt64]? {
    guard values.count - position >= count else { return nil }
    defer { position += count }
    return Array(values[position..<position + count])
  }

  /// An object's name of so many words.
  package mutating func name(_ length: Int) -> ObjectID? {
    guard values.count - position >= length else { return nil }
    defer { position += length }
    return ObjectID(words: Array(values[position..<position + length]))
  }

  /// An object or none.
  package mutating func object(_ length: Int) -> ObjectID?? {
    guard let flag = next(), let name = name(length) else { return nil }
    return .some(flag == 1 ? name : nil)
  }

  /// A text.
  package mutating func string() -> JSONString? {
    guard let count = count(atMost: (values.count - position) * 8), (count + 7) / 8 <= values.count - position else {
      return nil
    }
    var bytes: [UInt8] = []
    for index in 0..<count {
      bytes.append(UInt8(truncatingIfNeeded: values[position + index / 8] >> UInt64(index % 8 * 8)))
    }
    position += (count + 7) / 8
    return JSONString(bytes: bytes)
  }
}
