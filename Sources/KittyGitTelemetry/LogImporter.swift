internal import Agents
internal import Events
internal import Git
internal import Journal
package import SystemPackage

/// Records what orchestrators kept in logs of their own.
///
/// The event of a log has an id that its name and its content give, so that importing it again changes nothing. A run
/// that was recorded when it happened is known by the agent's name for the conversation, and not recorded once more.
package struct LogImporter {
  /// What became of one log.
  package enum Outcome {
    /// It was recorded, now or before.
    case recorded(Recording)
    /// The run had been recorded otherwise, as this event.
    case known(String)
    /// It could not be read or recorded.
    case refused(TelemetryError)
  }

  private let directory: FilePath
  private let environment: [String: String]

  /// Creates an importer that works from `directory`, as git does with `-C`.
  package init(directory: FilePath, environment: [String: String]) {
    self.directory = directory
    self.environment = environment
  }

  /// Records the logs at `paths`; of a folder, all the logs in it.
  ///
  /// Where `context` does not say the feature, that of the log's name counts, and then what the environment, the branch
  /// and the worktree say.
  ///
  /// - Throws: ``TelemetryError`` with `environment` where there is no place to record in; nothing has been written then.
  package func importLogs(
    at paths: [String], _ context: RecordingContext
  ) throws(TelemetryError) -> [(path: String, outcome: Outcome)] {
    let files = paths.flatMap(files)
    let read = files.map { file in (file, Result { () throws(TelemetryError) in try log(at: file) }) }
    let sessions = try recordedSessions()
    var outcomes: [Int: Outcome] = [:]
    var pending: [String?: [(index: Int, content: RecordingContent)]] = [:]
    for (index, (_, result)) in read.enumerated() {
      switch result {
      case .failure(let error): outcomes[index] = .refused(error)
      case .success(let entry):
        let session = entry.log.result.sessionID.flatMap { sessions[Session(id: $0, wpID: entry.log.wpID)] }
        if let session, session != entry.log.id {
          outcomes[index] = .known(session.description)
        } else {
          pending[context.hints.feature ?? entry.log.feature, default: []].append((index, entry.content))
        }
      }
    }
    let recorder = Recorder(directory: directory, environment: environment)
    for (feature, members) in pending {
      var context = context
      context.hints.feature = feature
      for (member, outcome) in zip(members, try recorder.record(members.map(\.content), context)) {
        switch outcome {
        case .success(let recording): outcomes[member.index] = .recorded(recording)
        case .failure(let error): outcomes[member.index] = .refused(error)
        }
      }
    }
    return read.indices.compactMap { index in outcomes[index].map { (read[index].0.string, $0) } }
  }

  /// A log, and when it was written.
  private struct Entry {
    let log: OrchestratorLog
    let time: Timestamp?

    var content: RecordingContent {
      let invocation = Invocation(wpID: log.wpID, agent: log.agent, role: log.role, result: log.result)
      return .payload(invocation.payload, id: log.id, time: time)
    }
  }

  private func files(at path: String) -> [FilePath] {
    let path = FilePath(path)
    let place = directory.pushing(path)
    guard FileSystem.isDirectory(place) else { return [path] }
    return FileSystem.names(in: place).filter { $0.hasSuffix(".log") }.sorted().map { path.appending($0) }
  }

  private func log(at path: FilePath) throws(TelemetryError) -> Entry {
    let content: [UInt8]
    let time: Int64
    do throws(JournalError) {
      let file = try OpenFile(directory.pushing(path), .readOnly)
      try file.requireRegular()
      content = try file.readAll()
      time = try file.modificationTime
    } catch {
      throw TelemetryError(.usage, "\(error); give an orchestrator's log")
    }
    guard let log = OrchestratorLog(name: path.lastComponent?.string ?? "", content: content) else {
      throw TelemetryError(
        .usage, "cannot import \(printable(path.string)): it is no orchestrator's log; give a file of .kittify/logs")
    }
    return Entry(log: log, time: Timestamp(microsecondsSince1970: time))
  }

  /// A conversation about a work package: two agents may talk in the same one about different ones.
  private struct Session: Hashable {
    let id: String
    let wpID: String
  }

  /// The conversations that have been recorded, and as which event.
  private func recordedSessions() throws(TelemetryError) -> [Session: EventID] {
    try environmental {
      let repository = try Repository(discoveredFrom: directory.string)
      var sessions: [Session: EventID] = [:]
      for record in try CommonJournal(commonDirectory: FilePath(repository.commonDirectory)).records() {
        guard let event = Event(line: record.event), let session = event.payload["session_id"]?.text else { continue }
        sessions[Session(id: session, wpID: event.payload["wp_id"]?.text ?? "")] = event.id
      }
      return sessions
    }
  }
}
