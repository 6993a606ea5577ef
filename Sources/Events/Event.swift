// The line of an event is one JSON object in canonical spelling (see JSONText), with this envelope:
//
//   {"aggregate_id": "043-telemetry-foundation", "causation_id": null, "event_id": "01KHJVJWDM0HGAGYGXJYKD1JQG",
//    "event_type": "ExecutionEvent", "lamport_clock": 1, "node_id": "cli:WP04", "payload": {…},
//    "timestamp": "2026-02-16T09:12:58.036834+00:00"}
//
//   aggregate_id   the feature's slug                 lamport_clock  the logical clock of the node at the event
//   causation_id   the event that led to this one     node_id        who recorded: "<node>:<wp_id>"
//   event_id       the identity (see EventID)         payload        what happened
//   event_type     what kind of thing happened        timestamp      when, in UTC, for people
//
// A reader ignores members that it does not know and keeps them.

/// One event: an envelope around a payload.
public struct Event: Hashable, Sendable {
  /// The identity.
  public var id: EventID
  /// What kind of thing happened.
  public var type: JSONString
  /// The feature's slug.
  public var aggregateID: JSONString
  /// The event that led to this one.
  public var causationID: EventID?
  /// The logical clock of the node at the event.
  public var lamportClock: LamportValue
  /// Who recorded.
  public var nodeID: JSONString
  /// What happened.
  public var payload: JSONObject
  /// When it happened.
  public var timestamp: Timestamp
  /// Members of the envelope that are not among the above.
  public var others: JSONObject

  /// The type of the events that this project records.
  public static let executionType: JSONString = "ExecutionEvent"

  /// Creates an event.
  public init(
    id: EventID, type: JSONString = executionType, aggregateID: JSONString, causationID: EventID? = nil,
    lamportClock: LamportValue, nodeID: JSONString, payload: JSONObject, timestamp: Timestamp,
    others: JSONObject = JSONObject()
  ) {
    self.id = id
    self.type = type
    self.aggregateID = aggregateID
    self.causationID = causationID
    self.lamportClock = lamportClock
    self.nodeID = nodeID
    self.payload = payload
    self.timestamp = timestamp
    self.others = others
  }

  /// Creates the event that `line` spells, its values brought to the form in which the reference writes them back;
  /// `nil` when the line is no event.
  public init?(line: [UInt8]) {
    let bytes = line.span
    guard let envelope = LineScanner.envelope(of: LineScanner.trimmed(bytes, bytes.indices), in: bytes),
      var members = JSONValue(bytes, in: envelope.line)?.object,
      let timestamp = Timestamp(bytes, in: envelope.timestamp)
    else { return nil }
    id = envelope.id
    type = envelope.string(envelope.eventType, in: bytes)
    aggregateID = envelope.string(envelope.aggregateID, in: bytes)
    lamportClock = envelope.lamportClock
    nodeID = envelope.nodeID(in: bytes)
    payload = members["payload"]?.object ?? JSONObject()
    self.timestamp = timestamp
    if case .string(let cause)? = members["causation_id"] { causationID = EventID(ascii: cause.bytes.span) }
    for key in Event.members { members[key] = nil }
    others = members
  }

  private static let members: [JSONString] = [
    "aggregate_id", "causation_id", "event_id", "event_type", "lamport_clock", "node_id", "payload", "timestamp",
  ]

  /// The event as a JSON object.
  public var json: JSONValue {
    // In order, so that they need not be sorted.
    let members = JSONObject([
      ("aggregate_id", .string(aggregateID)),
      ("causation_id", causationID.map { .string(JSONString(bytes: $0.ascii)) } ?? .null),
      ("event_id", .string(JSONString(bytes: id.ascii))),
      ("event_type", .string(type)),
      ("lamport_clock", .integer(JSONInteger(spelling: lamportClock.description))),
      ("node_id", .string(nodeID)),
      ("payload", .object(payload)),
      ("timestamp", .string(timestamp.description)),
    ])
    return .object(JSONObject(others.values.merged(with: members.values) { _, own in own }))
  }

  /// The line, without its end.
  public var line: [UInt8] { json.canonicalText }
}
