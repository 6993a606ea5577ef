internal import Events
internal import Git
internal import Journal
internal import Notes
package import SystemPackage

/// What git calls us for, after it has done something.
///
/// Hooks write the journal, notes, and the logs that git does not see; never the index, and never a file that git
/// tracks. What they cannot do within a fraction of a second they leave to the next hook or command.
package struct HookRunner {
  /// The hooks that are of use here.
  package enum Hook: String, CaseIterable, Sendable {
    case postCommit = "post-commit"
    case postMerge = "post-merge"
    case postRewrite = "post-rewrite"
    case postCheckout = "post-checkout"
  }

  private let directory: FilePath
  private let environment: [String: String]

  /// How long git waits for the lock and for the notes reference at most.
  private static let lockPatience: Duration = .milliseconds(200)
  private static let notePatience: Duration = .milliseconds(300)

  /// Creates a runner in the folder that git has called the hook in: the top of the work tree.
  package init(directory: FilePath, environment: [String: String]) {
    self.directory = directory
    self.environment = environment
  }

  /// Does what is to be done in a hook that git has called with `arguments`; `input` gives its standard input.
  ///
  /// Where nothing is to be done, no repository is opened.
  ///
  /// - Throws: ``TelemetryError`` with `environment` when something stood in the way.
  package func run(_ hook: Hook, _ arguments: [String], input: () throws -> [UInt8]) throws(TelemetryError) {
    // What is received in quarantine may yet be refused.
    guard environment["GIT_QUARANTINE_PATH"] == nil, let place = HookPlace(directory, environment: environment),
      place.journal.exists
    else { return }
    try environmental {
      do {
        switch hook {
        case .postCommit: try afterCommit(at: place)
        case .postMerge: try afterMerge(isSquash: arguments.first == "1", at: place)
        case .postRewrite: try afterRewrite(isAmendment: arguments.first == "amend", of: try input(), at: place)
        case .postCheckout:
          // Files that are checked out one by one leave the others alone.
          if arguments.last == "1" { try restoreView(at: place) }
        }
      } catch let error as JournalError {
        // Whoever has the lock is at work; what is left to do here can wait.
        guard case .locked = error.code else { throw error }
      }
    }
  }

  private func afterCommit(at place: HookPlace) throws {
    let journal = place.journal
    let hasSquash = journal.hasSquash(inWorktree: place.worktree)
    // After a merge that git stopped for conflicts this is the first hook that runs.
    let endsMerge = place.lastStep.contains("\tcommit (merge): ")
    let isUnsettled = try journal.isUnsettled(inWorktree: place.worktree)
    guard isUnsettled || hasSquash || endsMerge else { return }
    let repository = try place.repository()
    if hasSquash { try finishSquash(at: place, in: repository) }
    try settle(at: place, in: repository)
    if endsMerge { try restoreView(at: place) }
  }

  private func afterMerge(isSquash: Bool, at place: HookPlace) throws {
    guard isSquash else { return try restoreView(at: place) }
    let message = place.gitDirectory.appending("SQUASH_MSG")
    guard let file = try OpenFile.ifPresent(message) else { return }
    let taken = Successors.squashed(in: String(decoding: try file.readAll(), as: UTF8.self)).map(\.description)
    let repository = try place.repository()
    guard !taken.isEmpty, let head = try repository.head().commit else { return }
    let steps = try repository.reflog(of: "HEAD").count
    try place.journal.remember(
      CommonJournal.Squash(on: head.description, steps: steps, of: taken), inWorktree: place.worktree)
  }

  /// Lets the commit of a squash take over the notes of what it has taken in.
  private func finishSquash(at place: HookPlace, in repository: borrowing Repository) throws {
    guard let squash = try place.journal.takeSquash(inWorktree: place.worktree),
      let head = try repository.head().commit
    else { return }
    // Whoever gives a squash up resets the work tree, which is a step of its own in the reflog.
    let steps = try repository.reflog(of: "HEAD")
    let isNext =
      if let last = steps.last {
        steps.count == squash.steps + 1 && last.new == head && last.old?.description == squash.head
      } else {
        try repository.commit(head)?.parents.map(\.description) == [squash.head]
      }
    if isNext { try place.journal.inherit(head.description, from: squash.commits) }
  }

  private func afterRewrite(isAmendment: Bool, of list: [UInt8], at place: HookPlace) throws {
    let repository = try place.repository()
    var rewritten: [(old: ObjectID, new: ObjectID)] = []
    for line in String(decoding: list, as: UTF8.self).split(whereSeparator: \.isNewline) {
      let names = line.split(separator: " ").compactMap { ObjectID(hex: $0) }
      if names.count >= 2, names[0] != names[1] { rewritten.append((names[0], names[1])) }
    }
    let journal = place.journal
    let carriers = try carriers(among: rewritten.map(\.old), journal, in: repository)
    for (old, new) in rewritten where carriers.contains(old) {
      try journal.inherit(new.description, from: [old.description])
    }
    if try journal.isUnsettled(inWorktree: place.worktree) { try settle(at: place, in: repository) }
    if !isAmendment { try restoreView(at: place) }
  }

  /// Those of `commits` that have a note, or are to get one.
  private func carriers(
    among commits: [ObjectID], _ journal: CommonJournal, in repository: borrowing Repository
  ) throws -> Set<ObjectID> {
    let root = try NoteWriter.ref(of: repository).root(in: repository)
    let noted = try NotesTree.blobs(annotating: commits, in: root, of: repository).keys
    let unsettled = Set(journal.heldCommits + journal.heirs)
    return Set(noted).union(commits.filter { unsettled.contains($0.description) })
  }

  /// Gives waiting events their commits, and notes what they lack.
  private func settle(at place: HookPlace, in repository: borrowing Repository) throws {
    let lock = try place.journal.lock(within: HookRunner.lockPatience)
    try place.journal.adoptLateRecords()
    try WaitingEvents.settle(in: place.journal, worktree: place.worktree, of: repository)
    let writer = try NoteWriter(journal: place.journal, repository: repository)
    // Notes whose blobs are absent are told by whoever is asked about them.
    _ = try writer.settleAll(in: repository, within: HookRunner.notePatience)
    _ = consume lock
  }

  /// Brings back what git has swept out of the logs that it does not see.
  private func restoreView(at place: HookPlace) throws {
    let view = LogView(
      journal: place.journal, commonDirectory: place.commonDirectory, worktree: place.worktree, workTree: directory)
    guard try !view.isKnownToBeComplete() else { return }
    let repository = try place.repository()
    let lock = try place.journal.lock(within: HookRunner.lockPatience)
    try view.restore(in: repository)
    _ = consume lock
  }
}
