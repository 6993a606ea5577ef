package import Events

// A price table is one JSON object:
//
//   {"name": "list prices", "prices": [
//     {"model": "claude-opus-5", "input_per_1k": 0.005, "output_per_1k": 0.025, "cache_read_per_1k": 0.0005,
//      "cache_write_per_1k": 0.00625, "source": "https://…", "date": "2026-10-24"}]}
//
//   model               the model's name as agents report it, compared as it stands
//   input_per_1k        US dollars for a thousand tokens that are read fresh, and so on; without the price of a class,
//   output_per_1k       runs that have tokens of that class are not estimated
//   cache_read_per_1k
//   cache_write_per_1k
//   source, date        where the price was read, and when
//
// Other members are ignored. Of two entries for one model the last one counts.

/// What models charge for tokens, to estimate runs that did not report what they cost.
package struct PriceTable: Sendable {
  /// What one model charges.
  package struct Price: Hashable, Sendable {
    /// US dollars for a thousand tokens of each class; `nil` where that is not known.
    package let input, output, cacheRead, cacheWrite: Double?
    /// The table that the price stands in, by its identity.
    package let table: String
  }

  private var prices: [JSONString: Price] = [:]

  /// Creates a table without prices.
  package init() {}

  /// Creates the table that `text` spells, known as `identity`.
  ///
  /// - Throws: ``PriceTableError``, which says what is wrong with the text.
  package init(json text: [UInt8], identity: String) throws(PriceTableError) {
    guard let value = JSONValue(text) else { throw PriceTableError("it is no JSON") }
    guard case .array(let entries)? = value.object?["prices"] else {
      throw PriceTableError("it is no object with an array \"prices\"")
    }
    for (index, entry) in entries.enumerated() {
      guard let members = entry.object, case .string(let model)? = members["model"] else {
        throw PriceTableError("its price \(index + 1) names no model")
      }
      func price(_ key: JSONString) throws(PriceTableError) -> Double? {
        guard let value = members[key], value != .null else { return nil }
        guard let amount = value.number, amount.isFinite, amount >= 0 else {
          throw PriceTableError("in its price \(index + 1), \(key) is no amount")
        }
        return amount
      }
      prices[model] = Price(
        input: try price("input_per_1k"), output: try price("output_per_1k"),
        cacheRead: try price("cache_read_per_1k"), cacheWrite: try price("cache_write_per_1k"), table: identity)
    }
  }

  /// The table with the prices of `other` in place of its own.
  package func overridden(by other: PriceTable) -> PriceTable {
    var table = self
    table.prices.merge(other.prices) { $1 }
    return table
  }

  /// What `model` charges; `nil` when the table does not say.
  package subscript(model: JSONString) -> Price? { prices[model] }

  /// The number of models.
  package var count: Int { prices.count }
}

/// What is wrong with a price table.
package struct PriceTableError: Error {
  /// In the words of "it …".
  package let reason: String

  init(_ reason: String) { self.reason = reason }
}

/// How many tokens a run took, by class; `nil` where that is not known.
package struct TokenUsage: Hashable, Sendable {
  /// Tokens of each class; no token is in two.
  package var input, output, cacheRead, cacheWrite: Int128?

  /// Creates a usage.
  package init(
    input: Int128? = nil, output: Int128? = nil, cacheRead: Int128? = nil, cacheWrite: Int128? = nil
  ) {
    self.input = input
    self.output = output
    self.cacheRead = cacheRead
    self.cacheWrite = cacheWrite
  }

  /// Whether nothing is known.
  package var isUnknown: Bool { input == nil && output == nil && cacheRead == nil && cacheWrite == nil }
}

extension PriceTable.Price {
  /// What a run of `usage` costs; `nil` when nothing is known of its usage, or a price that it takes is not.
  ///
  /// The sum is made as the reference makes it, in binary fractions and in this order, and then rounded.
  package func estimate(_ usage: TokenUsage) -> MicroDollars? {
    guard !usage.isUnknown else { return nil }
    var sum = 0.0
    for (tokens, price) in [
      (usage.input, input), (usage.output, output), (usage.cacheRead, cacheRead), (usage.cacheWrite, cacheWrite),
    ] {
      guard let tokens, tokens != 0 else { continue }
      guard let price else { return nil }
      sum += Double(tokens) * price / 1000
    }
    return MicroDollars(dollars: sum)
  }
}

extension PriceTable {
  /// An estimate, with the table that it was made from.
  package struct Estimate: Hashable, Sendable {
    /// What the run costs.
    package let cost: MicroDollars
    /// The identity of the table.
    package let table: String
  }

  /// What a run of `model` with `usage` costs; `nil` when the table does not say.
  package func estimate(model: JSONString, _ usage: TokenUsage) -> Estimate? {
    guard let price = self[model], let cost = price.estimate(usage) else { return nil }
    return Estimate(cost: cost, table: price.table)
  }

  /// `payload` with its cost estimated, where it names none and the table knows one.
  ///
  /// The estimate is what `cost_usd` says from then on, whatever becomes of prices; `cost_source` tells that it is one,
  /// and `cost_prices` which table it was made from.
  package func freezing(_ payload: JSONObject) -> JSONObject {
    guard payload["cost_usd"] ?? .null == .null, case .string(let model)? = payload["model"] else { return payload }
    func tokens(_ key: JSONString) -> Int128? { payload[key].flatMap { Int128(tokens: $0) } }
    let usage = TokenUsage(
      input: tokens("input_tokens"), output: tokens("output_tokens"), cacheRead: tokens("cache_read_tokens"),
      cacheWrite: tokens("cache_write_tokens"))
    guard let estimate = estimate(model: model, usage) else { return payload }
    var frozen = payload
    frozen["cost_usd"] = .float(estimate.cost.dollars)
    frozen["cost_source"] = .string("estimated")
    frozen["cost_prices"] = .string(estimate.table)
    return frozen
  }
}

extension Int128 {
  /// Creates the number of tokens that a value gives, as Python would add it up: true is one; `nil` when it gives none.
  init?(tokens value: JSONValue) {
    switch value {
    case .bool(let isOne): self = isOne ? 1 : 0
    case .integer(let integer):
      self = Int128(integer.digits) ?? (integer.digits.hasPrefix("-") ? -Self.most : Self.most)
    case .float(let float):
      guard float.isFinite else { return nil }
      self = Int128(exactly: float.rounded()) ?? (float < 0 ? -Self.most : Self.most)
    default: return nil
    }
    self = Swift.min(Swift.max(self, -Self.most), Self.most)
  }

  /// More tokens than this are none that anybody counted; so many of them can be added that the sum never overflows.
  private static let most: Int128 = 1_000_000_000_000_000_000_000_000
}

extension JSONValue {
  /// The amount of money that this value gives, as Python would round it; `nil` when it gives none.
  var cost: MicroDollars? {
    guard let number, number.isFinite else { return nil }
    return MicroDollars(dollars: number)
  }

  /// The number that this value gives; `nil` when it gives none.
  fileprivate var number: Double? {
    switch self {
    case .bool(let isOne): isOne ? 1 : 0
    case .integer(let integer): Double(integer.digits)
    case .float(let float): float
    default: nil
    }
  }
}
