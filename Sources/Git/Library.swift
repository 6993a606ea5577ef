internal import CLibgit2
internal import Synchronization

/// The libgit2 library as a whole.
///
/// It is initialised on first use and never shut down: initialising it costs more than everything else a short
/// command does, so a command that asks nothing of a repository does not reach it.
package enum Library {
  /// The status of the one initialisation; a `static let` runs once, whichever thread comes first.
  private static let status: CInt = {
    let initialised = git_libgit2_init()
    if initialised < 0 { return initialised }
    let extended = kitty_set_extensions()
    // A level of a notes tree with 256 folders takes eight kilobytes, is looked at and then changed: by itself libgit2
    // reads, unpacks and hashes it each time.
    return extended < 0 ? extended : kitty_set_cache_limit(GIT_OBJECT_TREE, 1 << 16)
  }()

  /// Initialises libgit2 unless that has been done.
  static func start() throws(GitError) {
    try check(status, "start libgit2")
  }

  /// Where configuration is read from if not where it usually is; for the git executable to do the same.
  static var configurationFolder: String? { configuredFolder.withLock { $0 } }
  private static let configuredFolder = Mutex<String?>(nil)

  /// Makes libgit2 look for the user's and the machine's configuration in `folder` and nowhere else.
  ///
  /// It is meant for tests, which must not depend on who runs them. It holds for the whole process, so it must be
  /// called before the first repository is opened.
  package static func readConfiguration(onlyFrom folder: String) throws(GitError) {
    try start()
    configuredFolder.withLock { $0 = folder }
    let levels = [
      GIT_CONFIG_LEVEL_PROGRAMDATA, GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_GLOBAL,
    ]
    for level in levels {
      try check(unsafe kitty_set_search_path(level.rawValue, folder), "read configuration from \(folder)")
    }
  }
}
