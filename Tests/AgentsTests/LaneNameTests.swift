import Agents
import Testing

struct `Lane names` {
  @Test(arguments: [
    ("043-telemetry-WP03", "043-telemetry", "WP03"), ("refs/heads/x-WP117", "x", "WP117"),
    ("a-WP01-WP02", "a-WP01", "WP02"),
    ("kitty/mission-043-x-WP07", "043-x", "WP07"),
  ])
  func `a work package's branch tells feature and work package`(name: String, feature: String, wpID: String) {
    #expect(LaneName(name)?.feature == feature)
    #expect(LaneName(name)?.wpID == wpID)
    #expect(LaneName(name)?.lane == nil)
  }

  @Test(arguments: [
    ("kitty/mission-043-x-lane-a", "043-x", "lane-a"),
    ("refs/heads/kitty/mission-x-lane-b-lane-z", "x-lane-b", "lane-z"), ("043-x-lane-c", "043-x", "lane-c"),
  ])
  func `a lane's branch tells feature and lane`(name: String, feature: String, lane: String) {
    #expect(LaneName(name)?.feature == feature)
    #expect(LaneName(name)?.lane == lane)
    #expect(LaneName(name)?.wpID == nil)
  }

  @Test func `the branch where lanes meet tells the feature only`() {
    let name = LaneName("kitty/mission-043-x")
    #expect(name?.feature == "043-x")
    #expect(name?.wpID == nil)
    #expect(name?.lane == nil)
  }

  @Test(arguments: [
    "main", "", "-WP03", "x-WP3", "x-WP", "x-WP03a", "x-wp03", "topic/x-WP03", "kitty/mission-", "kitty/mission-a/b",
    "refs/heads/", "kitty/x-lane-a", "x-lane-", "x-lane-ab", "x-lane-A", "x-WP٠٣", "-lane-a",
    "a/\u{301}b-WP03",
  ])
  func `another name tells nothing`(name: String) {
    #expect(LaneName(name) == nil)
  }

  @Test(arguments: [
    (#"{"lanes": [{"lane_id": "lane-b", "wp_ids": ["WP02"]}, {"lane_id": "lane-a", "wp_ids": ["WP07"]}]}"#, "WP07"),
    (#"{"lanes": [{"lane_id": "lane-a", "wp_ids": ["WP01", "WP02"]}]}"#, nil),
    (#"{"lanes": [{"lane_id": "lane-a", "wp_ids": [""]}]}"#, nil),
    (#"{"lanes": [{"lane_id": "lane-a", "wp_ids": [7]}]}"#, nil),
    (#"{"lanes": {"lane-a": ["WP01"]}}"#, nil), (#"{"lanes": ["#, nil), ("", nil), ("[]", nil),
  ])
  func `a lane's only work package stands in the table of lanes`(table: String, wpID: String?) {
    #expect(LaneName("043-x-lane-a")?.workPackage(in: Array(table.utf8)) == wpID)
  }
}
