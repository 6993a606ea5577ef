internal import CLibgit2

extension LibraryPlumbing {
  func remotes() throws(GitError) -> [Remote] {
    var names = unsafe git_strarray()
    try check(unsafe git_remote_list(&names, handle.pointer), "list the remotes of \(commonDirectory)")
    defer { unsafe git_strarray_dispose(&names) }
    var remotes: [Remote] = []
    for index in 0..<(unsafe names.count) {
      guard let name = unsafe names.strings[index].map({ unsafe String(cString: $0) }) else { continue }
      let isMirror = try configuration("remote.\(name).mirror") == "true"
      remotes.append(Remote(name: name, fetchRefspecs: try fetchRefspecs(of: name), isMirror: isMirror))
    }
    return remotes.sorted { $0.name < $1.name }
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
