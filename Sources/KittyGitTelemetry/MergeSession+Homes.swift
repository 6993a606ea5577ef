internal import Events
internal import Git
internal import Journal

// Homes for events whose commit is gone.
extension MergeSession {
  /// The commits that homeless events go to: the one that took their commit over, else the first commit whose log has
  /// them, else HEAD.
  func homes(
    of homeless: [DueEvent], _ feature: FeatureName, _ reach: Reachability, in repository: borrowing Repository
  ) throws(GitError) -> [EventID: ObjectID] {
    guard let head = head.commit, !homeless.isEmpty else { return [:] }
    var homes: [EventID: ObjectID] = [:]
    var searched: Set<EventID> = []
    for event in homeless {
      let carriers = events.entries[event.id]?.carriers ?? []
      if let home = carriers.compactMap({ reach.successors.successor(of: $0) }).min() {
        homes[event.id] = home
      } else {
        homes[event.id] = head
        searched.insert(event.id)
      }
    }
    guard !searched.isEmpty else { return homes }
    let log = "\(FeatureLocation.root)/\(feature)/\(LogFile.name)"
    try LogHistory(of: log, from: head, in: repository).locate(searched, in: repository) { event, commit in
      homes[event] = commit
    }
    return homes
  }
}

/// The versions of a log along the first parents of a commit.
private struct LogHistory {
  /// A version, and the first commit that has it.
  private struct Version {
    let log: ObjectID
    var commit: ObjectID
  }

  /// The versions, newest first, as far back as there is a log.
  private var versions: [Version] = []

  init(of path: String, from head: ObjectID, in repository: borrowing Repository) throws(GitError) {
    try repository.walk(from: [head], firstParentOnly: true) { id throws(GitError) in
      guard let commit = try repository.commit(id), let log = try repository.entry(at: path, in: commit.tree)?.id
      else { return false }
      if versions.last?.log == log {
        versions[versions.count - 1].commit = id
      } else {
        versions.append(Version(log: log, commit: id))
      }
      return true
    }
  }

  /// Calls `body` with each of `events` that the newest version has, and the commit that brought it.
  ///
  /// Each version is compared with the one before it, and only the lines in which they differ are read.
  func locate(
    _ events: Set<EventID>, in repository: borrowing Repository, _ body: (EventID, ObjectID) -> Void
  ) throws(GitError) {
    guard let newest = versions.first, let bytes = try repository.blob(newest.log) else { return }
    var searched = Set(EventSet(bytes).members(among: events))
    for (newer, older) in zip(versions, versions.dropFirst()) where !searched.isEmpty {
      // Of a version that this clone lacks nothing is known, and of those before it neither.
      guard let difference = try repository.difference(from: older.log, to: newer.log) else {
        for event in searched { body(event, newer.commit) }
        return
      }
      let before = Set(EventSet(difference.old).members(among: searched))
      for event in EventSet(difference.new).members(among: searched) where !before.contains(event) {
        searched.remove(event)
        body(event, newer.commit)
      }
    }
    guard let oldest = versions.last else { return }
    for event in searched { body(event, oldest.commit) }
  }
}
