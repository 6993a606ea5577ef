/// A repository as the git executable sees it.
///
/// It is for what libgit2 cannot open: the same objects, references and comparisons, in as many processes as there are
/// questions, two of which live as long as this does. Where git cannot be run, or knows the format no better, the
/// repository's places are still known, and every question is answered with the reason.
final class CommandPlumbing: Plumbing {
  let layout: RepositoryLayout
  let isShallow: Bool
  /// The number of bytes in an object's name.
  let nameLength: Int
  private let environment: [String]
  /// Where git runs: in the work tree, unless that is gone.
  let folder: String
  /// What keeps git from answering anything.
  private var obstacle: GitError?
  private var settings: [String: [String]]?
  /// The two that answer questions about objects, once they have been asked one.
  var contents: GitProcess?
  var names: GitProcess?

  /// How long git may be silent: longer where it has a whole history to go through.
  static let patience: Duration = .seconds(5)
  static let longPatience: Duration = .seconds(60)

  /// Opens the repository that `path` lies in; `refusal` is why libgit2 did not, if it was asked.
  init(discoveredFrom path: String, insteadOf refusal: GitError? = nil) throws(GitError) {
    try Library.start()
    let attempt = "open a repository at \(path)"
    guard let git = try LibraryPlumbing.gitDirectory(discoveredFrom: path) else {
      throw GitError(.notFound, attempt, LibraryPlumbing.absence)
    }
    environment = environmentOfPlumbing()
    var facts: [Substring] = []
    var settings: [String: [String]]?
    do throws(GitError) {
      // What must not be opened here, git must not open either.
      if let refusal, refusal.code == .unavailable { throw refusal }
      // Git looks for the repository by itself here, which is when it looks at whose that is.
      let found = try Self.run(
        ["rev-parse", "--is-shallow-repository", "--show-object-format", "--is-inside-work-tree", "--show-toplevel"],
        in: path, environment, attempt)
      facts = found.text.split(separator: "\n", maxSplits: 3, omittingEmptySubsequences: false)
      guard facts.count >= 3 else { throw Self.explained(found, attempt, path) }
      let listed = try Self.run(
        ["--git-dir=\(git)", "config", "--list", "-z"], in: git, environment, "read the configuration of \(git)")
      guard listed.status == 0 else { throw GitError(.other, attempt, listed.reason) }
      settings = Self.settings(listed.output)
    } catch {
      guard error.code != .notOwned else { throw error }
      let reason = refusal.flatMap { $0 == error ? nil : "\($0.reason), and \(error.reason)" }
      obstacle = GitError(.unsupported, attempt, reason ?? error.reason)
    }
    self.settings = settings
    isShallow = facts.first == "true"
    nameLength = facts.dropFirst().first == "sha256" ? 32 : 20
    let layout = RepositoryLayout(ofGitDirectory: git) { settings?[$0]?.last }
    // A work tree whose git directory lies elsewhere is where git has found it.
    let top = facts.count == 4 && facts[2] == "true" ? String(facts[3]) : layout.workTree
    self.layout = RepositoryLayout(
      workTree: top, gitDirectory: git, commonDirectory: layout.commonDirectory,
      isLinkedWorktree: layout.isLinkedWorktree)
    folder = top.flatMap { SmallFile.exists($0) ? $0 : nil } ?? git
  }

  /// Whether there is no git that could answer anything.
  var isUnanswered: Bool { obstacle != nil }

  private static func explained(_ outcome: GitCommand.Outcome, _ attempt: String, _ path: String) -> GitError {
    // Git has one status for everything that is fatal; its words are in one language here.
    if outcome.complaint.contains("dubious ownership") || outcome.complaint.contains("unsafe repository") {
      return GitError(.notOwned, attempt, LibraryPlumbing.remedyForOwnership(at: path))
    }
    // It may name what it does not know in a line of its own.
    let words = outcome.complaint.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return GitError(.unsupported, attempt, "git cannot either (\(words)); install a newer git")
  }

