internal import CLibgit2

extension LibraryPlumbing {
  func remotes() throws(GitError) -> [Remote] {
    var remotes: [Remote] = []
    for name in try remoteNames() {
      let isMirror = try configuration("remote.\(name).mirror") == "true"
      remotes.append(Remote(name: name, fetchRefspecs: try fetchRefspecs(of: name), isMirror: isMirror))
    }
    return remotes
  }

  /// The names that have an address, in order.
  ///
  /// libgit2 1.5 has a function for this, which never frees what it needed to look at any other setting.
  private func remoteNames() throws(GitError) -> [String] {
    let attempt = "list the remotes of \(commonDirectory)"
    let snapshot = try unsafe Handle(freedBy: git_config_free, attempt) {
      unsafe git_repository_config_snapshot(&$0, handle.pointer)
    }
    let iterator = try unsafe Handle(freedBy: git_config_iterator_free, attempt) {
      unsafe git_config_iterator_new(&$0, snapshot.pointer)
    }
    var names: Set<String> = []
    var entry: UnsafeMutablePointer<git_config_entry>?
    while try found(unsafe git_config_next(&entry, iterator.pointer), attempt, absence: .end) {
      guard let key = unsafe entry?.pointee.name.map({ unsafe String(cString: $0) }) else { continue }
      for ending in [".url", ".pushurl"] where key.hasPrefix("remote.") && key.hasSuffix(ending) {
        // A setting for all remotes has no name between the two.
        let name = key.dropFirst("remote.".count).dropLast(ending.count)
        if key.utf8.count > "remote.".utf8.count + ending.utf8.count { names.insert(String(name)) }
      }
    }
    return names.sorted()
  }

  private func fetchRefspecs(of name: String) throws(GitError) -> [String] {
    let attempt = "read the remote \(name)"
    let remote = try unsafe Handle(freedBy: git_remote_free, attempt) {
      unsafe git_remote_lookup(&$0, handle.pointer, name)
    }
    var specs = unsafe git_strarray()
    try check(unsafe git_remote_get_fetch_refspecs(&specs, remote.pointer), attempt)
    defer { unsafe git_strarray_dispose(&specs) }
    return unsafe (0..<specs.count).compactMap { index in
      unsafe specs.strings[index].map { unsafe String(cString: $0) }
    }
  }
}
