import Events
import TestSupport
import Testing

/// `emit --from`: what an agent printed, recorded.
struct `Emit from an agent's output` {
  private let claude = """
    {"type":"result","subtype":"success","is_error":false,"duration_ms":5120,"session_id":"s-1",\
    "total_cost_usd":0.31,"usage":{"input_tokens":9,"cache_creation_input_tokens":15322,\
    "cache_read_input_tokens":15022,"output_tokens":141},"modelUsage":{"claude-opus-4-1":{"inputTokens":9,\
    "outputTokens":141,"cacheReadInputTokens":15022,"cacheCreationInputTokens":15322,"costUSD":0.31}}}

    """

  /// Runs `emit --from` over what an agent printed and returns the payload that was recorded.
  private func payload(_ agent: String, _ output: String, _ arguments: String...) throws -> JSONObject {
    let repository = try TestRepository()
    try repository.commit("Begin")
    let result = try repository.startTool(
      ["emit", "--role", "implementer", "--feature", "f", "--wp-id", "WP01", "--json", "--from", agent] + arguments,
      input: Array(output.utf8)
    ).wait()
    #expect(result.status == 0 && result.errorText.isEmpty, "\(result.errorText)")
    return try #require(events(repository.lines(repository.log())).first).payload
  }

  @Test func `every member that the agent gave is there, and the eleven always are`() throws {
    let payload = try payload("claude", claude)
    let expected: [(JSONString, JSONValue)] = [
      ("wp_id", .string("WP01")), ("agent", .string("claude")), ("role", .string("implementer")),
      ("model", .string("claude-opus-4-1")), ("input_tokens", .integer(9)), ("cache_read_tokens", .integer(15_022)),
      ("cache_write_tokens", .integer(15_322)), ("output_tokens", .integer(141)), ("cost_usd", .float(0.31)),
      ("cost_source", .string("reported")), ("duration_ms", .integer(5120)), ("success", .bool(true)),
      ("error", .null), ("exit_code", .integer(0)), ("session_id", .string("s-1")),
    ]
    for (key, value) in expected { #expect(payload[key] == value, "\(key)") }
    #expect(payload["usage"]?.object?["output_tokens"] == .integer(141))
    #expect(payload["model_usage"]?.object?["claude-opus-4-1"] != nil)
    #expect(payload["reasoning_tokens"] == nil && payload.count == expected.count + 2)
  }

  @Test func `options win over what the agent printed`() throws {
    let payload = try payload(
      "claude-code", claude, "--agent", "mine", "--model", "m", "--input-tokens", "1", "--cache-read-tokens", "2",
      "--cache-write-tokens", "3", "--output-tokens", "4", "--reasoning-tokens", "5", "--cost-usd", "6",
      "--duration-ms", "7", "--failure", "--error", "no", "--exit-code", "8", "--session-id", "-s")
    let numbers = [
      "input_tokens", "cache_read_tokens", "cache_write_tokens", "output_tokens", "reasoning_tokens", "duration_ms",
      "exit_code",
    ].map { payload[JSONString($0)] }
    #expect(numbers == [1, 2, 3, 4, 5, 7, 8].map { JSONValue.integer($0) })
    #expect(["agent", "model", "error", "session_id"].map { payload[$0]?.text } == ["mine", "m", "no", "-s"])
    #expect(payload["cost_usd"] == .float(6) && payload["cost_source"] == nil && payload["success"] == .bool(false))
  }

  @Test func `output that says nothing leaves everything unknown`() throws {
    for output in ["", "The form asks for a passkey.\n"] {
      let payload = try payload("gemini", output)
      #expect(payload.count == 11 && payload["agent"]?.text == "gemini" && payload["success"] == .bool(true))
      #expect(["model", "input_tokens", "output_tokens", "cost_usd", "error"].allSatisfy { payload[$0] == .null })
    }
  }

  @Test func `a failure is recorded with the agent's reason`() throws {
    let failed = #"{"type":"turn.failed","error":{"message":"You have hit your usage limit."}}"#
    let payload = try payload("codex", "{\"type\":\"thread.started\",\"thread_id\":\"t\"}\n\(failed)\n")
    #expect(payload["success"] == .bool(false) && payload["error"]?.text == "You have hit your usage limit.")
    #expect(payload["exit_code"] == .integer(0) && payload["session_id"]?.text == "t")
  }

  @Test func `output that breaks off is a failure unless the caller knows better`() throws {
    let torn = #"{"type":"system","subtype":"init","session_id":"s","model":"m"}"# + "\n{\"type\":\"resu"
    #expect(try payload("claude", torn)["success"] == .bool(false))
    #expect(try payload("claude", torn)["error"]?.text == "the agent's output ends before its result")
    let known = try payload("claude", torn, "--success")
    #expect(known["success"] == .bool(true) && known["error"] == .null && known["model"]?.text == "m")
  }

  @Test func `an exit status other than 0 is a failure`() throws {
    #expect(try payload("claude", claude, "--exit-code", "137")["success"] == .bool(false))
    let copilot = #"{"type":"result","sessionId":"c","exitCode":3,"usage":{"premiumRequests":1}}"#
    let payload = try payload("copilot", copilot)
    #expect(payload["exit_code"] == .integer(3) && payload["success"] == .bool(false))
  }

  @Test(arguments: [["--from", "sh"], ["--from", ""], ["--from", "claude", "--events", "-"]])
  func `other agents and two inputs are refused`(arguments: [String]) throws {
    let repository = try TestRepository()
    try repository.commit("Begin")
    let result = try repository.startTool(["emit", "--role", "planner", "--feature", "f"] + arguments).wait()
    #expect(result.status == 64, "\(result.errorText)")
    let withoutRole = try repository.startTool(["emit", "--feature", "f", "--from", "claude", "--flush"]).wait()
    #expect(withoutRole.status == 64 && withoutRole.errorText.contains("--role"), "\(withoutRole.errorText)")
  }

  @Test func `an error's credentials are not recorded`() throws {
    let repository = try TestRepository()
    try repository.commit("Begin")
    try repository.emitted("--feature", "f", "--error", "401 for key sk-ant-api03-abcdefghijklmnop: denied")
    #expect(events(repository.lines(repository.log())).first?.payload["error"]?.text == "401 for key [removed]: denied")
  }
}
