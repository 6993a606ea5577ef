import Events
import TestSupport
import Testing

/// Numbers of a few digits, read eight at a time.
struct `Digits in a text` {
  private func texts(_ seed: UInt64) -> [[UInt8]] {
    var random = SeededGenerator(seed: seed)
    return (0..<20_000).map { _ in
      let length = Int.random(in: 1...20, using: &random)
      return (0..<length).map { _ in
        // Neighbours of the digits, and now and then any byte.
        switch Int.random(in: 0..<40, using: &random) {
        case 0: UInt8.random(in: 0...255, using: &random)
        case 1: UInt8(ascii: "/")
        case 2: UInt8(ascii: ":")
        case 3: UInt8(ascii: ".")
        default: UInt8.random(in: UInt8(ascii: "0")...UInt8(ascii: "9"), using: &random)
        }
      }
    }
  }

  @Test(arguments: [[], Array("12345678, and more".utf8)])
  func `are the number that they spell, whatever follows`(rest: [UInt8]) {
    for text in texts(1) {
      let isShort = 1...18 ~= text.count && text.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
      let expected = isShort ? Int64(String(decoding: text, as: UTF8.self)) : nil
      let bytes = text + rest
      let number = bytes.span.wholeNumber(in: 0..<text.count)
      #expect(number == expected, "\(String(decoding: text, as: UTF8.self))")
    }
  }

  @Test func `with a point are as many millionths as they spell`() {
    for text in texts(2) {
      let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
      let digits = parts.map { String(decoding: $0, as: UTF8.self) }
      let isShort =
        text.count <= 15 && parts.count <= 2 && parts[0].count <= 12 && (parts.dropFirst().first?.count ?? 0) <= 6
        && parts.allSatisfy { !$0.isEmpty && $0.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 } }
      let decimals = digits.count > 1 ? digits[1] : ""
      let expected = isShort ? Int64(digits[0] + decimals + String(repeating: "0", count: 6 - decimals.count)) : nil
      let bytes = text + Array(" and more".utf8)
      let number = bytes.span.millionths(in: 0..<text.count)
      #expect(number == expected, "\(String(decoding: text, as: UTF8.self))")
    }
  }

  @Test func `are compared to a text in words`() {
    let text = Array("one, two, three, four".utf8)
    func holds(_ part: [UInt8], _ range: Range<Int>) -> Bool { text.span.holds(part, at: range) }
    for length in 0...text.count {
      let part = Array(text.prefix(length))
      #expect(holds(part, 0..<length))
      #expect(length == text.count || !holds(part, 0..<length + 1))
      for index in part.indices {
        var other = part
        other[index] ^= 1
        #expect(!holds(other, 0..<length))
      }
    }
  }
}
