import Events

/// An event's line with what tests vary; its id is one of few, chosen by a digit.
func line(
  _ digit: Int = 1, clock: String = "1", node: String = "cli:WP01", payload: String = "{}", more: String = ""
) -> String {
  let before = #"{"aggregate_id": "043-x", "causation_id": null, "event_id": "\#(ulid(digit))""#
  let middle = #""event_type": "ExecutionEvent", "lamport_clock": \#(clock), "node_id": "\#(node)""#
  return #"\#(before), \#(middle), "payload": \#(payload), "timestamp": "2026-02-16T09:12:58+00:00"\#(more)}"#
}

/// The id that ``line(_:clock:node:payload:more:)`` gives an event.
func ulid(_ digit: Int) -> String { "01KHJVJWDM0HGAGYGXJYKD1JQ\(digit)" }

/// The set that text holds.
func set(_ text: String) -> EventSet { EventSet(Array(text.utf8)) }

/// The written form of what lines hold, as lines.
func written(_ lines: String...) -> [String] { lines.isEmpty ? [] : rows(set(lines.joined(separator: "\n"))) }

/// The lines of a set's written form.
func rows(_ set: EventSet) -> [String] {
  text(set.bytes).split(separator: "\n", omittingEmptySubsequences: true).map(String.init)
}
