import TestSupport
import Testing

/// Whatever happens to history, nothing is lost: every event is in the log once and in a note on a commit that leads
/// to HEAD, and healing twice is healing once.
struct `Nothing is lost by` {
  private func heal(_ situation: Situation) throws {
    let stage = try Stage(situation.logs)
    try situation.play(stage)
    try stage.heal(by: situation.command)
    try stage.settle(by: situation.command)
  }

  @Test(arguments: Situation.merges) func `merging`(situation: Situation) throws { try heal(situation) }

  @Test(arguments: Situation.squashes) func `squashing`(situation: Situation) throws { try heal(situation) }

  @Test(arguments: Situation.rebases) func `rebasing`(situation: Situation) throws { try heal(situation) }

  @Test(arguments: Situation.rewrites) func `rewriting commits`(situation: Situation) throws { try heal(situation) }

  @Test(arguments: Situation.losses) func `losing a replica`(situation: Situation) throws { try heal(situation) }

  @Test(arguments: Situation.replicas) func `losing all but one replica`(situation: Situation) throws {
    try heal(situation)
  }

  @Test(arguments: Situation.races) func `another writer of notes`(situation: Situation) throws { try heal(situation) }

  @Test(arguments: Situation.waits) func `waiting for a commit`(situation: Situation) throws { try heal(situation) }

  @Test(arguments: Situation.sweeps) func `sweeping excluded logs away`(situation: Situation) throws {
    try heal(situation)
  }

  @Test(arguments: Situation.places) func `working in unusual places`(situation: Situation) throws {
    try heal(situation)
  }
}
