import Events
import KittyGitTelemetry
import SystemPackage
import TestSupport

extension TestRepository {
  /// A recorder that works from the repository's folder, or another.
  func recorder(in directory: String? = nil, environment: [String: String] = [:]) throws -> Recorder {
    try isolateGit()
    return Recorder(directory: FilePath(directory ?? path), environment: environment)
  }
}

/// The run of an implementer.
let someRun = RecordingContent.invocation(Invocation(wpID: "", agent: "claude", role: .implementer))

/// Where to record it.
func context(feature: String? = "f", wpID: String? = "WP01", folder: String? = nil) -> RecordingContext {
  RecordingContext(hints: FeatureLocation.Hints(feature: feature, folder: folder, wpID: wpID))
}
