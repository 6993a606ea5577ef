import Events
import Foundation
import TestSupport

/// Where programs are looked up.
let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"

/// A folder with a repository, its worktrees and a home, and the programs that work there: a copy for each trial.
struct World: Sendable {
  /// The folder of everything.
  let folder: String
  /// The program under test.
  let tool: String

  /// The main work tree.
  var repository: String { folder + "/repository" }

  /// The whole environment of programs: nothing of the user's.
  var environment: [String: String] {
    let date = "1700000000 +0000"
    return [
      "PATH": path, "HOME": folder + "/home", "LC_ALL": "C", "GIT_CONFIG_GLOBAL": "/dev/null",
      "GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0", "GIT_EDITOR": "true", "GIT_AUTHOR_DATE": date,
      "GIT_COMMITTER_DATE": date, "LLVM_PROFILE_FILE": "/dev/null",
      // The address sanitizer cannot look for leaks in what is traced, and fails where it tries.
      "ASAN_OPTIONS": "detect_leaks=0",
    ]
  }

  /// Copies everything to another folder, which must not exist, where it is as whole as here.
  func copy(to target: String) throws -> World {
    let copy = World(folder: target, tool: tool)
    let result = try ChildProcess.run("cp", ["-a", folder, target], in: "/", environment: ["PATH": path])
    guard result.status == 0 else { throw ProcessFailure(command: "cp", result: result) }
    // Worktree and repository know each other by absolute paths.
    let worktrees = copy.repository + "/.git/worktrees"
    for name in (try? FileManager.default.contentsOfDirectory(atPath: worktrees)) ?? [] {
      let worktree = "\(copy.repository)/.worktrees/\(name)"
      try Data("gitdir: \(worktrees)/\(name)\n".utf8).write(to: URL(fileURLWithPath: worktree + "/.git"))
      try Data("\(worktree)/.git\n".utf8).write(to: URL(fileURLWithPath: "\(worktrees)/\(name)/gitdir"))
    }
    return copy
  }

  /// The folder of a work tree: the main one for an empty name.
  func place(_ worktree: String) -> String { worktree.isEmpty ? repository : "\(repository)/.worktrees/\(worktree)" }

  /// Runs a program.
  func run(_ words: [String], in directory: String? = nil, input: [UInt8] = []) throws -> ProcessResult {
    try ChildProcess.run(
      words[0], Array(words.dropFirst()), in: directory ?? repository, environment: environment, input: input)
  }

  /// Runs git, which must succeed, and returns the lines that it prints.
  @discardableResult
  func git(_ arguments: String..., in directory: String? = nil, input: [UInt8] = []) throws -> [String] {
    let result = try run(["git"] + arguments, in: directory, input: input)
    guard result.status == 0 else {
      throw ProcessFailure(command: "git " + arguments.joined(separator: " "), result: result)
    }
    return result.outputText.split(separator: "\n").map(String.init)
  }

  /// Writes a file below the main work tree or another folder, and makes the folders that it lies in.
  func write(_ file: String, _ text: String, in directory: String? = nil) throws {
    let url = URL(fileURLWithPath: "\(directory ?? repository)/\(file)")
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }

  /// Commits a file.
  func commit(_ file: String, in directory: String? = nil) throws {
    try write(file, "\(file)\n", in: directory)
    try git("add", file, in: directory)
    try git("commit", "--quiet", "-m", "Add \(file)", in: directory)
  }

  /// Runs `emit`, which must record without a word, and returns the ids of the events.
  @discardableResult
  func emit(_ arguments: String..., in directory: String, input: [UInt8] = []) throws -> [String] {
    let words = [tool, "emit", "--json", "--agent", "earlier"] + arguments
    let result = try run(words, in: directory, input: input)
    let answers = Answer.all(in: result.output)
    guard result.status == 0, result.errors.isEmpty, !answers.isEmpty, answers.allSatisfy(\.isSuccess) else {
      throw ProcessFailure(command: words.joined(separator: " "), result: result)
    }
    return answers.compactMap(\.id)
  }

