import Events
import Foundation
import TestSupport
import Testing

// What must hold after `merge` or `repair`.
extension Stage {
  /// Runs the command that heals, which must succeed, and checks that nothing is missing.
  func heal(by command: [String] = ["merge"], sourceLocation: SourceLocation = #_sourceLocation) throws {
    try run(command, sourceLocation: sourceLocation)
    try expectWhole(sourceLocation: sourceLocation)
  }

  /// Runs the command once more and commits what it wrote: it changes neither logs, nor clocks, nor notes, and when they
  /// are committed there is still nothing to do.
  func settle(by command: [String], sourceLocation: SourceLocation = #_sourceLocation) throws {
    let before = try state()
    if command.first == "merge" {
      try run(command + ["--commit"], sourceLocation: sourceLocation)
    } else {
      try run(command, sourceLocation: sourceLocation)
      try git("add", "--force", "kitty-specs", in: place)
      try git("commit", "--quiet", "--allow-empty", "-m", "Record the telemetry", in: place)
    }
    #expect(try state() == before, "a second run changes nothing", sourceLocation: sourceLocation)
    for feature in due.keys {
      let log = repository.log(feature)
      let committed = try repository.attempt(["show", "HEAD:\(log)"], in: place).output
      #expect(try committed == repository.read(place + "/" + log), "the log at HEAD", sourceLocation: sourceLocation)
    }
    try expectVerified(sourceLocation: sourceLocation)
  }

  private func run(_ command: [String], sourceLocation: SourceLocation) throws {
    let result = try repository.startTool(command, in: place).wait()
    #expect(result.status == 0, "\(command): \(result.errorText)", sourceLocation: sourceLocation)
  }

  /// Checks that every due event is in its log once and in a note on a commit that leads to HEAD, and that neither
  /// git nor `verify` finds fault.
  func expectWhole(sourceLocation: SourceLocation = #_sourceLocation) throws {
    #expect(try loggedIDs() == due.mapValues { $0.sorted() }, "the logs", sourceLocation: sourceLocation)
    let noted = Set(try repository.notedIDs(in: place))
    #expect(noted == Set(due.values.joined()), "the notes", sourceLocation: sourceLocation)
    try expectVerified(sourceLocation: sourceLocation)
    let fsck = try repository.attempt(["fsck", "--strict", "--no-dangling", "--no-progress"], in: place)
    #expect(
      fsck.status == 0 && fsck.output.isEmpty && fsck.errors.isEmpty, "\(fsck.outputText)\(fsck.errorText)",
      sourceLocation: sourceLocation)
  }

  /// Checks that `verify` finds no fault.
  func expectVerified(sourceLocation: SourceLocation = #_sourceLocation) throws {
    let verified = try repository.tool("verify", in: place)
    #expect(verified.status == 0, "\(verified.outputText)\(verified.errorText)", sourceLocation: sourceLocation)
  }

  /// The ids in the logs of the work tree, by folder.
  private func loggedIDs() throws -> [String: [String]] {
    let root = place + "/kitty-specs"
    // A sparse checkout may have no such folder.
    let features = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
    let logged = features.map { feature in
      (feature, events(repository.lines(place + "/" + repository.log(feature))).map(\.id.description).sorted())
    }
    return Dictionary(uniqueKeysWithValues: logged).filter { !$0.value.isEmpty }
  }

  /// All that healing writes.
  func state() throws -> [String: Data] {
    let root = place + "/kitty-specs"
    var state = FileManager.default.fileExists(atPath: root) ? try listing(root) : [:]
    let tip = try repository.attempt(["rev-parse", "-q", "--verify", "refs/notes/kitty-telemetry"], in: place)
    state["notes"] = Data(tip.output)
    return state
  }
}
