internal import Journal
internal import SystemPackage

// Orchestrators call agents by their bare names. A folder in front of PATH has a script of each of these names, which
// looks for the next program of its name, passing over other shims, and runs it under `run`, which keeps quiet where
// nothing says what feature it is for. Three cases go on without being recorded: questions for the version or for help,
// which are no work; whatever else a program of several uses is called for; and a program that calls its own name in
// turn, as version managers do. For the last one a shim leaves its name and its process, which is to be that of `run`,
// in the environment: who finds itself called from there by the same name is the same invocation.

/// A script that stands in for an agent on `PATH` and records its runs.
struct Shim {
  /// The agent's program.
  let name: String
  private let folder: FilePath

  /// The programs of agents that are known.
  static let agents = [
    "auggie", "claude", "codex", "copilot", "cursor", "cursor-agent", "gemini", "gh", "kilocode", "letta", "opencode",
    "pi", "qwen",
  ]

  /// The programs that are agents only with a certain first argument.
  private static let subcommands = ["cursor": "agent", "gh": "copilot"]

  /// The variable that says which shim a run goes through.
  static let variable = "KITTY_TELEMETRY_SHIM"

  /// The first part of the second line of all shims.
  private static let mark = "# kitty-git-telemetry shim"

  /// The folder of the shims of a repository.
  static func folder(of commonDirectory: FilePath) -> FilePath {
    commonDirectory.appending("kitty-telemetry").appending("shims")
  }

  /// Creates the shim of the program `name` in `folder`.
  init(_ name: String, in folder: FilePath) {
    self.name = name
    self.folder = folder
  }

  /// Where the script is.
  var path: FilePath { folder.appending(name) }

  /// Whether the file at `path` is a shim, of any repository.
  static func isShim(_ path: FilePath) -> Bool {
    // What cannot be read is no script of ours.
    guard FileSystem.isExecutable(path), let bytes = try? Input.bytes(of: path.string, from: "") else { return false }
    let lines = bytes.split(separator: 0x0A, maxSplits: 2)
    return lines.count > 1 && lines[1].starts(with: Array(mark.utf8))
  }

  /// The program that runs behind the shim, among the folders of `PATH`; `nil` when there is none.
  func program(among folders: [FilePath]) -> FilePath? {
    folders.lazy.map { $0.appending(name) }.first { FileSystem.isExecutable($0) && !Shim.isShim($0) }
  }

  /// The script.
  private var script: String {
    let subcommand = Shim.subcommands[name].map { #"  [ "${1-}" = \#($0) ] || exec "$real" "$@""# + "\n" } ?? ""
    return #"""
      #!/bin/sh
      \#(Shim.mark): records this run of \#(name), and runs the next program of that name on PATH
      set -f
      IFS=:
      for folder in $PATH; do
        real=${folder:-.}/\#(name)
        [ -f "$real" ] && [ -x "$real" ] || continue
        { read -r line && [ "$line" = '#!/bin/sh' ] && read -r line || :; } <"$real"
        case $line in '\#(Shim.mark)'*) continue ;; esac
      \#(subcommand)  case ${1-} in -V | -h | -v | --help | --version) exec "$real" "$@" ;; esac
        [ "${\#(Shim.variable)-}" != "$PPID \#(name)" ] || exec "$real" "$@"
        command -v kitty-git-telemetry >/dev/null 2>&1 || exec "$real" "$@"
        export \#(Shim.variable)="$$ \#(name)"
        exec kitty-git-telemetry run -- "$real" "$@"
      done
      printf '%s\n' '\#(name): not found behind the shims of kitty-git-telemetry' >&2
      exit 127

      """#
  }

  /// Writes the script, and returns what became of the file.
  func install(dryRun: Bool) throws -> SetupReport.Change {
    let before = try OpenFile.ifPresent(path)?.readAll()
    let after = Array(script.utf8)
    guard before == nil || Shim.isShim(path) || !FileSystem.isExecutable(path) else {
      throw TelemetryError(.environment, "cannot write \(path): another program has that name; move it away")
    }
    let isCurrent = before == after && FileSystem.isExecutable(path)
    if !isCurrent, !dryRun {
      try FileSystem.createDirectories(folder)
      let identity = FileIdentity.of(path)
      try DurableWrite.replace(
        path, expecting: identity, .atomic, permissions: .executable
      ) { emit throws(JournalError) in try emit(after) }
    }
    return change(isCurrent ? .unchanged : before == nil ? .created : .changed)
  }

  /// Removes the script, and returns what became of the file; `nil` when none was there.
  func remove(dryRun: Bool) throws -> SetupReport.Change? {
    guard Shim.isShim(path) else { return nil }
    if !dryRun { try FileSystem.remove(path) }
    return change(.deleted)
  }

  private func change(_ action: SetupReport.Action) -> SetupReport.Change {
    SetupReport.Change(path: path, action: action, purpose: "runs of \(name) are recorded")
  }
}
