internal import ArgumentParser
internal import Events
internal import KittyGitTelemetry
internal import SystemPackage

/// Joins what branches, notes and the journal know.
struct MergeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Join what branches, notes and the journal know, after branches were merged.",
    discussion: """
      Run it after git merge, finished or stopped by a conflict in a log, which it resolves and stages. After a \
      squash, name the branches or commits that were squashed where their commits are not listed in its message.

      Logs and clocks in this work tree are rewritten, each event once and in order; events whose commit is gone get \
      their note on a commit that is not. Exit status 1: events disagree or something could not be read or written.
      """)

  @OptionGroup var common: CommonOptions

  @Argument(help: "Branches or commits whose events are due here although no merge led to them.")
  var revisions: [String] = []
  @Option(name: [.customShort("f"), .long], parsing: .unconditional, help: "Only this feature.")
  var feature: String?
  @Flag(help: "Print one JSON document.")
  var json = false

  func run() throws {
    let report: MergeReport
    do {
      report = try Merger(directory: common.directory).merge(revisions, feature: feature)
    } catch {
      throw Console.failure(error)
    }
    for notice in report.notices { Console.say("note: \(notice)") }
    for trouble in report.troubles { Console.say("warning: \(trouble)") }
    if json {
      Console.show(document(report))
    } else if report.features.isEmpty {
      Console.show("nothing to merge")
    } else {
      for feature in report.features { Console.show(summary(feature)) }
    }
    if report.hasFindings { throw ExitCode(1) }
  }

  private func summary(_ feature: MergeReport.Feature) -> String {
    var parts = ["\(feature.added.grouped) added", counted(feature.duplicates, "duplicate")]
    if feature.conflicts > 0 {
      parts.append("\(counted(feature.conflicts, "conflict")), \(feature.newConflicts.grouped) new")
    }
    if feature.unreadable > 0 { parts.append("\(counted(feature.unreadable, "unreadable line")) kept") }
    if feature.notesWritten > 0 { parts.append("\(counted(feature.notesWritten, "note")) written") }
    if feature.isResolved { parts.append("conflict resolved and staged") }
    let state = feature.hasChanged ? "" : ", unchanged"
    let clock = feature.clock.sorted.map { "\(Console.plain($0.node.description)) \($0.value)" }
    // Below the top of the work tree, as git shows paths.
    let log = feature.log.components.suffix(3).map(\.string).joined(separator: "/")
    return """
      \(Console.plain(feature.feature)): \(counted(feature.events, "event")) (\(parts.joined(separator: ", ")))\(state)
        log    \(Console.plain(log))
        clock  \(clock.joined(separator: ", "))
      """
  }

  private func document(_ report: MergeReport) -> JSONValue {
    let features = report.features.map { feature -> JSONValue in
      let clock = feature.clock.sorted.map { ($0.node, JSONValue(Array($0.value.description.utf8)) ?? .null) }
      return .object(
        JSONObject([
          ("feature", .string(feature.feature)), ("events", .integer(feature.events)),
          ("added", .integer(feature.added)), ("duplicates", .integer(feature.duplicates)),
          ("conflicts", .integer(feature.conflicts)), ("unreadable", .integer(feature.unreadable)),
          ("notes_written", .integer(feature.notesWritten)), ("clock", .object(JSONObject(clock))),
          ("log", .string(feature.log.string)), ("commit", .null),
        ]))
    }
    return .object(
      JSONObject([
        ("features", .array(features)), ("sources", .array(report.sources.map { .string($0) })),
        ("warnings", .array(report.troubles.map { .string($0) })),
      ]))
  }
}
