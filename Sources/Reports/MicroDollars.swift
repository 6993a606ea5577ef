/// An amount of money as a whole number of millionths of a US dollar.
///
/// Whole numbers add up to the same in any order and over any split, which binary fractions do not.
package struct MicroDollars: Hashable, Sendable, Comparable, AdditiveArithmetic {
  /// The amount.
  package let value: Int128

  /// More than this, or less than its negative, is no amount of money that anybody means; so many of them can be added
  /// that the sum never overflows.
  private static let limit: Int128 = 1_000_000_000_000_000_000_000_000_000_000

  /// Creates an amount.
  package init(_ value: Int128) { self.value = value }

  /// Creates the amount that Python's `round(dollars, 6)` gives, or the largest there is; `nil` for what is no number.
  ///
  /// What is rounded is the exact value of the binary fraction, half to even: `5e-07` is a little less than half a
  /// millionth, and so is nothing.
  package init?(dollars: Double) {
    guard !dollars.isNaN else { return nil }
    let magnitude = dollars.magnitude
    var amount = MicroDollars.limit
    if magnitude < 1e24 {
      // The fraction is this many millionths times a power of two, exactly.
      let millionths = Int128(magnitude.significand * 0x1p52) * 1_000_000
      let power = magnitude == 0 ? 0 : Int(magnitude.exponent) - 52
      amount = power >= 0 ? millionths << power : MicroDollars.halved(millionths, times: -power)
    }
    value = dollars < 0 ? -amount : amount
  }

  /// `number` divided by two so many times, the exact quotient rounded half to even.
  private static func halved(_ number: Int128, times: Int) -> Int128 {
    guard times < 120 else { return 0 }
    let quotient = number >> times
    let half: Int128 = 1 << (times - 1)
    let rest = number - quotient << times
    return rest > half || (rest == half && quotient % 2 != 0) ? quotient + 1 : quotient
  }

  /// No money.
  package static let zero = MicroDollars(0)

  /// Orders by amount.
  package static func < (left: MicroDollars, right: MicroDollars) -> Bool { left.value < right.value }

  /// The sum.
  package static func + (left: MicroDollars, right: MicroDollars) -> MicroDollars {
    MicroDollars(left.value + right.value)
  }

  /// The difference.
  package static func - (left: MicroDollars, right: MicroDollars) -> MicroDollars {
    MicroDollars(left.value - right.value)
  }

  /// The binary fraction nearest to the amount in dollars.
  package var dollars: Double { Double(text(decimals: 6)) ?? .nan }

  /// How many decimal places, from two to six, give the amount in dollars exactly.
  package var decimals: Int {
    var decimals = 6
    var rest = value
    while decimals > 2, rest % 10 == 0 {
      rest /= 10
      decimals -= 1
    }
    return decimals
  }

  /// The amount in dollars with so many decimal places, six at most; further ones are cut off.
  package func text(decimals: Int) -> String {
    let digits = String(value.magnitude)
    let padded = String(repeating: "0", count: max(0, 7 - digits.utf8.count)) + digits
    return "\(value < 0 ? "-" : "")\(padded.dropLast(6)).\(padded.suffix(6).prefix(decimals))"
  }
}
