internal import Events
internal import KittyGitTelemetry
internal import SystemPackage

/// What `emit` says about what it recorded.
enum EmitReport {
  /// One recording as a JSON object.
  static func document(_ recording: Recording) -> JSONValue {
    func text(_ key: JSONString) -> JSONValue { recording.payload[key] ?? .null }
    var members: [(JSONString, JSONValue)] = [
      ("result", .string("success")),
      ("event_id", .string(recording.id.description)),
      ("feature", .string(recording.feature)),
      ("wp_id", .string(recording.wpID)),
      ("role", text("role")),
      ("agent", text("agent")),
      ("model", text("model")),
      ("lamport_clock", JSONValue(Array(recording.lamportClock.description.utf8)) ?? .null),
      ("node_id", .string(recording.nodeID)),
      ("log", .string(recording.log.string)),
      ("commit", recording.commit.map { .string($0) } ?? .null),
      ("note", .string(recording.note.rawValue)),
    ]
    if recording.isDuplicate { members.append(("duplicate", .bool(true))) }
    if let warning = recording.warning {
      members += failureMembers(warning, stored: recording.stored.map(\.rawValue))
    }
    return .object(JSONObject(members))
  }

  /// One outcome as a JSON object.
  static func document(_ outcome: Outcome<Recording>) -> JSONValue {
    switch outcome {
    case .success(let recording): document(recording)
    case .failure(let error): failure(error.message)
    }
  }

  /// A failure that left nothing behind, as a JSON object.
  static func failure(_ message: String) -> JSONValue {
    .object(JSONObject(failureMembers(message, stored: [])))
  }

  private static func failureMembers(_ message: String, stored: [String]) -> [(JSONString, JSONValue)] {
    [("result", .string("error")), ("error", .string(message)), ("stored", .array(stored.map { .string($0) }))]
  }

  /// One recording as a line for people.
  static func summary(_ recording: Recording) -> String {
    let verb = recording.isDuplicate ? "completed" : recording.stored.isEmpty ? "did not record" : "recorded"
    let role = recording.payload["role"]?.text ?? "event"
    let note =
      switch recording.note {
      case .written: ", noted on \(recording.commit?.prefix(8) ?? "")"
      case .waiting: ", its note waits"
      case .none: ""
      }
    return Console.plain(
      "\(verb) \(role) \(recording.id) for \(recording.wpID) of \(recording.feature), "
        + "clock \(recording.lamportClock)\(note)")
  }

  /// Many outcomes as a line for people.
  static func summary(_ outcomes: [Outcome<Recording>]) -> String {
    let recordings = outcomes.compactMap { if case .success(let recording) = $0 { recording } else { nil } }
    let duplicates = recordings.count { $0.isDuplicate }
    let failures = outcomes.count - recordings.count
    var text = "recorded \(counted(recordings.count - duplicates, "event"))"
    if duplicates > 0 { text += ", completed \(duplicates.grouped)" }
    if failures > 0 { text += ", refused \(failures.grouped)" }
    return text
  }
}
