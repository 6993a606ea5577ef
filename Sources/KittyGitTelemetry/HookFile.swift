internal import Journal
internal import SystemPackage

// A hook is a file of a fixed name, so that there is one of each. Where there is none, setup writes one. Into a shell
// script it puts a block, right behind the line that names the shell: the script keeps its name and its place, which
// tools like husky and pre-commit go by, and their own marks. Whatever else is there, a program, a symbolic link, a
// script that is turned off, is moved into a folder beside it and called from a script of ours:
//
//   post-commit                      ours, or theirs with a block of ours
//   kitty-git-telemetry/post-commit  theirs, where it is no shell script
//
// Tools that find a hook of others may give it another name before they write theirs, and call it from there; so
// our blocks are also looked for under these names.

/// A hook of a repository, in the folder where git looks for it.
struct HookFile {
  let hook: HookRunner.Hook
  private let path: FilePath

  /// Creates the hook in `folder`.
  init(_ hook: HookRunner.Hook, in folder: FilePath) {
    self.hook = hook
    path = folder.appending(hook.rawValue)
  }

  /// The line that calls us, for people who write it into a script of theirs.
  static func call(of hook: HookRunner.Hook) -> String {
    #"command -v \#(program) >/dev/null 2>&1 && \#(program) hook \#(hook.rawValue) "$@" || :"#
  }

  private static let program = SetupPlace.program

  /// What our block says.
  private var lines: [String] {
    guard hook == .postRewrite else { return [HookFile.call(of: hook)] }
    // What git tells on standard input is read by us and then given to the rest of the script.
    return [
      "kitty_commits=$(cat)",
      HookFile.call(of: hook).replacing(
        "&& \(HookFile.program) hook", with: #"&& printf '%s\n' "$kitty_commits" | \#(HookFile.program) hook"#),
      "exec <<\(HookFile.program)", "$kitty_commits", HookFile.program,
    ]
  }

  /// The line that goes on to what was there before.
  private var continuation: String {
    #"kitty_hook=${0%/*}/\#(HookFile.program)/\#(hook.rawValue); [ ! -x "$kitty_hook" ] || exec "$kitty_hook" "$@""#
  }

  private func file(goingOn: Bool = false, at path: FilePath, permissions: DurableWrite.Permissions) -> SetupFile {
    let block = MarkedBlock(
      lines: lines + (goingOn ? [continuation] : []), preamble: "#!/bin/sh", isBehindFirstLine: true
    ) { $0.contains("kitty") }
    return SetupFile(path: path, block: block, purpose: hook.purpose, permissions: permissions)
  }

  /// Where a hook that is no shell script goes.
  private var keptFolder: FilePath { path.removingLastComponent().appending(HookFile.program) }
  private var kept: FilePath { keptFolder.appending(hook.rawValue) }

  /// The names that hooks of others get from tools which write their own.
  private var formerPaths: [FilePath] { [".legacy", ".old"].map { FilePath(path.string + $0) } }

  /// Whether git will call us.
  var isInstalled: Bool {
    // A file that cannot be read is told when it is to be changed.
    guard FileSystem.isExecutable(path), let bytes = try? Input.bytes(of: path.string, from: "") else { return false }
    let text = String(decoding: bytes, as: UTF8.self)
    return text.contains("\(HookFile.program) hook \(hook.rawValue)")
  }
}

// Installing.
extension HookFile {
  /// Lets git call us, and returns what became of the hook.
  func install(dryRun: Bool) throws -> SetupReport.Change {
    for former in formerPaths { _ = try remove(at: former, dryRun: dryRun) }
    return SetupReport.Change(path: path, action: try installed(dryRun), purpose: hook.purpose)
  }

