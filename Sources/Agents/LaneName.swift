internal import Events

// Orchestrators name branches and worktrees after the work that is done in them:
//
//   <feature>-WP03                       a work package's branch, and the folder of its worktree
//   kitty/mission-<slug>-lane-a          a lane's branch; `<slug>-lane-a` is the folder of its worktree
//   kitty/mission-<slug>                 the branch where lanes meet
//
// A lane works on several work packages; `lanes.json` in the feature's folder says which:
//
//   {"lanes": [{"lane_id": "lane-a", "wp_ids": ["WP01", "WP02"]}, …]}

/// What the name of a branch or of a worktree's folder says about the work done there.
package struct LaneName: Hashable, Sendable {
  /// The feature's slug.
  package let feature: String
  /// The work package, where the name has one.
  package let wpID: String?
  /// The lane, where the name has one: `lane-a`.
  package let lane: String?

  /// Reads a branch's name, with or without `refs/heads/`, or a folder's.
  ///
  /// `nil` when the name is not of the orchestrators' making.
  package init?(_ name: String) {
    var rest = Substring(name)
    if rest.hasPrefix("refs/heads/") { rest.removeFirst("refs/heads/".count) }
    let isMission = rest.hasPrefix("kitty/mission-")
    if isMission { rest.removeFirst("kitty/mission-".count) }
    // Asked of bytes: a slash and an accent make one `Character`, which is no slash.
    guard !rest.isEmpty, !rest.utf8.contains(UInt8(ascii: "/")) else { return nil }
    if let (feature, suffix) = LaneName.split(rest, before: "-WP"), suffix.count >= 2,
      suffix.utf8.allSatisfy({ 0x30...0x39 ~= $0 })
    {
      self.init(feature: feature, wpID: "WP\(suffix)", lane: nil)
    } else if let (feature, suffix) = LaneName.split(rest, before: "-lane-"), suffix.utf8.count == 1,
      suffix.utf8.allSatisfy({ 0x61...0x7A ~= $0 })
    {
      self.init(feature: feature, wpID: nil, lane: "lane-\(suffix)")
    } else if isMission {
      self.init(feature: String(rest), wpID: nil, lane: nil)
    } else {
      return nil
    }
  }

  private init(feature: String, wpID: String?, lane: String?) {
    self.feature = feature
    self.wpID = wpID
    self.lane = lane
  }

  /// What stands before and after the last `separator`; `nil` when there is none, or nothing before it.
  private static func split(_ name: Substring, before separator: String) -> (String, Substring)? {
    var end = name.endIndex
    while end > name.startIndex {
      end = name.index(before: end)
      if name[end...].hasPrefix(separator) {
        return end == name.startIndex
          ? nil : (String(name[..<end]), name[name.index(end, offsetBy: separator.count)...])
      }
    }
    return nil
  }

  /// The only work package that `table`, the bytes of a `lanes.json`, gives the lane; `nil` when there is none, or
  /// several.
  package func workPackage(in table: [UInt8]) -> String? {
    guard let lane, case .array(let lanes)? = JSONValue(table)?.object?["lanes"] else { return nil }
    for case .object(let candidate) in lanes where candidate["lane_id"]?.text == lane {
      guard case .array(let packages)? = candidate["wp_ids"], packages.count == 1 else { return nil }
      return packages[0].text.flatMap { $0.isEmpty || $0.utf8.count > 200 ? nil : $0 }
    }
    return nil
  }
}
