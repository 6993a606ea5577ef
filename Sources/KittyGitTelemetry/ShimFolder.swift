internal import Journal
internal import SystemPackage

/// The folder of the shims of a repository, and what is around it on `PATH`.
struct ShimFolder {
  /// The folder.
  let path: FilePath
  /// The other folders of `PATH`, in order.
  let others: [FilePath]
  /// Whether the folder is on `PATH`, in front of all programs that it has shims of.
  let isInFront: Bool

  /// Finds the folder in a repository, and its place on the `PATH` of an environment.
  init(at place: SetupPlace, from directory: FilePath, environment: [String: String]) {
    path = Shim.folder(of: place.commonDirectory)
    let folders = (environment["PATH"] ?? "").split(separator: ":").map { directory.pushing(FilePath(String($0))) }
    let own = FileSystem.resolved(path)
    others = folders.filter { FileSystem.resolved($0) != own }
    let before = folders.prefix { FileSystem.resolved($0) != own }
    isInFront =
      before.count < folders.count
      && !FileSystem.names(in: own).contains { Shim($0, in: own).program(among: Array(before)) != nil }
  }

  /// The shims that there are.
  var shims: [Shim] { FileSystem.names(in: path).sorted().map { Shim($0, in: path) }.filter { Shim.isShim($0.path) } }

  /// The known agents that are installed.
  var installedAgents: [String] { Shim.agents.filter { Shim($0, in: path).program(among: others) != nil } }

  /// The line that puts the folder in front of `PATH`.
  var line: String { "export PATH=\(shellWord(path.string)):\"$PATH\"" }

  /// Removes the folder once it is empty, and the journal's where that has nothing else.
  func removeIfEmpty() throws(JournalError) {
    try FileSystem.removeEmptyFolder(path)
    try FileSystem.removeEmptyFolder(path.removingLastComponent())
  }
}