  /// Runs git to its end, however it ends.
  ///
  /// - Throws: ``GitError`` when it cannot be run; one that fails is an outcome.
  func run(
    _ arguments: [String], input: [UInt8] = [], within patience: Duration = CommandPlumbing.patience,
    _ attempt: @autoclosure () -> String
  ) throws(GitError) -> GitCommand.Outcome {
    try talk { () throws(GitError) in
      let process = try start(arguments, within: patience, attempt())
      try process.send(input)
      return try process.finish()
    }
  }

  /// Starts git about this repository.
  func start(
    _ arguments: [String], within patience: Duration = CommandPlumbing.patience, _ attempt: @autoclosure () -> String
  ) throws(GitError) -> GitProcess {
    if let obstacle { throw GitError(obstacle.code, attempt(), obstacle.reason) }
    var place = ["--git-dir=\(layout.gitDirectory)"]
    if let workTree = layout.workTree, workTree == folder { place.append("--work-tree=\(workTree)") }
    return try GitProcess(
      Self.manner + place + arguments, in: folder, environment: environment, within: patience, attempt())
  }

  /// Asks git something; one that cannot be asked now is not asked again.
  func talk<Answer>(_ question: () throws(GitError) -> Answer) throws(GitError) -> Answer {
    do {
      return try question()
    } catch {
      (contents, names) = (nil, nil)
      guard error.code == .unavailable else { throw error }
      let lasting = error.retold(as: .unsupported, error.reason)
      obstacle = obstacle ?? lasting
      throw lasting
    }
  }

  /// Git does nothing but what it is asked to: no hooks, no programs that the repository names, no patterns in paths.
  private static let manner = [
    "-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", "-c", "safe.bareRepository=all",
    "--literal-pathspecs",
  ]

  private static func run(
    _ arguments: [String], in folder: String, _ environment: [String], _ attempt: String
  ) throws(GitError) -> GitCommand.Outcome {
    try GitProcess(manner + arguments, in: folder, environment: environment, within: patience, attempt).finish()
  }
}

// Settings.
extension CommandPlumbing {
  func configuration(_ key: String) throws(GitError) -> String? { try allSettings()[Self.normal(key)]?.last }

  func configurations(_ key: String) throws(GitError) -> [String] { try allSettings()[Self.normal(key)] ?? [] }

  func remotes() throws(GitError) -> [Remote] {
    let settings = try allSettings()
    let prefix = "remote."
    let names = settings.keys.compactMap { key -> String? in
      guard key.hasPrefix(prefix), let ending = [".url", ".pushurl"].first(where: key.hasSuffix) else { return nil }
      return String(key.dropFirst(prefix.count).dropLast(ending.count))
    }
    return Set(names).sorted().map { name in
      Remote(
        name: name, fetchRefspecs: settings["remote.\(name).fetch"] ?? [],
        isMirror: settings["remote.\(name).mirror"]?.last == "true")
    }
  }

  /// All values of all settings by their keys; read once, since a command is over before anybody changes them.
  private func allSettings() throws(GitError) -> [String: [String]] {
    if let settings { return settings }
    let outcome = try run(["config", "--list", "-z"], "read the configuration of \(layout.gitDirectory)")
    guard outcome.status == 0 else {
      throw GitError(.other, "read the configuration of \(layout.gitDirectory)", outcome.reason)
    }
    let read = Self.settings(outcome.output)
    settings = read
    return read
  }

  /// Reads `<key>\n<value>\0` as often as it is there; a key alone has an empty value.
  private static func settings(_ list: [UInt8]) -> [String: [String]] {
    var settings: [String: [String]] = [:]
    for entry in list.split(separator: 0) {
      let parts = entry.split(separator: UInt8(ascii: "\n"), maxSplits: 1, omittingEmptySubsequences: false)
      let value = parts.count == 2 ? String(decoding: parts[1], as: UTF8.self) : ""
      settings[String(decoding: parts[0], as: UTF8.self), default: []].append(value)
    }
    return settings
  }

  /// A key as git prints it: the case of what is between the first and the last dot matters, that of the rest does not.
  private static func normal(_ key: String) -> String {
    guard let first = key.firstIndex(of: "."), let last = key.lastIndex(of: ".") else { return key.lowercased() }
    return key[..<first].lowercased() + key[first..<last] + key[last...].lowercased()
  }
}
