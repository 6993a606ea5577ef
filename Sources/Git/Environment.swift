internal import CSystemCalls
internal import Glibc

/// Returns the value of an environment variable; an empty one counts as none, as it does for git's identities.
func environment(_ name: String) -> String? {
  guard let value = unsafe getenv(name) else { return nil }
  let text = unsafe String(cString: value)
  return text.isEmpty ? nil : text
}

/// The variables of this process, each as `<name>=<value>`, of whose names `isKept` is true.
func ownEnvironment(_ isKept: (String) -> Bool) -> [String] {
  var variables: [String] = []
  let own = unsafe own_environment()
  var index = 0
  while let variable = unsafe own?[index] {
    index += 1
    let text = unsafe String(cString: variable)
    if isKept(String(text.prefix { $0 != "=" })) { variables.append(text) }
  }
  return variables
}

/// The environment of a git that takes the place of libgit2: what this process has, without what would make it look
/// elsewhere, act otherwise or ask somebody.
func environmentOfPlumbing() -> [String] {
  // Where git is, and what libgit2 reads too.
  let kept = ["GIT_EXEC_PATH", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM"]
  let replaced = ["LC_ALL", "LANGUAGE"]
  var variables = ownEnvironment { name in
    (!name.hasPrefix("GIT_") || kept.contains(name)) && !replaced.contains(name)
  }
  if let folder = Library.configurationFolder {
    variables.removeAll { $0.hasPrefix("GIT_CONFIG_") }
    variables += ["GIT_CONFIG_GLOBAL=\(folder)/.gitconfig", "GIT_CONFIG_SYSTEM=\(folder)/gitconfig"]
  }
  return variables + [
    // Its words are read.
    "LC_ALL=C",
    // What libgit2 does: real objects only, and as deep in mounts as it takes.
    "GIT_NO_REPLACE_OBJECTS=1", "GIT_DISCOVERY_ACROSS_FILESYSTEM=1",
    // An object that a partial clone lacks is absent, not to be fetched; a git that does not know the first variable
    // finds no way that it may use.
    "GIT_NO_LAZY_FETCH=1", "GIT_ALLOW_PROTOCOL=", "GIT_TERMINAL_PROMPT=0", "GIT_OPTIONAL_LOCKS=0",
  ]
}
