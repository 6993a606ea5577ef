/// What is asked of a repository that only those can answer who know how git keeps its objects and references.
///
/// There are two: ``LibraryPlumbing`` asks libgit2, ``CommandPlumbing`` the git executable, slower and for the
/// repositories that libgit2 cannot open. Everything that can be said in terms of these functions is said once, in
/// ``Repository``, which also says what each of them promises.
protocol Plumbing: AnyObject {
  /// Where the repository's parts are.
  var layout: RepositoryLayout { get }
  /// Whether the history has been cut off.
  var isShallow: Bool { get }
  /// What git has begun in this work tree and not finished.
  var operationInProgress: Operation? { get }

  // Objects.
  func contains(_ id: ObjectID) throws(GitError) -> Bool
  func commit(named expression: String) throws(GitError) -> ObjectID?
  func commit(_ id: ObjectID) throws(GitError) -> Commit?
  func tree(_ id: ObjectID) throws(GitError) -> [TreeEntry]
  /// The entry `name` of the tree itself.
  func entry(named name: String, in tree: ObjectID) throws(GitError) -> TreeEntry?
  /// Lends the contents of blobs, in order, for as long as `body` runs; `nil` when one of them is absent.
  func withBlobs<Result>(_ ids: [ObjectID], _ body: ([UnsafeRawBufferPointer]) -> Result) throws(GitError) -> Result?
  func blobSize(_ id: ObjectID) throws(GitError) -> Int?
  func write(blob content: [UInt8]) throws(GitError) -> ObjectID
  func writeTree(
    from base: ObjectID?, setting entries: [TreeEntry], removing names: [String]
  ) throws(GitError) -> ObjectID
  func writeCommit(tree: ObjectID, parents: [ObjectID], message: String) throws(GitError) -> ObjectID

  // References and history.
  func head() throws(GitError) -> Head
  func reference(_ name: String) throws(GitError) -> ObjectID?
  func references() throws(GitError) -> [Reference]
  /// Returns the name that `name` leads to: itself unless it is symbolic.
  ///
  /// - Throws: ``GitError`` with ``GitError/Code/misdirected`` when it leads nowhere, or is a link in the file system.
  func target(of name: String) throws(GitError) -> String
  /// Moves a reference that is not symbolic.
  func move(_ name: String, from old: ObjectID?, to new: ObjectID, reason: String) throws(GitError)
  func reflog(of name: String) throws(GitError) -> [ReferenceStep]
  func mergeBase(of one: ObjectID, _ other: ObjectID) throws(GitError) -> ObjectID?
  /// Visits commits as ``Repository/walk(from:hiding:firstParentOnly:_:)`` does; no commit on the way is absent.
  func walk(
    from starts: [ObjectID], hiding hidden: [ObjectID], firstParentOnly: Bool,
    _ visit: (ObjectID) throws(GitError) -> Bool
  ) throws(GitError)

  // Settings and work trees.
  func configuration(_ key: String) throws(GitError) -> String?
  func configurations(_ key: String) throws(GitError) -> [String]
  func remotes() throws(GitError) -> [Remote]
  func worktrees() throws(GitError) -> [Worktree]
  func mergeHeads() throws(GitError) -> [ObjectID]
  func conflict(at path: String) throws(GitError) -> Conflict?
  func conflicts() throws(GitError) -> [(path: String, conflict: Conflict)]
  func isTracked(_ path: String) throws(GitError) -> Bool
  func stage(_ paths: [String]) throws(GitError)
  func blobName(ofFile path: String) throws(GitError) -> ObjectID?
}
