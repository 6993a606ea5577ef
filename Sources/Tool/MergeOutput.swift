internal import Events
internal import KittyGitTelemetry
internal import SystemPackage

/// What a join did, or would do, for people and for scripts.
struct MergeOutput {
  let report: MergeReport
  /// Whether nothing was changed.
  let isPreview: Bool
  /// Whether features without a folder here are told of.
  let tellsAll: Bool

  /// How many nodes' clock values people are shown.
  private static let shownNodes = 8

  /// Prints it.
  func show(asJSON: Bool) {
    Progress.clear()
    for notice in report.notices + report.lost { Console.say("note: \(notice)") }
    for trouble in report.troubles { Console.say("warning: \(trouble)") }
    if asJSON {
      Console.show(document)
    } else if report.features.isEmpty {
      Console.show("nothing to merge")
    } else {
      for feature in report.features { Console.show(summary(feature)) }
    }
    guard !asJSON, tellsAll else { return }
    for (feature, count) in report.withoutFolder {
      Console.show("\(Console.plain(feature)): \(counted(count, "event")) elsewhere, no folder here")
    }
  }

  private func summary(_ feature: MergeReport.Feature) -> String {
    var parts = ["\(feature.added.grouped) added", counted(feature.duplicates, "duplicate")]
    if feature.conflicts > 0 {
      parts.append("\(counted(feature.conflicts, "conflict")), \(feature.newConflicts.grouped) new")
    }
    if feature.unreadable > 0 { parts.append("\(counted(feature.unreadable, "unreadable line")) kept") }
    if feature.notesWritten > 0 {
      parts.append("\(counted(feature.notesWritten, "note")) \(isPreview ? "to write" : "written")")
    }
    if feature.isResolved { parts.append("conflict \(isPreview ? "to resolve" : "resolved and staged")") }
    let state = feature.hasChanged ? (isPreview ? ", would change" : "") : ", unchanged"
    let nodes = feature.clock.sorted
    var clock = nodes.prefix(MergeOutput.shownNodes).map { "\(Console.plain($0.node.description)) \($0.value)" }
    if nodes.count > clock.count { clock.append("and \((nodes.count - clock.count).grouped) more") }
    // Below the top of the work tree, as git shows paths.
    let log = feature.log.components.suffix(3).map(\.string).joined(separator: "/")
    return """
      \(Console.plain(feature.feature)): \(counted(feature.events, "event")) (\(parts.joined(separator: ", ")))\(state)
        log    \(Console.plain(log))
        clock  \(clock.joined(separator: ", "))
      """
  }

  private func elsewhere(_ feature: String, _ events: Int) -> JSONValue {
    .object(JSONObject([("feature", .string(feature)), ("events", .integer(events)), ("log", .null)]))
  }

  private var document: JSONValue {
    let features = report.features.map { feature -> JSONValue in
      let clock = feature.clock.sorted.map { ($0.node, JSONValue(Array($0.value.description.utf8)) ?? .null) }
      return .object(
        JSONObject([
          ("feature", .string(feature.feature)), ("events", .integer(feature.events)),
          ("added", .integer(feature.added)), ("duplicates", .integer(feature.duplicates)),
          ("conflicts", .integer(feature.conflicts)), ("unreadable", .integer(feature.unreadable)),
          ("notes_written", .integer(feature.notesWritten)), ("clock", .object(JSONObject(clock))),
          ("log", .string(feature.log.string)), ("commit", feature.commit.map { .string($0) } ?? .null),
        ]))
    }
    return .object(
      JSONObject([
        ("features", .array(features)), ("sources", .array(report.sources.map { .string($0) })),
        ("elsewhere", .array(tellsAll ? report.withoutFolder.map { elsewhere($0.feature, $0.events) } : [])),
        ("warnings", .array(report.troubles.map { .string($0) })),
      ]))
  }
}
