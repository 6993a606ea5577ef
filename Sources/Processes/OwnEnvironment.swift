internal import Glibc

/// What this program was given by the one that started it.
package enum OwnEnvironment {
  /// The values of those of `names` that are set.
  ///
  /// A short command asks for the few that it looks at, since taking over all of them costs more than its own work.
  package static func values(of names: [String]) -> [String: String] {
    var values: [String: String] = [:]
    for name in names {
      if let value = unsafe getenv(name) { values[name] = unsafe String(cString: value) }
    }
    return values
  }

  /// Replaces all of it by `values`, also for the programs that are started from now on.
  package static func replace(with values: [String: String]) {
    clearenv()
    for (name, value) in values { unsafe setenv(name, value, 1) }
  }
}
