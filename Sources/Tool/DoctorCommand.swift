internal import ArgumentParser
internal import Events
internal import FoundationEssentials
internal import KittyGitTelemetry

/// Says what is missing, wrong or risky.
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Say what is missing, wrong or risky about recording, and what mends it.",
    discussion: "Changes nothing. Exit status 1: there is something to mend.")

  @OptionGroup var common: CommonOptions

  @Flag(help: "Print one JSON document.")
  var json = false

  func run() throws {
    let doctor = Doctor(directory: common.directory, environment: ProcessInfo.processInfo.environment)
    let symptoms = doctor.examine()
    if json {
      Console.show(document(symptoms))
    } else if symptoms.isEmpty {
      Console.show("all is well")
    } else {
      for severity in Symptom.Severity.allCases {
        for symptom in symptoms where symptom.severity == severity {
          let remedy = symptom.command.map { "; run: \($0)" } ?? ""
          Console.show("\(severity.rawValue): \(Console.plain(symptom.message + remedy))")
        }
      }
    }
    if !symptoms.isEmpty { throw ExitCode(1) }
  }

  private func document(_ symptoms: [Symptom]) -> JSONValue {
    let findings = symptoms.map { symptom -> JSONValue in
      .object(
        JSONObject([
          ("severity", .string(symptom.severity.rawValue)), ("kind", .string(symptom.kind.rawValue)),
          ("message", .string(symptom.message)), ("command", symptom.command.map { .string($0) } ?? .null),
        ]))
    }
    return .object(JSONObject([("ok", .bool(symptoms.isEmpty)), ("findings", .array(findings))]))
  }
}
