/// The files that git and libgit2 open without a look at what they are: before a FIFO in their place both wait for ever.
enum OpenedFiles {
  private static let shared = ["config", "packed-refs", "objects/info/alternates", "shallow"]
  private static let own = ["HEAD", "commondir", "config.worktree"]

  /// Throws when something that is no file stands in the place of one that is read to open the repository of `path`.
  ///
  /// - Throws: ``GitError`` with ``GitError/Code/unavailable``: it must not be opened, and neither can git open it.
  static func check(from path: String) throws(GitError) {
    guard let git = gitDirectory(above: SmallFile.resolved(path, from: ".")) else { return }
    try check(own, in: git, path)
    try check(shared, in: SmallFile.text("\(git)/commondir").map { SmallFile.resolved($0, from: git) } ?? git, path)
  }

  private static func check(_ names: [String], in folder: String, _ path: String) throws(GitError) {
    for name in names where SmallFile.isSpecial("\(folder)/\(name)") {
      throw GitError(
        .unavailable, "open a repository at \(path)", "\(folder)/\(name) is no regular file; move it away")
    }
  }

  /// The git directory that is found from `folder` upwards.
  private static func gitDirectory(above folder: String) -> String? {
    var folder = folder
    while !folder.isEmpty {
      let git = "\(folder)/.git"
      if SmallFile.isFolder(git) { return git }
      if let link = SmallFile.text(git), link.hasPrefix("gitdir: ") {
        return SmallFile.resolved(String(link.dropFirst("gitdir: ".utf8.count)), from: folder)
      }
      if SmallFile.isFolder("\(folder)/objects"), SmallFile.exists("\(folder)/HEAD") { return folder }
      guard let slash = folder.utf8.lastIndex(of: UInt8(ascii: "/")) else { return nil }
      folder = String(folder[..<slash])
    }
    return nil
  }
}
