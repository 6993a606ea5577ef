internal import Agents
internal import Git
internal import Journal
package import SystemPackage

/// Where the events of one feature are kept, and which work package they belong to.
package struct FeatureLocation: Hashable, Sendable {
  /// The feature's slug.
  package let feature: String
  /// The work package; `N/A` outside of one.
  package let wpID: String
  /// The feature's folder.
  package let folder: FilePath
  /// The folder below the top of the work tree, or its absolute path outside of one.
  package let directory: String

  /// The folder of all features, below the top of a work tree.
  package static let root = "kitty-specs"
  /// The work package of an event that belongs to none.
  package static let noWorkPackage = "N/A"

  /// What a caller says about the place; what is missing is found from names.
  package struct Hints: Sendable {
    /// The feature's slug.
    package var feature: String?
    /// The feature's folder.
    package var folder: String?
    /// The work package.
    package var wpID: String?

    /// Creates hints.
    package init(feature: String? = nil, folder: String? = nil, wpID: String? = nil) {
      self.feature = feature
      self.folder = folder
      self.wpID = wpID
    }
  }

  private init(feature: String, wpID: String, folder: FilePath, directory: String) {
    self.feature = feature
    self.wpID = wpID
    self.folder = folder
    self.directory = directory
  }

  /// Throws when `feature` cannot be the name of a folder.
  package static func check(feature: String) throws(TelemetryError) {
    func refuse(_ reason: String) -> TelemetryError {
      TelemetryError(.usage, "cannot use \(printable(feature)) as a feature: \(reason); give the slug of one feature")
    }
    guard !feature.isEmpty else { throw refuse("it is empty") }
    guard feature != ".", feature != "..", !feature.utf8.contains(UInt8(ascii: "/")) else {
      throw refuse("it is not one path component")
    }
    guard feature.lowercased() != ".git" else { throw refuse("git keeps its own files there") }
    guard !feature.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
      throw refuse("it has control characters")
    }
    guard !feature.unicodeScalars.contains("\u{FFFD}") else { throw refuse("it is not UTF-8") }
    // Names of files are made from it, with room for their endings.
    guard feature.utf8.count <= 200 else { throw refuse("it is longer than 200 bytes") }
  }

  /// Finds the place of a feature outside of any repository, where only an explicit folder will do.
  static func outside(
    _ named: String, _ hints: Hints, from directory: FilePath, environment: [String: String]
  ) throws(TelemetryError) -> FeatureLocation {
    let folder = absolute(named, from: directory)
    let feature = hints.feature ?? environment["KITTY_FEATURE"] ?? folder.lastComponent?.string ?? ""
    try check(feature: feature)
    return FeatureLocation(
      feature: feature, wpID: hints.wpID ?? environment["KITTY_WP_ID"] ?? noWorkPackage, folder: folder,
      directory: folder.string)
  }

  /// Finds the place of a feature in a work tree: from `hints`, else the environment, else the names of the branch and
  /// of the work tree's folder.
  static func inside(
    _ repository: borrowing Repository, _ head: Head, _ hints: Hints, from directory: FilePath,
    environment: [String: String]
  ) throws(TelemetryError) -> FeatureLocation {
    guard let workTree = repository.workTree.map({ FilePath($0) }) else {
      throw TelemetryError(
        .environment,
        "cannot record in \(repository.gitDirectory): a bare repository has no work tree; nothing was stored; "
          + "run it in a worktree")
    }
    let named = hints.folder.map { absolute($0, from: directory) }
    let lane = head.branch.flatMap { LaneName($0) } ?? workTree.lastComponent.flatMap { LaneName($0.string) }
    guard let feature = hints.feature ?? environment["KITTY_FEATURE"] ?? lane?.feature ?? named?.lastComponent?.string
    else {
      throw TelemetryError(
        .usage, "cannot tell the feature from the branch or the worktree's name; give --feature")
    }
    try check(feature: feature)
    let folder = named ?? workTree.appending(root).appending(feature)
    let wpID =
      hints.wpID ?? environment["KITTY_WP_ID"]
      ?? lane.flatMap { lane in lane.feature == feature ? workPackage(of: lane, in: folder) : nil } ?? noWorkPackage
    return FeatureLocation(
      feature: feature, wpID: wpID, folder: folder, directory: relative(folder, to: workTree))
  }

  /// The work package of a lane: its own, or the only one that `lanes.json` gives the lane.
  static func workPackage(of lane: LaneName, in folder: FilePath) -> String? {
    if let wpID = lane.wpID { return wpID }
    // A lanes.json that is missing or cannot be read says nothing; recording goes on without it.
    guard lane.lane != nil, let file = try? OpenFile.ifPresent(folder.appending("lanes.json")) else { return nil }
    return (try? file.readAll(atMost: 16 << 20)).flatMap { lane.workPackage(in: $0) }
  }

  private static func absolute(_ path: String, from directory: FilePath) -> FilePath {
    FileSystem.resolved(directory.pushing(FilePath(path)))
  }

  private static func relative(_ path: FilePath, to root: FilePath) -> String {
    var rest = path
    return rest.removePrefix(root) ? rest.string : path.string
  }
}
