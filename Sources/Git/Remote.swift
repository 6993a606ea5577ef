/// A repository that this one fetches from.
package struct Remote: Hashable, Sendable {
  /// Its name: `origin`.
  package let name: String
  /// What a fetch without arguments takes to where: `+refs/heads/*:refs/remotes/origin/*`.
  package let fetchRefspecs: [String]
  /// Whether this repository is to be the same as the remote, references and all.
  package let isMirror: Bool
}