  private func installed(_ dryRun: Bool) throws -> SetupReport.Action {
    let whole = file(goingOn: true, at: path, permissions: .executable)
    if FileSystem.exists(kept), try !FileSystem.exists(path) || whole.isPresent {
      return try whole.apply(installing: true, dryRun: dryRun)
    }
    // A block in a file that may not be executed is put anew, with what else there is in it turned off as it was.
    if !dryRun, !FileSystem.isExecutable(path) { _ = try remove(at: path, dryRun: false) }
    guard FileSystem.exists(path) else {
      return try file(at: path, permissions: .executable).apply(installing: true, dryRun: dryRun)
    }
    if isShellScript {
      return try file(at: path, permissions: .asBefore).apply(installing: true, dryRun: dryRun)
    }
    if !dryRun {
      try keepWhatIsThere()
      _ = try whole.apply(installing: true, dryRun: false)
    }
    return .changed
  }

  /// Whether a block may stand in the file: a script that git runs, and that names a shell.
  private var isShellScript: Bool {
    guard FileSystem.target(ofLink: path) == nil, FileSystem.isExecutable(path),
      let bytes = try? Input.bytes(of: path.string, from: ""), bytes.starts(with: Array("#!".utf8))
    else { return false }
    let line = String(decoding: bytes.prefix { $0 != 0x0A }, as: UTF8.self)
    let words = line.dropFirst(2).split(whereSeparator: \.isWhitespace).map { $0.split(separator: "/").last ?? $0 }
    return words.prefix(3).contains { ["ash", "bash", "dash", "ksh", "sh", "zsh"].contains($0) }
  }

  private func keepWhatIsThere() throws(JournalError) {
    try FileSystem.createDirectories(keptFolder)
    guard let target = FileSystem.target(ofLink: path), target.isRelative else {
      return try FileSystem.rename(path, to: kept)
    }
    // From the folder below, a relative link has one more step to take.
    try FileSystem.link(kept, saying: FilePath("..").pushing(target))
    try FileSystem.remove(path)
  }
}

// Removing.
extension HookFile {
  /// Leaves the hook as it was before, under whatever name, and returns what became of it; `nil` when nothing of ours
  /// was there.
  func remove(dryRun: Bool) throws -> SetupReport.Change? {
    for candidate in [path] + formerPaths {
      if let change = try remove(at: candidate, dryRun: dryRun) { return change }
    }
    guard FileSystem.exists(kept), !FileSystem.exists(path) else { return nil }
    if !dryRun { try restore(to: path) }
    return SetupReport.Change(path: path, action: .created, purpose: hook.purpose)
  }

  private func remove(at path: FilePath, dryRun: Bool) throws -> SetupReport.Change? {
    let whole = file(goingOn: true, at: path, permissions: .asBefore)
    // A link, or a program, is none of ours.
    guard FileSystem.target(ofLink: path) == nil, let content = try whole.content(), whole.block.isPresent(in: content)
    else { return nil }
    let isKept =
      FileSystem.exists(kept) && String(decoding: content, as: UTF8.self).contains(continuation)
    guard isKept else {
      let action = try whole.apply(installing: false, dryRun: dryRun)
      return SetupReport.Change(path: path, action: action, purpose: hook.purpose)
    }
    guard whole.block.removed(from: content).content == nil else {
      throw TelemetryError(
        .environment,
        "cannot restore \(path): somebody has written to it; move those lines, then run setup --undo again")
    }
    if !dryRun { try restore(to: path) }
    return SetupReport.Change(path: path, action: .changed, purpose: hook.purpose)
  }

  private func restore(to path: FilePath) throws(JournalError) {
    if let target = FileSystem.target(ofLink: kept), target.isRelative {
      try FileSystem.remove(path)
      try FileSystem.link(path, saying: FilePath(String(target.string.dropFirst("../".count))))
      try FileSystem.remove(kept)
    } else {
      try FileSystem.rename(kept, to: path)
    }
    try FileSystem.removeEmptyFolder(keptFolder)
  }
}

extension HookRunner.Hook {
  /// What the hook is for, in reports.
  fileprivate var purpose: String {
    switch self {
    case .postCommit: "events get the commit that took their work in"
    case .postMerge: "squashes are remembered, and logs come back that git has swept away"
    case .postRewrite: "notes follow commits that are made anew"
    case .postCheckout: "logs come back that git has swept away"
    }
  }
}
