// The reference's clock values are Python integers, written by Python and read by pydantic, which also takes `1.0`,
// `"7"` and `true` for one. There is no upper bound; here values up to 2^64-1 are numbers and what lies above is
// ordered by its digits, so nothing wraps and nothing is capped.

/// The value of a logical clock: an unsigned integer of any size.
public struct LamportValue: Hashable, Sendable {
  /// The value, or the largest of its type when the real one is larger.
  public let saturated: UInt64
  /// The digits of a value that does not fit, without leading zeros; else empty.
  private let digits: String

  /// Creates a value.
  public init(_ value: UInt64) { self.init(saturated: value, digits: "") }

  private init(saturated: UInt64, digits: String) {
    self.saturated = saturated
    self.digits = digits
  }

  /// Creates a value from decimal digits.
  package init?(digits text: some StringProtocol) {
    guard !text.isEmpty, text.utf8.allSatisfy(JSONScanner.isDigit) else { return nil }
    let significant = text.drop { $0 == "0" }
    if let value = UInt64(significant.isEmpty ? "0" : significant) {
      self.init(value)
    } else {
      self.init(saturated: .max, digits: String(significant))
    }
  }

  /// Whether the value is larger than 2^64-1.
  package var isBeyond: Bool { !digits.isEmpty }

  /// What `tick` trusts: larger values come from a fault or from malice, and following them would use up the numbers.
  package static let trustLimit: UInt64 = 1_000_000_000_000

  /// Whether a clock may go on from this value.
  package var isTrusted: Bool { saturated <= LamportValue.trustLimit }
}

extension LamportValue: Comparable {
  /// Orders by value.
  public static func < (left: LamportValue, right: LamportValue) -> Bool {
    guard left.isBeyond || right.isBeyond else { return left.saturated < right.saturated }
    return (left.digits.utf8.count, left.digits) < (right.digits.utf8.count, right.digits)
  }
}

extension LamportValue: CustomStringConvertible {
  /// The decimal digits.
  public var description: String { isBeyond ? digits : String(saturated) }
}

extension LamportValue {
  /// Creates the value that the JSON at `range` stands for as pydantic reads an integer; `nil` when it is none.
  init?(_ bytes: Span<UInt8>, in range: Range<Int>) {
    switch bytes[range.lowerBound] {
    case UInt8(ascii: "t"): self.init(1)
    case UInt8(ascii: "f"): self.init(0)
    case UInt8(ascii: "\""):
      let string = JSONString(unescaping: bytes, in: range.lowerBound + 1..<range.upperBound - 1)
      self.init(text: string.description)
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
      if let value = bytes.smallNumber(in: range) {
        self.init(value)
      } else {
        self.init(number: String(copying: bytes, in: range))
      }
    default: return nil
    }
  }

  /// Creates the value that Python's `int` makes of a float; `nil` when it is negative or not finite.
  init?(wholePartOf float: Double) {
    guard float >= 0, float.isFinite else { return nil }
    guard let value = UInt64(exactly: float.rounded(.down)) else {
      self.init(digits: exactDigits(of: float))
      return
    }
    self.init(value)
  }

  /// Creates the value of a JSON number, which must be whole and not negative.
  private init?(number text: String) {
    if let value = LamportValue(digits: text) {
      self = value
    } else if text == "-0" {
      self.init(0)
    } else if let float = Double(text), float == float.rounded(.down) {
      self.init(wholePartOf: float)
    } else {
      return nil
    }
  }

  /// Creates the value of a string such as `7`, ` +7 `, `1_000` or `7.0`.
  private init?(text: String) {
    var body = Substring(text)
    while let first = body.first, first.isWhitespace { body.removeFirst() }
    while let last = body.last, last.isWhitespace { body.removeLast() }
    if body.hasPrefix("+") { body.removeFirst() }
    if let point = body.firstIndex(of: ".") {
      let fraction = body[body.index(after: point)...]
      guard fraction.allSatisfy({ $0 == "0" }) else { return nil }
      body = body[..<point]
    }
    guard !body.hasPrefix("_"), !body.hasSuffix("_"), !body.contains("__") else { return nil }
    self.init(digits: body.filter { $0 != "_" })
  }
}

/// The decimal digits of a whole number that is too large for an integer type.
private func exactDigits(of value: Double) -> String {
  var digits: [UInt8] = [0]
  let significand = UInt64(value.significandBitPattern) | 1 << 52
  for digit in String(significand).utf8.reversed() { digits.append(digit - UInt8(ascii: "0")) }
  digits.removeFirst()
  for _ in 0..<(Int(value.exponent) - 52) {
    var carry: UInt8 = 0
    for index in digits.indices {
      let doubled = digits[index] * 2 + carry
      digits[index] = doubled % 10
      carry = doubled / 10
    }
    if carry > 0 { digits.append(carry) }
  }
  return String(decoding: digits.reversed().map { $0 + UInt8(ascii: "0") }, as: UTF8.self)
}