  /// Makes an empty repository for the features that are named, in the folder.
  func create(planning features: String...) throws {
    for folder in [folder + "/home", repository] {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }
    try git("init", "--quiet", "--initial-branch=main", "--template=")
    for (key, value) in [("user.name", "Test Person"), ("user.email", "test@example.com"), ("gc.auto", "0")] {
      try git("config", key, value)
    }
    try write(".gitignore", ".worktrees/\n")
    for feature in features { try write("kitty-specs/\(feature)/spec.md", "A feature.\n") }
    try git("add", "--all")
    try git("commit", "--quiet", "-m", "Plan")
  }

  /// What git finds wrong with the repository; nothing when it is sound.
  func findings() throws -> String {
    let result = try run(["git", "fsck", "--strict", "--no-dangling", "--no-progress"])
    return result.outputText + result.errorText + (result.status == 0 ? "" : "status \(result.status)")
  }

  /// The events in the notes on commits that something leads to, with the ids as often as they stand there.
  func notedIDs() throws -> [String] {
    let notes = "refs/notes/kitty-telemetry"
    let listed = try git("notes", "--ref=\(notes)", "list").map { $0.split(separator: " ").map(String.init) }
    let live = Set(try git("rev-list", "--exclude=\(notes)", "--all"))
    let blobs = listed.filter { live.contains($0[1]) }.map { $0[0] + "\n" }.joined()
    // Between the notes git says what they are, which is no event.
    return Log(try run(["git", "cat-file", "--batch=%(objecttype)"], input: Array(blobs.utf8)).output).ids
  }

  /// The log of a feature in a work tree; empty when there is none.
  func log(of feature: String = Scene.feature, in place: String) -> Log {
    let path = "\(place)/kitty-specs/\(feature)/execution.events.jsonl"
    return Log([UInt8](FileManager.default.contents(atPath: path) ?? Data()))
  }
}

/// The lines of a log.
struct Log {
  /// The ids of the events.
  private(set) var ids: [String] = []
  /// The lines that are no JSON, other than empty ones.
  private(set) var broken: [String] = []
  /// Whether the last line has no end.
  let isTorn: Bool

  init(_ bytes: [UInt8]) {
    for line in bytes.split(separator: 0x0A) {
      if let event = Event(line: Array(line)) {
        ids.append(event.id.description)
      } else if JSONValue(Array(line)) == nil {
        broken.append(String(decoding: line, as: UTF8.self))
      }
    }
    isTorn = bytes.last.map { $0 != 0x0A } ?? false
  }
}

/// What `emit --json` says of an event.
struct Answer: Sendable {
  let id: String?
  let isSuccess: Bool
  /// The replicas that have the event.
  let stored: [String]
  let node: String
  let clock: String
  let note: String

  init(_ document: JSONObject) {
    id = document["event_id"]?.text
    isSuccess = document["result"]?.text == "success"
    let names: [String]? = if case .array(let names)? = document["stored"] { names.compactMap(\.text) } else { nil }
    stored = isSuccess ? names ?? ["journal", "log"] : names ?? []
    node = document["node_id"]?.text ?? ""
    clock = document["lamport_clock"].map { String(decoding: $0.canonicalText, as: UTF8.self) } ?? ""
    note = document["note"]?.text ?? ""
  }

  /// The answers on standard output, which is one document, or one for each line; none when it is anything else.
  static func all(in output: [UInt8]) -> [Answer] {
    output.split(separator: 0x0A).flatMap { line -> [Answer] in
      switch JSONValue(Array(line)) {
      case .object(let object)?: [Answer(object)]
      case .array(let documents)?: documents.compactMap(\.object).map(Answer.init)
      default: []
      }
    }
  }
}
