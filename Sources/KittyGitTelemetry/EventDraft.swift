internal import Events

/// An event that is about to be recorded: all of it but, where it is new, its clock value.
struct EventDraft {
  /// Where the event belongs.
  let location: FeatureLocation
  /// The event; its clock is provisional where it is new.
  private(set) var event: Event
  /// The line of an event that happened elsewhere; `nil` for a new one.
  private let foreignLine: [UInt8]?
  /// Whether the caller gave the id, so that the event may have been recorded before.
  let hasGivenID: Bool

  /// The longest error text that is recorded, in bytes of UTF-8.
  private static let maximumErrorLength = 8 << 10

  /// Creates the draft of a new event.
  ///
  /// - Throws: ``TelemetryError`` with `usage` for a payload that cannot be recorded.
  init(
    payload given: JSONObject, id: EventID?, at location: FeatureLocation, node: String, now: Timestamp,
    redaction: Redaction?
  ) throws(TelemetryError) {
    var payload = given
    if [nil, .null, .string("")].contains(payload["wp_id"]) { payload["wp_id"] = .string(location.wpID) }
    if let redaction {
      for key in EventDraft.texts { payload[key] = payload[key].map(redaction.redacted) }
    }
    if case .string(let error)? = payload["error"] { payload["error"] = .string(EventDraft.shortened(error)) }
    for (key, value) in Invocation.defaults where payload[key] == nil { payload[key] = value }
    try EventDraft.check(payload)
    var generator = SystemRandomNumberGenerator()
    let milliseconds = UInt64(clamping: now.microsecondsSince1970 / 1000)
    // Provisionally the largest value that a clock gives, so that a line that fits now fits with any.
    event = Event(
      id: id ?? .ulid(milliseconds: milliseconds, using: &generator), aggregateID: JSONString(location.feature),
      lamportClock: LamportValue(LamportValue.trustLimit),
      nodeID: JSONString("\(node):\(payload["wp_id"]?.text ?? location.wpID)"), payload: payload, timestamp: now)
    foreignLine = nil
    hasGivenID = id != nil
    self.location = location
    try checkLength()
  }

  /// Creates the draft of an event that happened elsewhere.
  init(_ event: Event, line: [UInt8], at location: FeatureLocation) throws(TelemetryError) {
    self.event = event
    self.location = location
    foreignLine = line
    hasGivenID = true
    try checkLength()
  }

  /// Whether the event gets its clock value here.
  var isNew: Bool { foreignLine == nil }

  /// The event's line, without its end.
  var line: [UInt8] { foreignLine ?? event.line }

  /// Whether an event from elsewhere says something else than `line`, which has its id.
  func isVariant(of line: [UInt8]) -> Bool {
    CanonicalLine.spelling(of: self.line) != CanonicalLine.spelling(of: line)
  }

  /// Gives a new event its clock value.
  mutating func settle(at value: LamportValue) { event.lamportClock = value }

  private func checkLength() throws(TelemetryError) {
    let length = line.count
    guard length > LineScanner.maximumLength else { return }
    throw TelemetryError(
      .usage, "cannot record an event of \(length) bytes: readers set aside lines above 1 MiB; shorten its texts")
  }

  /// The members in which agents and their callers say what they like.
  private static let texts: [JSONString] = ["error", "usage", "model_usage"]

  /// Whether there is something in `payload` that may hold a secret.
  static func mayHoldSecrets(_ payload: JSONObject) -> Bool {
    texts.contains { ![nil, .null].contains(payload[$0]) }
  }

  /// An error's text, not longer than it may be.
  private static func shortened(_ error: JSONString) -> JSONString {
    guard error.bytes.count > maximumErrorLength else { return error }
    var kept = error.bytes.prefix(maximumErrorLength)
    // Half of a character is none.
    while error.bytes[kept.endIndex] & 0xC0 == 0x80, !kept.isEmpty { kept.removeLast() }
    return JSONString(bytes: kept + Array(" [\(error.bytes.count - kept.count) bytes left out]".utf8))
  }

  /// The members that are whole numbers.
  private static let counts: [JSONString] = [
    "input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens", "reasoning_tokens", "duration_ms",
    "exit_code",
  ]

  /// Throws when a member is of the wrong kind or no amount.
  private static func check(_ payload: JSONObject) throws(TelemetryError) {
    guard let role = payload["role"]?.text, Role(rawValue: role) != nil else {
      let roles = Role.allCases.map(\.rawValue).joined(separator: ", ")
      throw TelemetryError(.usage, "cannot record an event without a role; role is one of \(roles)")
    }
    for key in EventDraft.counts {
      guard let value = payload[key], value != .null else { continue }
      guard case .integer(let number) = value else { throw refusal(key, value, "it is no whole number") }
      guard !number.digits.hasPrefix("-") || key == "exit_code" else { throw refusal(key, value, "it is negative") }
    }
    if let value = payload["cost_usd"], value != .null {
      guard let amount = value.number, amount.isFinite, amount >= 0 else {
        throw refusal("cost_usd", value, "it is no amount")
      }
    }
    for key in ["wp_id", "agent"] as [JSONString] where payload[key]?.text == nil {
      throw refusal(key, payload[key] ?? .null, "it is no text")
    }
    guard !JSONValue.object(payload).holdsUnwritableNumber else {
      throw TelemetryError(.usage, "cannot record a payload with NaN or an infinity: JSON has no such numbers")
    }
  }

  private static func refusal(_ key: JSONString, _ value: JSONValue, _ reason: String) -> TelemetryError {
    let text = String(decoding: value.canonicalText.prefix(40), as: UTF8.self)
    return TelemetryError(.usage, "cannot record \(key) \(text): \(reason); leave it out if it is unknown")
  }
}

extension Invocation {
  /// The members that a payload always has, with what they are where nothing is known.
  fileprivate static let defaults: [(JSONString, JSONValue)] =
    Invocation(wpID: FeatureLocation.noWorkPackage, agent: "unknown", role: .implementer).payload.sorted
    .filter { $0.key != "role" }.map { ($0.key, $0.value) }
}

extension JSONValue {
  /// The number that this is.
  fileprivate var number: Double? {
    switch self {
    case .integer(let integer): Double(integer.digits)
    case .float(let float): float
    default: nil
    }
  }

  /// Whether a number in this has no spelling in JSON.
  fileprivate var holdsUnwritableNumber: Bool {
    switch self {
    case .float(let float): !float.isFinite
    case .array(let elements): elements.contains(where: \.holdsUnwritableNumber)
    case .object(let object): object.sorted.contains { $0.value.holdsUnwritableNumber }
    default: false
    }
  }
}
