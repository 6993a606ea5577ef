internal import ArgumentParser
internal import Events
internal import KittyGitTelemetry

/// Names every disagreement between replicas.
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Name every disagreement between logs, clocks, notes and the journal.",
    discussion: """
      Changes nothing. Each finding says which command mends it; what needs no mending is told as information. Exit \
      status 1: there are findings.
      """)

  @OptionGroup var common: CommonOptions

  @Option(name: [.customShort("f"), .long], parsing: .unconditional, help: "Only this feature.")
  var feature: String?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Look at the logs of this commit, also in a bare repository.", valueName: "rev"))
  var ref: String?
  @Flag(help: "Print one JSON document.")
  var json = false

  /// How many findings of a kind are shown to people.
  private static let shownOfAKind = 5

  func run() throws {
    let report: VerifyReport
    do {
      report = try Verifier(directory: common.directory).verify(
        feature: feature, reference: ref, progress: Progress.shown)
    } catch {
      throw Console.failure(error)
    }
    Progress.clear()
    if json {
      Console.show(document(report))
    } else {
      show(report.information, as: "information")
      show(report.findings, as: "finding")
      let extent = "\(counted(report.events, "event")) of \(counted(report.features, "feature"))"
      Console.show(
        report.isContent ? "content: \(extent)" : "\(counted(report.findings.count, "finding")) about \(extent)")
    }
    if !report.isContent { throw ExitCode(1) }
  }

  private func show(_ findings: [Finding], as title: String) {
    for kind in Finding.Kind.allCases {
      let found = findings.filter { $0.kind == kind }
      for finding in found.prefix(VerifyCommand.shownOfAKind) {
        Console.show("\(title): \(kind.rawValue): \(Console.plain(finding.message))")
      }
      let rest = found.count - VerifyCommand.shownOfAKind
      if rest > 0 { Console.show("\(title): \(kind.rawValue): \(rest.grouped) more; --json shows all") }
    }
  }

  private func document(_ report: VerifyReport) -> JSONValue {
    .object(
      JSONObject([
        ("ok", .bool(report.isContent)), ("findings", .array(report.findings.map(document))),
        ("information", .array(report.information.map(document))),
      ]))
  }

  private func document(_ finding: Finding) -> JSONValue {
    func optional(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }
    return .object(
      JSONObject([
        ("kind", .string(finding.kind.rawValue)), ("feature", optional(finding.feature)),
        ("event_id", optional(finding.eventID)), ("commit", optional(finding.commit)),
        ("message", .string(finding.message)),
      ]))
  }
}
