import Events
import Foundation
import TestSupport
import Testing

/// The path of the built program.
func toolPath() throws -> String { try builtProduct("kitty-git-telemetry") }

extension TestRepository {
  /// What the program sees of the world: nothing of the user's.
  var toolEnvironment: [String: String] {
    let kept = ["PATH", "HOME", "LC_ALL", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_NOSYSTEM"]
    // Where coverage is measured, or a sanitizer looks on, what the program is to do about it.
    let watched = ["LLVM_PROFILE_FILE", "ASAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS"]
    var watching = ProcessInfo.processInfo.environment.filter { watched.contains($0.key) }
    // A program that a test kills may leave half a count, with which that of the tests must not be added up.
    watching["LLVM_PROFILE_FILE"]?.replace(".profraw", with: ".program")
    return environment.filter { kept.contains($0.key) }.merging(watching) { $1 }
  }

  /// Starts the program with `input` on standard input; `prefix` is a command that runs it.
  func startTool(
    _ arguments: [String], in directory: String? = nil, environment: [String: String] = [:], prefix: [String] = [],
    input: [UInt8] = []
  ) throws -> ChildProcess {
    let words = prefix + [try toolPath()] + arguments
    // Another user could not write the counts of a coverage run, and would say so.
    let profile = prefix.isEmpty ? [:] : ["LLVM_PROFILE_FILE": "/dev/null"]
    return try ChildProcess.start(
      words[0], Array(words.dropFirst()), in: directory ?? path,
      environment: toolEnvironment.merging(profile) { $1 }.merging(environment) { $1 }, input: input)
  }

  /// Runs another program, which must succeed.
  func run(_ command: String, _ arguments: String...) throws {
    let result = try ChildProcess.run(command, arguments, in: path, environment: environment)
    guard result.status == 0 else { throw ProcessFailure(command: command, result: result) }
  }

  /// Runs the program and returns what it did.
  func tool(
    _ arguments: String..., in directory: String? = nil, environment: [String: String] = [:], prefix: [String] = []
  ) throws -> ProcessResult {
    try startTool(arguments, in: directory, environment: environment, prefix: prefix).wait()
  }

  /// Runs `emit --role implementer` with further arguments and returns what it did.
  func emit(
    _ arguments: String..., in directory: String? = nil, environment: [String: String] = [:], prefix: [String] = []
  ) throws -> ProcessResult {
    try startTool(
      ["emit", "--role", "implementer"] + arguments, in: directory, environment: environment, prefix: prefix
    ).wait()
  }

  /// Runs `emit --json`, which must succeed without a word on standard error, and returns the document.
  @discardableResult
  func emitted(
    _ arguments: String..., in directory: String? = nil, environment: [String: String] = [:],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> JSONObject {
    let result = try startTool(
      ["emit", "--role", "implementer", "--json"] + arguments, in: directory, environment: environment
    ).wait()
    #expect(result.status == 0 && result.errorText.isEmpty, "\(result.errorText)", sourceLocation: sourceLocation)
    let document = try #require(result.document, sourceLocation: sourceLocation)
    #expect(document["result"]?.text == "success", sourceLocation: sourceLocation)
    return document
  }

  /// The bytes of a file below the repository's folder.
  func read(_ file: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: file.hasPrefix("/") ? file : path + "/" + file)))
  }

  /// The lines of a file, without their ends; none when there is no file.
  func lines(_ file: String) -> [String] {
    // A file that is not there is what some tests expect.
    guard let bytes = try? read(file) else { return [] }
    return text(bytes).split(separator: "\n").map(String.init)
  }

  /// Where the log of a feature is.
  func log(_ feature: String = "f") -> String { "kitty-specs/\(feature)/execution.events.jsonl" }

  /// Where the clock of a feature is.
  func clock(_ feature: String = "f") -> String { "kitty-specs/\(feature)/.telemetry-clock.json" }

  /// The lines that plain git shows of the note about `commit`.
  func notedLines(_ commit: String = "HEAD", in directory: String? = nil) throws -> [String] {
    let shown = try attempt(["notes", "--ref=kitty-telemetry", "show", commit], in: directory)
    return shown.outputText.split(separator: "\n").map(String.init)
  }

  /// The lines of all notes.
  func allNotedLines() throws -> [String] {
    let commits = try git("notes", "--ref=kitty-telemetry", "list").split(separator: "\n")
    return try commits.flatMap { try notedLines(String($0.split(separator: " ")[1])) }
  }

  /// The events that the journal has.
  func journaled() -> [Event] {
    lines(".git/kitty-telemetry/journal.jsonl").compactMap { line in
      guard let event = JSONValue(Array(line.utf8))?.object?["line"] else { return nil }
      return Event(line: event.canonicalText)
    }
  }
}

extension ProcessResult {
  /// The one JSON object on standard output; `nil` when there is anything else.
  var document: JSONObject? {
    guard output.last == 0x0A, output.count(where: { $0 == 0x0A }) == 1 else { return nil }
    return JSONValue(Array(output.dropLast()))?.object
  }

  /// The lines on standard error.
  var complaints: [String] {
    errorText.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
  }
}

/// Everything in a folder: what each path is and what it holds.
func listing(_ folder: String) throws -> [String: Data] {
  var listing: [String: Data] = [:]
  for name in try FileManager.default.subpathsOfDirectory(atPath: folder) {
    let path = folder + "/" + name
    let type = try FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
    listing[name] = type == .typeRegular ? try Data(contentsOf: URL(fileURLWithPath: path)) : Data("no file".utf8)
  }
  return listing
}

/// The events that lines spell; a line that spells none fails the test.
func events(_ lines: [String], sourceLocation: SourceLocation = #_sourceLocation) -> [Event] {
  lines.compactMap { line in
    let event = Event(line: Array(line.utf8))
    if event == nil { Issue.record("no event: \(line.prefix(200))", sourceLocation: sourceLocation) }
    return event
  }
}

/// Bytes as text.
func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
