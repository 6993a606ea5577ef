import Foundation
import TestSupport

/// One run of a scene's command under a fault, and what is wrong afterwards.
struct Trial: Sendable {
  let scene: Scene
  /// The repository that the scene has prepared, which each trial gets a copy of.
  let template: World
  /// The ids of the events that were recorded before.
  let earlier: [String]
  let fault: Fault

  /// What came of it.
  struct Outcome: Sendable {
    /// How many faults there were: a command may start several programs, and each of them has its own.
    var faults = 0
    /// The complaints.
    var violations: [String] = []
    /// How many events were said to be recorded, in this trial and before it.
    var acknowledged = 0
    /// How many of them are gone.
    var lost = 0
    /// The locks that were left for a person to delete.
    var locks: [String] = []
    /// How long the recorder that came next took.
    var delay: Duration = .zero
  }

  /// How long a recorder waits for the lock, and for the notes.
  static let patience: Duration = .seconds(5.3)

  /// How long a recorder may take: its patience, and its work on a busy machine.
  static let bound = patience + .seconds(4)

  /// Plays the trial in a folder that does not exist yet.
  func play(in folder: String) throws -> Outcome {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    // Litter in the folder for temporary files is no failure.
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let world = try template.copy(to: folder + "/world")
    let trace = folder + "/trace"
    let words =
      ["timeout", "--kill-after=5", "60"] + (scene.isLocked ? world.lockHolder : [])
      + fault.prefix(folder: world.folder, trace: trace) + [world.tool] + scene.arguments
    let result = try world.run(words, in: world.place(scene.worktree), input: scene.input)
    var aftermath = Aftermath(scene: scene, fault: fault, world: world, earlier: earlier)
    let text = String(decoding: FileManager.default.contents(atPath: trace) ?? Data(), as: UTF8.self)
    switch fault {
    case .killed: aftermath.outcome.faults = Trace.kills(in: text)
    case .failed: aftermath.outcome.faults = Trace.failures(in: text)
    case .sizeLimit, .fullDisk: aftermath.outcome.faults = 1
    }
    if case .fullDisk = fault, result.status == 125 {
      throw ProcessFailure(command: "a small disk", result: result)
    }
    try aftermath.examine(result, mayHang: Trace.keepsThreadAsleep(text))
    return aftermath.outcome
  }
}
