import Events
import Reports
import Testing

/// Prices and what is estimated by them.
struct `A table of prices` {
  private func table(_ json: String) throws(PriceTableError) -> PriceTable {
    try PriceTable(json: Array(json.utf8), identity: "mine")
  }

  @Test func `the built-in table has the reference's eight models, and a source and a date for every price`() throws {
    let reference: [JSONString: (Double, Double)] = [
      "claude-sonnet-4-20250514": (0.003, 0.015), "claude-opus-4-20250514": (0.015, 0.075),
      "claude-haiku-3-5-20241022": (0.0008, 0.004), "gpt-4.1": (0.002, 0.008), "gpt-4.1-mini": (0.0004, 0.0016),
      "gpt-4.1-nano": (0.0001, 0.0004), "gemini-2.5-pro": (0.00125, 0.01), "gemini-2.5-flash": (0.00015, 0.0035),
    ]
    for (model, prices) in reference {
      #expect(PriceTable.builtIn[model]?.input == prices.0 && PriceTable.builtIn[model]?.output == prices.1, "\(model)")
    }
    guard case .array(let entries)? = JSONValue(Array(PriceTable.builtInText.utf8))?.object?["prices"] else {
      Issue.record("no prices")
      return
    }
    // A model that stood there twice would count once.
    #expect(PriceTable.builtIn.count == entries.count && entries.count > 30)
    for entry in entries {
      let members = try #require(entry.object)
      #expect(members["source"]?.text?.contains("https://") == true, "\(entry)")
      #expect(members["date"]?.text.flatMap { DateBound($0) } != nil, "\(entry)")
    }
    #expect(PriceTable.builtIn["gpt-4.1"]?.table == "kitty-git-telemetry 2026-10-24")
  }

  @Test func `a project's prices stand in place of the built-in ones, each known by its own table`() throws {
    let own = try table(#"{"prices": [{"model": "gpt-4.1", "input_per_1k": 1, "output_per_1k": 2}, {"model": "x"}]}"#)
    let both = PriceTable.builtIn.overridden(by: own)
    #expect(both["gpt-4.1"]?.input == 1 && both["gpt-4.1"]?.cacheRead == nil && both["gpt-4.1"]?.table == "mine")
    #expect(both["gpt-4.1-mini"] == PriceTable.builtIn["gpt-4.1-mini"] && both["x"] != nil)
  }

  @Test(arguments: [
    ("", "it is no JSON"), ("[]", #"it is no object with an array "prices""#), ("{}", "it is no object"),
    (#"{"prices": {}}"#, "it is no object"), (#"{"prices": [1]}"#, "its price 1 names no model"),
    (#"{"prices": [{"model": "a"}, {"model": 1}]}"#, "its price 2 names no model"),
    (#"{"prices": [{"model": "a", "input_per_1k": "1"}]}"#, "in its price 1, input_per_1k is no amount"),
    (#"{"prices": [{"model": "a", "cache_read_per_1k": -1}]}"#, "in its price 1, cache_read_per_1k is no amount"),
    (#"{"prices": [{"model": "a", "output_per_1k": NaN}]}"#, "in its price 1, output_per_1k is no amount"),
  ])
  func `a table that cannot be read says why`(json: String, reason: String) {
    let error = #expect(throws: PriceTableError.self) { try table(json) }
    #expect(error?.reason.hasPrefix(reason) == true, "\(error?.reason ?? "")")
  }

  @Test func `every class of tokens has its price, and without one of them there is no estimate`() throws {
    let own = try table(
      #"{"prices": [{"model": "m", "input_per_1k": 1, "output_per_1k": 10, "cache_read_per_1k": 0.1}]}"#)
    func cost(_ usage: TokenUsage) -> Double? { own.estimate(model: "m", usage)?.cost.dollars }
    #expect(cost(TokenUsage(input: 1000, output: 100, cacheRead: 10_000)) == 3)
    #expect(cost(TokenUsage(input: 1000, cacheWrite: 1)) == nil && cost(TokenUsage(input: 1000, cacheWrite: 0)) == 1)
    #expect(cost(TokenUsage()) == nil && own.estimate(model: "n", TokenUsage(input: 1)) == nil)
    // Half a millionth and a little less.
    #expect(PriceTable.builtIn.estimate(model: "gpt-4.1-nano", TokenUsage(input: 5))?.cost == .zero)
  }

  @Test func `a frozen estimate says that it is one and by which table it was made`() throws {
    let payload = JSONObject([
      ("model", .string("gpt-4.1")), ("cost_usd", .null), ("input_tokens", .integer(1000)), ("output_tokens", .null),
      ("cache_read_tokens", .integer(2000)),
    ])
    let frozen = PriceTable.builtIn.freezing(payload)
    #expect(frozen["cost_usd"] == .float(0.003) && frozen["cost_source"] == .string("estimated"))
    #expect(frozen["cost_prices"] == .string("kitty-git-telemetry 2026-10-24") && frozen.count == 7)
    for (key, value) in [("cost_usd", .float(0)), ("model", .string("?")), ("model", .null)]
      as [(JSONString, JSONValue)]
    {
      var other = payload
      other[key] = value
      #expect(PriceTable.builtIn.freezing(other) == other)
    }
    var unused = payload
    for key in ["input_tokens", "cache_read_tokens"] as [JSONString] { unused[key] = .null }
    #expect(PriceTable.builtIn.freezing(unused) == unused)
  }
}
