internal import Events

// Claude Code ends its output with an envelope that other agents have taken over, their own usage inside:
//
//   {"type": "system", "subtype": "init", "session_id": …, "model": …}      first, in streams only
//   {"type": "result", "subtype": "success", "is_error": false, "duration_ms": …, "result": …, "session_id": …,
//    "usage": {…}}
//
// Of several results the last one counts. A failure has another subtype (`error_max_turns`), or `is_error` with the
// reason as its result, or in `errors` or `error`.

extension AgentReport {
  /// The types of the objects that ``readEnvelope(_:)`` reads.
  static let envelopeTypes: Set<String> = ["system", "result", "error"]

  /// Reads one object of the envelope; true for a result, whose usage is left to the caller.
  mutating func readEnvelope(_ object: JSONObject) -> Bool {
    switch object.text("type") {
    case "system" where object.text("subtype") == "init":
      model = object.text("model") ?? model
      sessionID = object.text("session_id") ?? sessionID
      // What follows another run's result, if one does, has a result of its own to come.
      outcome = .unfinished
    case "result":
      readResult(object)
      return true
    case "error":
      outcome = .failed
      error = object.message("error") ?? object.text("message") ?? error
    case nil:
      // A failure before there is a session has no envelope.
      guard let message = object.message("error") else { break }
      outcome = .failed
      error = message
    default: break
    }
    return false
  }

  private mutating func readResult(_ object: JSONObject) {
    sessionID = object.text("session_id") ?? sessionID
    durationMS = object.count("duration_ms") ?? durationMS
    let subtype = object.text("subtype") ?? "success"
    let hasFailed = object["is_error"] == .bool(true) || subtype != "success"
    outcome = hasFailed ? .failed : .succeeded
    error = hasFailed ? AgentReport.reason(in: object) ?? subtype : nil
  }

  private static func reason(in result: JSONObject) -> String? {
    if case .array(let errors)? = result["errors"], let first = errors.lazy.compactMap(\.text).first { return first }
    return result.message("error") ?? result.text("result")
  }
}
