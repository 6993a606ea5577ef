package import Events
internal import Git
internal import Journal
package import SystemPackage

/// Reads the logs of a work tree.
package struct Reader {
  private let directory: FilePath

  /// Creates a reader that works from `directory`, as git does with `-C`.
  package init(directory: FilePath) { self.directory = directory }

  /// The events of each feature in the work tree whose slug begins with `prefix`.
  package func events(ofFeatures prefix: String) throws(TelemetryError) -> [(feature: String, events: EventSet)] {
    try environmental {
      let repository = try Repository(discoveredFrom: directory.string)
      guard let workTree = repository.workTree else {
        throw TelemetryError(
          .environment, "cannot read logs in \(repository.gitDirectory): a bare repository has none; use a work tree")
      }
      var events: [(feature: String, events: EventSet)] = []
      let root = FilePath(workTree).appending(FeatureLocation.root)
      for feature in FileSystem.names(in: root)
      where feature.hasPrefix(prefix) && FileSystem.isDirectory(root.appending(feature)) {
        guard let snapshot = try LogFile(in: root.appending(feature)).read() else { continue }
        events.append((feature, EventSet([snapshot.storage])))
      }
      return events
    }
  }
}
