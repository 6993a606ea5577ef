internal import Events
internal import KittyGitTelemetry
internal import SystemPackage

/// The events that `emit --events` reads: JSON Lines, each a payload or a whole event.
///
/// A whole event keeps its id, clock, node and time, byte for byte; that is how a foreign log is imported. A payload
/// becomes a new event, for which `--role` and `--agent` say what it leaves out.
struct EventBatch {
  private let contents: [Outcome<RecordingContent>]

  /// Reads a file below `directory`, or standard input for `-`.
  init(_ name: String, from directory: FilePath, role: Role?, agent: String) throws(TelemetryError) {
    let bytes = try Input.bytes(of: name, from: directory)
    var contents: [Outcome<RecordingContent>] = []
    let span = bytes.span
    var number = 0
    LineScanner.forEachLine(in: span) { range in
      number += 1
      contents.append(
        EventBatch.content([UInt8](copying: span, in: range), number: number, role: role, agent: agent))
    }
    self.contents = contents
  }

  /// Records what could be read, and gives each line its outcome in input order.
  func record(
    _ recorder: Recorder, _ context: RecordingContext
  ) throws(TelemetryError) -> [Outcome<Recording>] {
    let readable = contents.compactMap { if case .success(let content) = $0 { content } else { nil } }
    guard !readable.isEmpty else {
      return contents.compactMap { if case .failure(let error) = $0 { .failure(error) } else { nil } }
    }
    var outcomes = try recorder.record(readable, context)[...]
    return contents.map { content in
      switch content {
      case .success: outcomes.removeFirst()
      case .failure(let error): .failure(error)
      }
    }
  }

  private static func content(
    _ line: [UInt8], number: Int, role: Role?, agent: String
  ) -> Outcome<RecordingContent> {
    let bytes = line.span
    switch LineScanner.content(of: bytes.indices, in: bytes) {
    case .event: return .success(.event(line: line))
    // The loser of a conflict is an event too; the join finds out again that it lost.
    case .conflict(let envelope): return .success(.event(line: [UInt8](copying: bytes, in: envelope.line)))
    case .marker, .unreadable: break
    }
    func refusal(_ reason: String) -> Outcome<RecordingContent> {
      .failure(TelemetryError(.usage, "cannot record line \(number): \(reason)"))
    }
    guard var payload = JSONValue(line)?.object else { return refusal("it is no JSON object") }
    let envelope: [JSONString] = ["aggregate_id", "event_id", "event_type", "lamport_clock", "node_id", "payload"]
    guard envelope.allSatisfy({ payload[$0] == nil }) else { return refusal("its envelope is not that of an event") }
    if payload["role"] == nil, let role { payload["role"] = .string(role.rawValue) }
    if payload["agent"] == nil { payload["agent"] = .string(agent) }
    return .success(.payload(payload, id: nil))
  }
}
