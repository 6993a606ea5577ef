internal import CLibgit2

/// A repository as libgit2 sees it.
final class LibraryPlumbing: Plumbing {
  let handle: Handle
  let layout: RepositoryLayout

  /// Opens the repository that `path` lies in.
  init(discoveredFrom path: String) throws(GitError) {
    try Library.start()
    try OpenedFiles.check(from: path)
    let opened = try Self.open(path)
    // A path that is decoded with replacements is another one, and what is written there is lost.
    guard unsafe Self.isText(git_repository_path(opened.pointer)),
      unsafe Self.isText(git_repository_workdir(opened.pointer))
    else {
      throw Self.unreadablePath("open a repository at \(path)")
    }
    let git = unsafe Self.folder(git_repository_path(opened.pointer)) ?? ""
    layout = RepositoryLayout(
      workTree: unsafe Self.folder(git_repository_workdir(opened.pointer)), gitDirectory: git,
      commonDirectory: unsafe Self.folder(git_repository_commondir(opened.pointer)) ?? git,
      isLinkedWorktree: unsafe git_repository_is_worktree(opened.pointer) == 1)
    handle = opened
  }

  var workTree: String? { layout.workTree }
  var gitDirectory: String { layout.gitDirectory }
  var commonDirectory: String { layout.commonDirectory }

  var isShallow: Bool { unsafe git_repository_is_shallow(handle.pointer) == 1 }

  func configuration(_ key: String) throws(GitError) -> String? {
    let attempt = "read the configuration of \(gitDirectory)"
    let snapshot = try unsafe Handle(freedBy: git_config_free, attempt) {
      unsafe git_repository_config_snapshot(&$0, handle.pointer)
    }
    var value: UnsafePointer<CChar>?
    guard try found(unsafe git_config_get_string(&value, snapshot.pointer, key), "read the setting \(key)") else {
      return nil
    }
    // The text belongs to the snapshot: it is copied while that is alive.
    return unsafe value.map { unsafe String(cString: $0) }
  }

  func configurations(_ key: String) throws(GitError) -> [String] {
    let attempt = "read the settings \(key) of \(gitDirectory)"
    let snapshot = try unsafe Handle(freedBy: git_config_free, attempt) {
      unsafe git_repository_config_snapshot(&$0, handle.pointer)
    }
    let iterator = try unsafe Handle(freedBy: git_config_iterator_free, attempt) {
      unsafe git_config_multivar_iterator_new(&$0, snapshot.pointer, key, nil)
    }
    var values: [String] = []
    var entry: UnsafeMutablePointer<git_config_entry>?
    while try found(unsafe git_config_next(&entry, iterator.pointer), attempt, absence: .end) {
      if let value = unsafe entry?.pointee.value { values.append(unsafe String(cString: value)) }
    }
    return values
  }

  /// Whether a path, if there is one, is UTF-8.
  private static func isText(_ path: UnsafePointer<CChar>?) -> Bool {
    guard let path = unsafe path else { return true }
    return unsafe String(validatingCString: path) != nil
  }

  /// Copies a folder's path without its trailing slash.
  static func folder(_ path: UnsafePointer<CChar>?) -> String? {
    guard let path = unsafe path else { return nil }
    let text = unsafe String(cString: path)
    return text.count > 1 && text.hasSuffix("/") ? String(text.dropLast()) : text
  }
}

extension LibraryPlumbing {
  private static func open(_ path: String) throws(GitError) -> Handle {
    do {
      return try unsafe Handle(freedBy: git_repository_free, "open a repository at \(path)") {
        // On an overlay, as in containers, the `.git` file of a linked worktree seems to be on another device than its
        // folder, and libgit2 would stop looking there.
        unsafe git_repository_open_ext(&$0, path, GIT_REPOSITORY_OPEN_CROSS_FS.rawValue, nil)
      }
    } catch {
      throw explained(error, path)
    }
  }

  /// Says what a failure to open means.
  ///
  /// libgit2 1.5 has no status of its own for two of these cases, so their message is all there is to tell them by.
  private static func explained(_ error: GitError, _ path: String) -> GitError {
    if error.code == .notOwned || error.reason.hasPrefix("config value 'safe.directory'") {
      return error.retold(
        as: .notOwned, remedyForOwnership(at: path))
    }
    if error.code == .notFound {
      guard SmallFile.canBeReached(path) else {
        return error.retold(as: .notFound, "that folder is gone; work from one that exists")
      }
      return error.retold(as: .notFound, absence)
    }
    // Such a message may not hold a path, or a folder's name could be taken for the name of a format.
    guard error.reason.hasPrefix("unsupported") || error.reason.hasPrefix("unknown object format") else {
      return error
    }
    let fact =
      if error.reason.contains("refstorage") {
        "its references are not kept as files, which libgit2 cannot read"
      } else if error.reason.contains("object") {
        "its objects are named by SHA-256, which libgit2 cannot read"
      } else {
        "its format is newer than libgit2 (\(error.reason))"
      }
    return error.retold(as: .unsupported, fact)
  }

  /// What is said where there is no repository.
  static let absence = "there is none, neither there nor above; run: git init"

  /// What is said where the repository that `path` lies in belongs to somebody else.
  static func remedyForOwnership(at path: String) -> String {
    "it belongs to another user; run: git config --global --add safe.directory \(ownedFolder(path))"
  }

  /// Returns the folder that git compares with `safe.directory`: the root of the work tree that `path` lies in.
  private static func ownedFolder(_ path: String) -> String {
    // The sentence names the folder that was given where no better one is found.
    guard let found = (try? gitDirectory(discoveredFrom: path)).flatMap(\.self) else { return path }
    if found.hasSuffix("/.git") { return String(found.dropLast(5)) }
    // Elsewhere below `.git` are the directories of linked worktrees and submodules, which are not what git compares.
    return found.contains("/.git/") ? path : found
  }

  /// Returns the git directory of the work tree that `path` lies in, whatever its format; `nil` where there is none.
  static func gitDirectory(discoveredFrom path: String) throws(GitError) -> String? {
    var buffer = unsafe git_buf()
    defer { unsafe git_buf_dispose(&buffer) }
    let attempt = "open a repository at \(path)"
    guard try found(unsafe git_repository_discover(&buffer, path, 1, nil), attempt) else { return nil }
    guard unsafe isText(buffer.ptr) else { throw unreadablePath(attempt) }
    return unsafe folder(buffer.ptr)
  }

  private static func unreadablePath(_ attempt: String) -> GitError {
    GitError(.unsupported, attempt, "its path is not UTF-8; move it to one that is")
  }
}
