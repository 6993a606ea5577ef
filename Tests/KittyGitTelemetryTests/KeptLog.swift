import Logging
import Synchronization

/// A log handler that keeps what it is given.
struct KeptLog: LogHandler {
  final class Messages: Sendable {
    let kept = Mutex<[String]>([])

    /// What was logged, in order.
    var all: [String] { kept.withLock { $0 } }
  }

  let messages: Messages
  var logLevel = Logger.Level.trace
  var metadata: Logger.Metadata = [:]

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    messages.kept.withLock { $0.append("\(event.level): \(event.message)") }
  }
}
