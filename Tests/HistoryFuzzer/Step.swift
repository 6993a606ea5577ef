/// An operation of a history.
struct Step: Sendable {
  let name: String
  /// Does it, and returns whether it had an effect: git refuses much of what is tried.
  let run: @Sendable (History) throws -> Bool

  /// Each operation as often as it shall come up in a hundred or so.
  static let all: [Step] = weighted.flatMap { weight, step in Array(repeating: step, count: weight) }

  private static let weighted: [(Int, Step)] = [
    (12, Step(name: "commit") { try $0.commit() }),
    (14, Step(name: "emit") { try $0.emit() }),
    (5, Step(name: "emit for the next commit") { try $0.emitForNextCommit() }),
    (3, Step(name: "emit for another commit") { try $0.emitForAnotherCommit() }),
    (2, Step(name: "emit many") { try $0.emitMany() }),
    (2, Step(name: "emit again") { try $0.emitAgain() }),
    (6, Step(name: "kill an emit") { try $0.killEmit() }),
    (3, Step(name: "emit at once") { try $0.emitAtOnce() }),
    (2, Step(name: "emit behind a lock") { try $0.emitBehindLock() }),
    (2, Step(name: "emit from elsewhere") { try $0.emitFromElsewhere() }),
    (1, Step(name: "flush") { try $0.flush() }),
    (5, Step(name: "amend") { try $0.amend() }),
    (5, Step(name: "rebase") { try $0.rebase() }),
    (3, Step(name: "fix up") { try $0.fixUp() }),
    (4, Step(name: "squash") { try $0.squash() }),
    (2, Step(name: "squash elsewhere") { try $0.squashElsewhere() }),
    (4, Step(name: "cherry-pick") { try $0.cherryPick() }),
    (2, Step(name: "mail") { try $0.mail() }),
    (1, Step(name: "revert") { try $0.revert() }),
    (6, Step(name: "merge a lane") { try $0.mergeLane() }),
    (3, Step(name: "merge main") { try $0.mergeMain() }),
    (7, Step(name: "add a worktree") { try $0.addWorktree() }),
    (5, Step(name: "remove a worktree") { try $0.removeWorktree() }),
    (2, Step(name: "detach") { try $0.detach() }),
    (1, Step(name: "rename a branch") { try $0.renameBranch() }),
    (1, Step(name: "tag") { try $0.tag() }),
    (4, Step(name: "reset") { try $0.reset() }),
    (3, Step(name: "reset and commit") { try $0.resetAndCommit() }),
    (3, Step(name: "gc") { try $0.collectGarbage() }),
    (4, Step(name: "damage notes") { try $0.damageNotes() }),
    (4, Step(name: "damage a log") { try $0.damageLog() }),
    (2, Step(name: "tear a file") { try $0.tearFile() }),
    (3, Step(name: "commit the log") { try $0.commitLog() }),
    (9, Step(name: "join") { try $0.join() }),
    (3, Step(name: "repair") { try $0.repair() }),
    (3, Step(name: "look") { try $0.look() }),
    (2, Step(name: "kill a join") { try $0.killJoin() }),
    (1, Step(name: "lose the journal") { try $0.loseJournal() }),
  ]
}
