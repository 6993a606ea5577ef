import Events
import TestSupport
import Testing

/// What `cost` says.
struct `Cost` {
  /// Records a run with these flags.
  private func record(_ repository: TestRepository, _ arguments: String...) throws {
    let result = try repository.report(["emit", "--feature", "f"] + arguments)
    #expect(result.status == 0 && result.errors.isEmpty, "\(result.errorText)")
  }

  private func repository() throws -> TestRepository {
    let repository = try TestRepository()
    try repository.commit("Begin")
    return repository
  }

  @Test func `what is unknown is said, and the rest is summed up`() throws {
    let repository = try repository()
    for (agent, cost) in [("claude", "0.1"), ("claude", "0.2"), ("codex", nil)] as [(String, String?)] {
      try record(repository, "--role", "implementer", "--wp-id", "WP01", "--agent", agent)
      guard let cost else { continue }
      try record(
        repository, "--role", "implementer", "--wp-id", "WP01", "--agent", agent, "--cost-usd", cost, "--input-tokens",
        "1500")
    }
    #expect(
      try repository.tool("cost", "--group-by", "wp,agent").outputText == """
        WP     Agent   Events    Input   Output  Cost (USD)
        -----  ------  ------  -------  -------  ----------
        WP01   claude       4    3,000        0        0.30
        WP01   codex        1  unknown  unknown     unknown
        -----  ------  ------  -------  -------  ----------
        Total               5    3,000        0        0.30
        3 of 5 events without token counts, 3 without a cost

        """)
  }

  @Test func `reported and estimated costs stand apart, and estimates are marked`() throws {
    let repository = try repository()
    try record(
      repository, "--role", "planner", "--agent", "a", "--model", "gpt-4.1", "--input-tokens", "1000000", "--cost-usd",
      "1234.5")
    try record(
      repository, "--role", "planner", "--agent", "a", "--model", "gpt-4.1", "--input-tokens", "7", "--output-tokens",
      "0")
    try record(repository, "--role", "planner", "--agent", "b", "--model", "what\u{1b}ever", "--input-tokens", "5")
    #expect(
      try repository.tool("cost").outputText == """
        Agent  Events      Input  Output      Reported  Estimated
        -----  ------  ---------  ------  ------------  ---------
        a           2  1,000,007       0  1,234.500000  ~0.000014
        b           1          5       0       unknown
        -----  ------  ---------  ------  ------------  ---------
        Total       3  1,000,012       0  1,234.500000  ~0.000014
        1,234.500014 USD in all: 1,234.500000 reported, ~0.000014 estimated
        0 of 3 events without token counts, 1 without a cost
        no price known for what\u{FFFD}ever

        """)
    // Unknown is nothing to the reference, and so it is in what it prints.
    let rows = try repository.reported("cost", "-g", "model")
    #expect(rows.map { $0["estimated_cost_usd"] } == [.float(0.000014), .float(0)])
    #expect(rows.allSatisfy { $0.count == 7 })
    let note = try repository.tool("cost", "--json").errorText
    #expect(note == "note: 0 of 3 events without token counts, 1 without a cost\n")
    let days = try repository.reported("cost", "-g", "day,wp")
    #expect(days.count == 1 && days[0]["events_without_cost"] == .integer(1) && days[0].count == 11)
    #expect(days[0]["group_by"] == .array([.string("day"), .string("wp")]))
  }

  @Test func `models that differ in the middle of their names are told apart where cut`() throws {
    let repository = try repository()
    let models = ["claude-sonnet-4-20250514", "claude-opus-4-20250514", "gemini-2.5-pro"]
    for model in models {
      try record(
        repository, "--role", "planner", "--model", model, "--wp-id", "a work package with a name of its own",
        "--cost-usd", "123456.000001", "--input-tokens", "123456789012")
      try record(repository, "--role", "planner", "--model", model, "--wp-id", "another", "--input-tokens", "10")
    }
    let lines = try repository.tool("cost", "-g", "wp,model").outputText.split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= 80 }, "\(lines)")
    for wp in ["a w", "ano"] {
      let rows = lines.filter { $0.hasPrefix(wp) }.map { $0.split(separator: "  ")[1] }
      #expect(rows.count == 3 && Set(rows).count == 3, "\(rows)")
    }
  }

  @Test func `failed runs and their retries are told apart from the rest`() throws {
    let repository = try repository()
    func run(_ wp: String, _ cost: String, _ result: String) throws {
      try record(repository, "--role", "implementer", "--wp-id", wp, "--cost-usd", cost, result, "--agent", "a")
    }
    try run("WP01", "1", "--success")
    try run("WP02", "2", "--failure")
    try run("WP02", "4", "--failed")
    try run("WP02", "8", "--success")
    try run("WP03", "16", "--success")
    try record(repository, "--role", "reviewer", "--wp-id", "WP02", "--cost-usd", "32")
    #expect(
      try repository.tool("cost", "--failed").outputText == """
        Agent  Events    Input   Output  Cost (USD)
        -----  ------  -------  -------  ----------
        a           2  unknown  unknown        6.00
        -----  ------  -------  -------  ----------
        Total       2  unknown  unknown        6.00
        retried by 2 later runs of the same work: 12.00 USD
        2 of 2 events without token counts, 0 without a cost

        """)
    #expect(try repository.reported("cost", "--failure").first?["total_cost_usd"] == .float(6))
    #expect(
      try repository.reported("cost", "--success", "--wp-id", "WP02").map { $0["total_cost_usd"] } == [
        .float(32), .float(8),
      ])
  }

  @Test func `nothing is said in the reference's words, or as an empty array`() throws {
    let repository = try repository()
    #expect(try repository.tool("cost").outputText == "No execution events found.\n")
    #expect(try repository.tool("cost", "--feature", "999").outputText == "No features matching '999' found.\n")
    #expect(try repository.tool("cost", "--json").output == Array("[]\n".utf8))
    try record(repository, "--role", "planner")
    #expect(try repository.tool("cost", "--event-type", "Other").outputText == "No execution events found.\n")
    #expect(
      try repository.tool("cost", "-f", "f").outputText.contains("1 of 1 event without token counts, 1 without a cost"))
  }

  @Test(arguments: [
    ["-g", "nothing"], ["-g", "wp,wp"], ["-g", "wp,agent,day"], ["-g", ""], ["--since", "x"], ["--limit", "1"],
  ])
  func `what cannot be asked is a usage error`(arguments: [String]) throws {
    let repository = try TestRepository()
    let result = try repository.report(["cost"] + arguments)
    #expect(result.status == 64 && result.output.isEmpty && !result.errors.isEmpty)
  }

  @Test func `a project's prices are used, and those that cannot be read are told of`() throws {
    let repository = try repository()
    try record(repository, "--role", "planner", "--agent", "a", "--model", "gpt-4.1", "--input-tokens", "1000")
    func cost(_ directory: String? = nil) throws -> JSONValue? {
      try repository.reported("cost", in: directory).first?["total_cost_usd"]
    }
    #expect(try cost() == .float(0.002))
    try repository.write(".kittify/prices.json", #"{"prices": [{"model": "gpt-4.1", "input_per_1k": 3}]}"#)
    #expect(try cost() == .float(3) && cost(repository.path + "/kitty-specs") == .float(3))
    try repository.write("own.json", #"{"prices": [{"model": "gpt-4.1", "input_per_1k": 5}]}"#)
    try repository.git("config", "kitty-telemetry.prices", "own.json")
    #expect(try cost() == .float(5))
    for (content, reason) in [
      ("", "it is no JSON; mend the file"), (#"{"prices": [{}]}"#, "its price 1 names no model"),
    ] {
      try repository.write("own.json", content)
      let refused = try repository.tool("cost")
      #expect(refused.status == 1 && refused.output.isEmpty && refused.errorText.contains(reason))
    }
    try repository.git("config", "kitty-telemetry.prices", "nowhere.json")
    #expect(try repository.tool("cost").errorText.contains("there is no such file"))
  }

  @Test func `an estimate is frozen when it is recorded, with the table it was made from`() throws {
    let repository = try repository()
    let prices = #"{"prices": [{"model": "m", "input_per_1k": 3, "output_per_1k": 1}]}"#
    try repository.write(".kittify/prices.json", prices)
    let flags = [
      "--role", "planner", "--agent", "a", "--model", "m", "--input-tokens", "1000", "--output-tokens", "500",
    ]
    for more in [["--estimate"], [], ["--estimate", "--cost-usd", "7"]] {
      #expect(try repository.report(["emit", "--feature", "f"] + flags + more).errors.isEmpty)
    }
    let payloads = events(repository.lines(repository.log())).map(\.payload)
    let blob = try repository.git("hash-object", ".kittify/prices.json")
    #expect(payloads.map { $0["cost_usd"] } == [.float(3.5), .null, .float(7)])
    #expect(payloads.map(\.count) == [13, 11, 11] && payloads[0]["cost_source"] == .string("estimated"))
    #expect(payloads[0]["cost_prices"] == .string("prices.json \(blob)"))
    try repository.write(".kittify/prices.json", prices.replacing("3,", with: "4,"))
    // What was frozen stays, and is an estimate still; the other one follows the prices.
    let row = try #require(try repository.reported("cost").first)
    #expect(row["total_cost_usd"] == .float(15) && row["estimated_cost_usd"] == .float(8))
    try repository.write(".kittify/prices.json", "{")
    let warned = try repository.report(["emit", "--feature", "f", "--estimate"] + flags)
    #expect(warned.status == 0 && warned.complaints.count == 1 && warned.errorText.contains("it is no JSON"))
    #expect(repository.lines(repository.log()).count == 4)
  }
}
