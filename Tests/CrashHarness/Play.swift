import Foundation
import TestSupport

/// All trials of a scene.
struct Play: Sendable {
  let scene: Scene
  let trials: [Trial]
  /// How many places there are at which a fault can happen.
  let points: Int

  /// Prepares a scene in `folder` and finds out where its command can fail.
  init(_ scene: Scene, tool: String, in folder: String, kinds: Kinds) throws {
    self.scene = scene
    let template = World(folder: folder + "/template", tool: tool)
    let earlier = try scene.set(up: template)
    var faults: [Fault] = []
    var points = 0
    if kinds.traces {
      let world = try template.copy(to: folder + "/rehearsal")
      let trace = folder + "/trace"
      let words = (scene.isLocked ? world.lockHolder : []) + Trace.command(to: trace) + [tool] + scene.arguments
      let result = try world.run(words, in: world.place(scene.worktree), input: scene.input)
      guard result.status == 0 || scene.isLocked else { throw ProcessFailure(command: scene.name, result: result) }
      let calls = Trace(String(decoding: FileManager.default.contents(atPath: trace) ?? Data(), as: UTF8.self)).points
      points += calls.count
      faults += calls.map { .killed(call: $0.call, $0.number) }
      faults += calls.flatMap { call in Fault.errors.map { .failed(call: call.call, call.number, error: $0) } }
    }
    let sizes = try Play.sizes(in: template.repository)
    faults += sizes.map { .sizeLimit($0) }
    points += sizes.count
    // The lock that is held would be another file on the small disk.
    if kinds.fillsDisks, !scene.isLocked {
      let spaces = Array(stride(from: 0, through: 160, by: 4))
      faults += spaces.map { .fullDisk($0) }
      points += spaces.count
    }
    self.points = points
    trials = faults.map { Trial(scene: scene, template: template, earlier: earlier, fault: $0) }
  }

  /// The kinds of faults that this machine lets us bring about.
  struct Kinds: Sendable {
    /// Whether system calls can be traced and made to fail.
    let traces: Bool
    /// Whether small file systems can be mounted.
    let fillsDisks: Bool
  }

  /// Limits for the size of files: around the sizes that the files which grow have, so that writes to each of them are
  /// cut at their beginning, in the middle and near their end.
  private static func sizes(in repository: String) throws -> [Int] {
    let names = try FileManager.default.subpathsOfDirectory(atPath: repository)
    let growing = names.filter {
      $0.hasSuffix(".jsonl") || $0.hasSuffix("clock.json") || $0.hasSuffix("kitty-telemetry")
    }
    var sizes: Set<Int> = [0, 1, 10, 40, 41, 100, 300, 1000, 2000, 4095, 8000, 20_000, 60_000]
    for name in growing {
      let attributes = try FileManager.default.attributesOfItem(atPath: "\(repository)/\(name)")
      guard attributes[.type] as? FileAttributeType == .typeRegular, let size = attributes[.size] as? Int else {
        continue
      }
      sizes.formUnion([size, size + 1, size + 60, size + 200, size + 426, size + 500])
      if size > 0 { sizes.insert(size - 1) }
    }
    return sizes.sorted()
  }
}
