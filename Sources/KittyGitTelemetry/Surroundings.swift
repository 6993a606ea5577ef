internal import Agents
internal import Events
internal import Git
internal import Journal
internal import SystemPackage

/// What the place where an agent works says about its work, and where HEAD is there.
struct Surroundings {
  /// HEAD; `nil` where it could not be read.
  let head: Head?
  private let branch: LaneName?
  private let worktree: LaneName?
  /// The folder that the worktree is in.
  private let name: String
  /// The features' folders where something may be written about the feature: here, in the main work tree, and where an
  /// orchestrator coordinates.
  private let roots: [FilePath]
  /// The folder of the main work tree.
  private let main: FilePath
  /// How far each work package was, and since when.
  private var lanes: [String: (since: String, lane: String)] = [:]

  /// Looks at the repository that `directory` lies in.
  init(of directory: FilePath) throws {
    let repository = try Repository(discoveredFrom: directory.string)
    // Without HEAD there are still names.
    head = try? repository.head()
    let workTree = FilePath(repository.workTree ?? repository.gitDirectory)
    name = workTree.lastComponent?.string ?? ""
    branch = head?.branch.flatMap { LaneName($0) }
    worktree = LaneName(name)
    main = FilePath(repository.commonDirectory).removingLastComponent()
    var roots = [workTree]
    if main != workTree { roots.append(main) }
    if let feature = (branch ?? worktree)?.feature {
      roots.append(main.appending(".worktrees").appending("\(feature)-coord"))
    }
    self.roots = roots.map { $0.appending(FeatureLocation.root) }
  }

  /// Nothing, outside of a repository.
  init() {
    head = nil
    branch = nil
    worktree = nil
    name = ""
    roots = []
    main = ""
  }

  /// The feature that the names are about.
  var feature: Attribution.Finding<String>? {
    Attribution.Finding(branch?.feature, .branch) ?? Attribution.Finding(worktree?.feature, .worktree)
  }

  /// The work package that is worked on here: that of the name, or the lane's only one, or the lane's current one.
  func workPackage(of feature: String?) -> Attribution.Finding<String>? {
    for (lane, source) in [(branch, Attribution.Source.branch), (worktree, .worktree)] {
      // Another feature's names say nothing about this one.
      guard let lane, lane.feature == feature else { continue }
      if let wpID = lane.wpID { return Attribution.Finding(wpID, source) }
      for root in roots {
        guard let wpID = FeatureLocation.workPackage(of: lane, in: root.appending(lane.feature)) else { continue }
        return Attribution.Finding(wpID, .lanes)
      }
      let file = main.appending(".kittify").appending("workspaces").appending("\(name).json")
      return Attribution.Finding(Surroundings.object(in: file)?["current_wp"]?.text, .workspace)
    }
    return nil
  }

  /// Reads how far the work packages of a feature are by the orchestrator's own log; later, agents may have changed it.
  mutating func readStatus(of feature: String?) {
    guard let feature = feature ?? self.feature?.value else { return }
    for root in roots {
      let file = root.appending(feature).appending("status.events.jsonl")
      for line in Surroundings.content(of: file).split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
        guard let entry = JSONValue(Array(line))?.object, let wpID = entry["wp_id"]?.text,
          let lane = entry["to_lane"]?.text
        else { continue }
        let since = entry["at"]?.text ?? ""
        if lanes[wpID].map({ $0.since <= since }) ?? true { lanes[wpID] = (since, lane) }
      }
    }
  }

  /// How far a work package was when that was read.
  func lane(of wpID: String?) -> String? { wpID.flatMap { lanes[$0]?.lane } }

  private static func object(in file: FilePath) -> JSONObject? {
    JSONValue(content(of: file))?.object
  }

  /// The bytes of a file; none where it cannot be read, which then says nothing.
  private static func content(of path: FilePath) -> [UInt8] {
    guard let file = try? OpenFile.ifPresent(path), let bytes = try? file.readAll(atMost: 64 << 20) else { return [] }
    return bytes
  }
}
