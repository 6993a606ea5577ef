import Events
import Reports
import TestSupport
import Testing

/// Money.
struct `Amounts of money` {
  @Test func `an amount is rounded as Python rounds it`() throws {
    let rows = try rows("rounding.jsonl")
    #expect(rows.count >= 190)
    for row in rows {
      let value = try #require(row["hex"]?.text.flatMap(Double.init))
      let expected = try #require(row["rounded"]?.text.flatMap(Double.init))
      #expect(MicroDollars(dollars: value)?.dollars == expected, "\(value)")
    }
  }

  @Test func `what is no amount is none, and the largest ones add up without end`() {
    #expect(MicroDollars(dollars: .nan) == nil)
    let most = [Double.infinity, 1e300, -.infinity, -1e24].compactMap { MicroDollars(dollars: $0) }
    #expect(most.count == 4 && most[0] == most[1] && most[2].value < 0)
    let sum = (0..<1000).reduce(MicroDollars.zero) { sum, _ in sum + most[0] }
    #expect((sum - most[0]).value == most[0].value * 999)
    #expect(MicroDollars(dollars: .leastNonzeroMagnitude) == .zero && MicroDollars(dollars: -0.0) == .zero)
  }

  @Test func `sums over any split agree to the last digit`() {
    for seed in 0..<200 as Range<UInt64> {
      var random = SeededGenerator(seed: seed)
      let amounts = (0..<Int.random(in: 1...60, using: &random)).compactMap { _ in
        MicroDollars(dollars: Double.random(in: -3...900, using: &random) / (Bool.random(using: &random) ? 1 : 1000))
      }
      let whole = amounts.reduce(.zero, +)
      var shuffled = amounts.shuffled(using: &random)
      let cut = shuffled.partition { $0.value % 3 == 0 }
      let (first, second) = (shuffled[..<cut].reduce(.zero, +), shuffled[cut...].reduce(.zero, +))
      #expect(first + second == whole, "seed \(seed)")
      // What is printed adds up too: as decimal digits, not as binary fractions.
      let decimals = max(first.decimals, second.decimals, whole.decimals)
      let printed = [first, second, whole].map { Int128($0.text(decimals: decimals).filter { $0 != "." }) ?? 0 }
      #expect(printed[0] + printed[1] == printed[2], "seed \(seed)")
    }
  }

  @Test(arguments: [
    (0, 2, "0.00"), (1, 6, "0.000001"), (-1, 6, "-0.000001"), (281_400, 4, "0.2814"), (1_500_000, 2, "1.50"),
    (-12_345_678_900_000, 2, "-12345678.90"), (10, 5, "0.00001"),
  ])
  func `an amount is printed with as many places as it needs`(value: Int128, decimals: Int, text: String) {
    let amount = MicroDollars(value)
    #expect(amount.decimals == decimals && amount.text(decimals: decimals) == text)
  }
}
