import Events
import Foundation
import TestSupport
import Testing

/// `merge-file`: three files, and git's merge drivers and mergetools.
struct `Merge of files` {
  /// The folder of the built program, in front of what else is on `PATH`.
  private func path() throws -> String {
    let folder = URL(filePath: try toolPath()).deletingLastPathComponent().path
    return "\(folder):\(ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")"
  }

  /// Lines of events with these numbers; each has its own node and clock.
  private func log(_ numbers: Int..., error: String? = nil) -> String {
    numbers.map { number in
      let id = "01HZZZZZZZZZZZZZZZZZZZZZ" + (number < 10 ? "0" : "") + "\(number)"
      let invocation = Invocation(wpID: "WP01", agent: "claude", role: .implementer, error: error)
      guard
        let event = EventID(id).map({ id in
          Event(
            id: id, aggregateID: "f", lamportClock: LamportValue(UInt64(number)), nodeID: "cli:WP01",
            payload: invocation.payload, timestamp: .epoch)
        })
      else { return "" }
      return text(event.line) + "\n"
    }.joined()
  }

  /// Where coverage is measured, the program would leave its counts in the folder.
  private let quiet = ["LLVM_PROFILE_FILE": "/dev/null"]

  /// The commands that `--help` gives, by the setting that they are for.
  private func advice() throws -> [String: String] {
    let help = try ChildProcess.run(
      try toolPath(), ["merge-file", "--help"], in: "/", environment: quiet.merging(["COLUMNS": "999"]) { $1 })
    let words = help.outputText.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return words.matches(of: /git config (\S+) '([^']*)'/).reduce(into: [:]) { $0[String($1.1)] = String($1.2) }
  }

  /// A repository whose branches `main` and `theirs` disagree about the log of `f`, with our driver.
  private func diverged(
    _ base: String?, _ ours: String, _ theirs: String, file: String = "kitty-specs/f/execution.events.jsonl"
  ) throws -> TestRepository {
    let repository = try TestRepository()
    try repository.write(".gitattributes", "kitty-specs/** merge=kitty-telemetry\n")
    let driver = try #require(try advice()["merge.kitty-telemetry.driver"])
    try repository.git("config", "merge.kitty-telemetry.driver", driver)
    if let base { try repository.write(file, base) }
    try repository.commit("Begin")
    try repository.git("checkout", "-q", "-b", "theirs")
    try repository.write(file, theirs)
    try repository.commit("Theirs")
    try repository.git("checkout", "-q", "main")
    try repository.write(file, ours)
    try repository.commit("Ours")
    return repository
  }

  private func merge(_ repository: TestRepository, _ options: String..., path: String) throws -> ProcessResult {
    try ChildProcess.run(
      "git", ["merge", "--no-edit"] + options + ["theirs"], in: repository.path,
      environment: repository.toolEnvironment.merging(["PATH": path]) { $1 })
  }

  @Test func `three files are joined outside of any repository, whatever their names`() throws {
    let folder = try ScratchDirectory()
    func run(_ base: String?, _ ours: String, _ theirs: String) throws -> (status: Int32, ours: String, said: String) {
      for (name, content) in [("base", base), ("our file", ours), ("-theirs", theirs)] {
        let file = "\(folder.path)/\(name)"
        try? FileManager.default.removeItem(atPath: file)
        try content.map { try Data($0.utf8).write(to: URL(filePath: file)) }
      }
      let result = try ChildProcess.run(
        try toolPath(), ["-C", folder.path, "merge-file", "base", "our file", "./-theirs"], in: "/",
        environment: ["PATH": "/usr/bin:/bin"])
      let joined = try String(contentsOf: URL(filePath: "\(folder.path)/our file"), encoding: .utf8)
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      #expect(Set(names).isSubset(of: ["base", "our file", "-theirs"]), "no temporary file stays")
      return (result.status, joined, result.errorText)
    }
    #expect(try run(log(1), log(1, 3), log(1, 2)) == (0, log(1, 2, 3), ""))
    #expect(try run(nil, log(3, 2) + "torn {", log(1)) == (0, log(1, 2, 3) + "torn {\n", ""))
    #expect(try run(nil, "", log(1)) == (0, log(1), ""))
    #expect(try run(log(1), "", "") == (0, log(1), ""), "what the base had is kept")
    #expect(try run(nil, "", "") == (0, "", ""))
    let markers = "<<<<<<< ours\n" + log(2) + "=======\n" + log(3) + ">>>>>>> theirs\n"
    #expect(try run(nil, markers, log(1)) == (0, log(1, 2, 3), ""))

    #expect(try run(#"{"a": 1}"#, #"{"a": 3, "b": 1}"#, #"{"a": 2, "*": 7}"#) == (0, #"{"*": 7, "a": 3, "b": 1}"#, ""))
    #expect(try run(nil, "", #"{"a": 1}"#) == (0, #"{"a": 1}"#, ""))
    let sides = "<<<<<<< ours\n{\"a\": 1}\n=======\n{\"b\": 2}\n>>>>>>> theirs\n"
    #expect(try run("{}", sides, #"{"a": 2}"#) == (0, #"{"a": 2, "b": 2}"#, ""))

    let disputed = try run(nil, log(1), log(1, error: "no"))
    #expect(disputed.status == 1 && disputed.said.hasPrefix("warning: 1 event with different contents"))
    #expect(disputed.ours.contains(#"{"conflict": "#))
    #expect(try run(nil, disputed.ours, log(1)) == (0, disputed.ours, ""), "a conflict is told once")
  }

  @Test func `what cannot be joined stays as it was`() throws {
    let folder = try ScratchDirectory()
    func run(_ ours: String, _ theirs: String) throws -> ProcessResult {
      try ChildProcess.run(
        try toolPath(), ["merge-file", "/dev/null", ours, theirs], in: folder.path, environment: quiet)
    }
    let prose = "Dear reader\nb\na\n"
    for (name, content) in [("prose", prose), ("package", #"{"name": "x"}"#), ("log", log(1))] {
      try Data(content.utf8).write(to: URL(filePath: "\(folder.path)/\(name)"))
    }
    for (ours, theirs, reason) in [
      ("prose", "package", "they are neither logs nor clocks"),
      ("package", "prose", "they are neither logs nor clocks"),
      ("log", "nothing", "cannot read"), ("log", ".", "cannot read"), ("nothing", "log", "there is no such file"),
    ] {
      let result = try run(ours, theirs)
      #expect(result.status == 129 && result.errorText.contains(reason), "\(ours) \(theirs): \(result.errorText)")
    }
    #expect(
      try listing(folder.path).mapValues { String(decoding: $0, as: UTF8.self) } == [
        "prose": prose, "package": #"{"name": "x"}"#, "log": log(1),
      ])
    let usage = try ChildProcess.run(try toolPath(), ["merge-file", "log"], in: folder.path, environment: quiet)
    #expect(usage.status == 64)
  }

  @Test(arguments: [[], ["-X", "theirs"], ["--squash"]])
  func `git merges logs and clocks with the driver`(_ options: [String]) throws {
    for base in [nil, log(1)] {
      let repository = try diverged(base, log(1, 3), log(1, 2))
      let result = try merge(repository, options.first ?? "--quiet", options.last ?? "--quiet", path: path())
      #expect(result.status == 0, "\(result.errorText)\(result.outputText)")
      #expect(text(try repository.read(repository.log())) == log(1, 2, 3))
    }
    let clock = "kitty-specs/f/.telemetry-clock.json"
    let repository = try diverged(#"{"a": 1}"#, #"{"a": 3}"#, #"{"a": 2, "b": 1}"#, file: clock)
    #expect(try merge(repository, path: path()).status == 0)
    #expect(text(try repository.read(clock)) == #"{"a": 3, "b": 1}"#)
  }

  @Test func `events that disagree are a conflict with both variants in the file`() throws {
    let repository = try diverged(nil, log(1), log(1, error: "no"))
    #expect(try merge(repository, path: path()).status == 1)
    #expect(try repository.git("ls-files", "-u").split(separator: "\n").count == 2)
    #expect(repository.lines(repository.log()).count == 2)
    try repository.git("add", repository.log())
    try repository.git("commit", "-q", "--no-edit")
    try repository.merged()
    #expect(repository.lines(repository.log()).count == 2)
  }

  @Test func `without the program git keeps all lines`() throws {
    let repository = try diverged(log(1), log(1, 3), log(1, 2))
    #expect(try merge(repository, "-X", "theirs", path: "/usr/bin:/bin").status == 0)
    #expect(repository.lines(repository.log()).sorted() == log(1, 2, 3).split(separator: "\n").map(String.init))
    try repository.merged()
    #expect(text(try repository.read(repository.log())) == log(1, 2, 3))
  }

  @Test func `a bare driver without the program loses no side either`() throws {
    let repository = try diverged(log(1), log(1, 3), log(1, 2))
    try repository.git("config", "merge.kitty-telemetry.driver", "kitty-git-telemetry merge-file %O %A %B")
    #expect(try merge(repository, path: "/usr/bin:/bin").status == 1)
    // As somebody would who takes a file without markers for resolved.
    try repository.git("add", repository.log())
    try repository.git("commit", "-q", "--no-edit")
    #expect(repository.lines(repository.log()).count == 2)
    try repository.merged()
    #expect(text(try repository.read(repository.log())) == log(1, 2, 3))
  }

  @Test func `git mergetool resolves conflicts with it, also of logs that both sides added`() throws {
    for base in [nil, log(1)] {
      let repository = try diverged(base, log(1, 3), log(1, 2))
      try repository.write(".git/info/attributes", "kitty-specs/** -merge\n")
      #expect(try merge(repository, path: path()).status == 1)
      for (key, value) in try advice() where key.hasPrefix("mergetool.") {
        try repository.git("config", key, value)
      }
      try repository.git("config", "mergetool.kitty-telemetry.trustExitCode", "true")
      try repository.git("config", "mergetool.keepBackup", "false")
      let resolved = try ChildProcess.run(
        "git", ["mergetool", "--no-prompt", "--tool=kitty-telemetry"], in: repository.path,
        environment: repository.toolEnvironment.merging(["PATH": path()]) { $1 })
      #expect(resolved.status == 0, "\(resolved.errorText)")
      #expect(text(try repository.read(repository.log())) == log(1, 2, 3))
      #expect(try repository.git("ls-files", "-u").isEmpty)
    }
  }
}
