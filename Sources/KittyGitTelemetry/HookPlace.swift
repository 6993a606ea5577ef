internal import Git
internal import Journal
internal import SystemPackage

/// Where git has called a hook.
///
/// It is found from a few small files, since most hooks have nothing to do: opening the repository would take longer
/// than finding that out.
struct HookPlace {
  /// The git directory of the work tree.
  let gitDirectory: FilePath
  /// The git directory that all work trees share.
  let commonDirectory: FilePath
  /// The name of the linked worktree, empty in the main one.
  let worktree: String

  var journal: CommonJournal { CommonJournal(commonDirectory: commonDirectory) }

  /// Finds the place from the folder and the environment of a hook; `nil` when there is no repository.
  ///
  /// In a hook `GIT_DIR` is the repository that the hook is about, unlike anywhere else.
  init?(_ directory: FilePath, environment: [String: String]) {
    var git = directory.pushing(FilePath(environment["GIT_DIR"] ?? ".git"))
    if !FileSystem.isDirectory(git) {
      guard let link = HookPlace.text(of: git), link.hasPrefix("gitdir: ") else { return nil }
      git = directory.pushing(FilePath(String(link.dropFirst("gitdir: ".count))))
    }
    git = FileSystem.resolved(git)
    gitDirectory = git
    if let common = HookPlace.text(of: git.appending("commondir")) {
      commonDirectory = FileSystem.resolved(git.pushing(FilePath(common)))
      worktree = git.lastComponent?.string ?? ""
    } else {
      commonDirectory = git
      worktree = ""
    }
  }

  /// The repository, opened.
  func repository() throws(GitError) -> Repository { try Repository(discoveredFrom: gitDirectory.string) }

  /// The last line of the reflog of HEAD; empty where there is none.
  var lastStep: String {
    // Where tables hold the references, and their past, only git reads them.
    if FileSystem.isDirectory(commonDirectory.appending("reftable")) {
      return (try? repository().reflog(of: "HEAD"))?.last.map { "\t\($0.reason)" } ?? ""
    }
    // Without a reflog there is no saying what was done last, and nothing depends on it.
    guard let file = try? OpenFile.ifPresent(gitDirectory.appending("logs").appending("HEAD")),
      let tail = try? file.tail(bytes: 4 << 10)
    else { return "" }
    return String(decoding: tail, as: UTF8.self).split(separator: "\n").last.map(String.init) ?? ""
  }

  /// A small file as text, without the end of its line.
  private static func text(of path: FilePath) -> String? {
    // What cannot be read is not there for git either.
    guard let file = try? OpenFile.ifPresent(path), let bytes = try? file.readAll() else { return nil }
    let text = String(decoding: bytes, as: UTF8.self)
    return text.hasSuffix("\n") ? String(text.dropLast()) : text
  }
}
