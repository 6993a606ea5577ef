import Events
import Git
import KittyGitTelemetry
import SystemPackage
import TestSupport

/// Shuts out the configuration of the machine and of whoever runs the tests, once and for all of them.
private let isolation: (any Error)? = {
  do {
    try Library.readConfiguration(onlyFrom: "/dev/null")
    return nil
  } catch {
    return error
  }
}()

extension TestRepository {
  /// A recorder that works from the repository's folder, or another.
  func recorder(in directory: String? = nil, environment: [String: String] = [:]) throws -> Recorder {
    if let isolation { throw isolation }
    return Recorder(directory: FilePath(directory ?? path), environment: environment)
  }
}

/// The run of an implementer.
let someRun = RecordingContent.invocation(Invocation(wpID: "", agent: "claude", role: .implementer))

/// Where to record it.
func context(feature: String? = "f", wpID: String? = "WP01", folder: String? = nil) -> RecordingContext {
  RecordingContext(hints: FeatureLocation.Hints(feature: feature, folder: folder, wpID: wpID))
}
