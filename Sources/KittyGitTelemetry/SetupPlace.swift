internal import Git
internal import Journal
internal import Notes
internal import SystemPackage

/// A repository as setup and doctor see it: where its files are, and what git says about them.
struct SetupPlace {
  /// The git directory that all work trees share.
  let commonDirectory: FilePath
  /// The top of the work tree; `nil` in a bare repository.
  let workTree: FilePath?
  /// The reference that notes are kept under.
  let notesRef: String
  /// The folder where git looks for hooks.
  let hooksFolder: FilePath
  /// What git's configuration says about notes, hooks and merge drivers, by key in lower case: all values, wherever they are set.
  let settings: [String: [String]]
  /// The folders of the work trees that are there.
  let worktrees: [String]
  /// Why hooks cannot be written where git looks for them; `nil` when they can.
  let refusal: String?

  /// Finds the place of the repository that `directory` lies in.
  init(_ directory: FilePath) throws(TelemetryError) {
    do {
      let folder: String
      do {
        let repository = try Repository(discoveredFrom: directory.string)
        commonDirectory = FilePath(repository.commonDirectory)
        workTree = repository.workTree.map { FilePath($0) }
        worktrees = try repository.worktrees().filter(\.isPresent).map(\.path)
        notesRef = try NoteWriter.ref(of: repository).name
        // Where git runs hooks, and reads relative paths from.
        folder = repository.workTree ?? repository.gitDirectory
      }
      settings = try SetupPlace.settings(in: folder)
      let found = try GitCommand.ask(["rev-parse", "--git-path", "hooks"], in: folder)
      guard found.status == 0 else { throw TelemetryError(.environment, "cannot find hooks: \(found.reason)") }
      hooksFolder = FileSystem.resolved(FilePath(folder).pushing(FilePath(found.text)))
      refusal = try SetupPlace.refusal(
        hooksFolder, commonDirectory: FileSystem.resolved(commonDirectory), workTree: workTree)
    } catch let error as TelemetryError {
      throw error
    } catch {
      throw TelemetryError(.environment, "\(error)")
    }
  }

  /// The hooks, where git looks for them.
  var hooks: [HookFile] { HookRunner.Hook.allCases.map { HookFile($0, in: hooksFolder) } }

  /// Whether the merge driver of this name is ours.
  func isOwnDriver(_ name: String) -> Bool {
    settings["merge.\(name.lowercased()).driver"]?.last?.contains("merge-file") ?? false
  }

  /// Whether hooks and shims, which go by its name, find this program.
  static func hasProgram(onPath path: String?, from directory: FilePath) -> Bool {
    (path ?? "").split(separator: ":").contains {
      FileSystem.isExecutable(directory.pushing(FilePath(String($0))).appending(program))
    }
  }

  /// The name that hooks and shims call us by.
  static let program = "kitty-git-telemetry"

  private static func settings(in folder: String) throws(GitError) -> [String: [String]] {
    // No such setting is no failure.
    let listed = try GitCommand.ask(
      ["config", "--null", "--get-regexp", #"^(notes\..*|core\.hookspath|merge\..*\.driver)$"#], in: folder)
    var settings: [String: [String]] = [:]
    for entry in listed.text.split(separator: "\0") {
      let parts = entry.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
      settings[parts[0].lowercased(), default: []].append(parts.count > 1 ? String(parts[1]) : "")
    }
    return settings
  }

  /// Hooks are written where that makes no dirt, and where no other repository uses them.
  private static func refusal(
    _ hooks: FilePath, commonDirectory: FilePath, workTree: FilePath?
  ) throws(GitError) -> String? {
    if FileSystem.exists(hooks), !FileSystem.isDirectory(hooks) { return "core.hooksPath turns hooks off" }
    if hooks.starts(with: commonDirectory) { return nil }
    guard let workTree, hooks.starts(with: FileSystem.resolved(workTree)) else {
      return "core.hooksPath names a folder that other repositories may use"
    }
    let names = HookRunner.Hook.allCases.map { hooks.appending($0.rawValue).string }
    let ignored = try GitCommand.ask(
      ["check-ignore", "--stdin", "-z"], in: workTree.string, input: names.flatMap { Array($0.utf8) + [0] })
    let isHidden = Set(ignored.text.split(separator: "\0").map(String.init)).isSuperset(of: names)
    return isHidden ? nil : "core.hooksPath names a folder of the project"
  }
}
