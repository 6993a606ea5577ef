import Foundation
import Git
import Notes
import TestSupport
import Testing

struct NotesRefTests {
  private let ref = NotesRef()

  /// Adds `line` to whatever notes there are, as lines.
  private func adding(_ line: String) -> (ObjectID, [[UInt8]]) -> [UInt8]? {
    { _, bodies in
      let lines = bodies.flatMap { $0.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) } }
      return Array((Set(lines + [line]).sorted().joined(separator: "\n") + "\n").utf8)
    }
  }

  @Test func `a thousand notes are ones that git reads`() throws {
    let scratch = try NotedRepository(count: 1000)
    let repository = try open(scratch.path)
    let objects = scratch.notes.map(\.annotated)
    let update = try ref.update(objects, in: repository, subject: "Record", adding("line"))
    #expect(update.written == objects)
    #expect(update.absent.isEmpty)
    let list = try scratch.repository.git("notes", "--ref=kitty-telemetry", "list").split(separator: "\n")
    #expect(list.count == 1000)
    #expect(try scratch.repository.git("notes", "--ref=kitty-telemetry", "show", "\(objects[500])") == "line")
    #expect(try scratch.repository.git("log", "--format=%s|%an", ref.name) == "Record|Test Person")
    #expect(try scratch.repository.git("fsck", "--strict", "--no-dangling").isEmpty)
    let notes = try ref.notes(in: repository)
    #expect(Set(notes.map(\.annotated)) == Set(objects))
  }

  @Test(arguments: Answerer.allCases)
  func `git notes append and an update lose nothing to each other`(answerer: Answerer) throws {
    let scratch = try NotedRepository(count: 1)
    let object = scratch.notes[0].annotated
    let repository = try open(scratch.path, for: answerer)
    _ = try ref.update([object], in: repository, subject: "Record", adding("ours 1"))
    try scratch.repository.git("notes", "--ref=kitty-telemetry", "append", "-m", "theirs", "\(object)")
    _ = try ref.update([object], in: repository, subject: "Record", adding("ours 2"))
    let bodies = try ref.bodies(of: object, in: repository)
    #expect(bodies == [Array("ours 1\nours 2\ntheirs\n".utf8)])
    #expect(try scratch.repository.git("rev-list", "--count", ref.name) == "3")
  }

  @Test(arguments: Answerer.allCases)
  func `what does not change is not written`(answerer: Answerer) throws {
    let scratch = try NotedRepository(count: 2)
    let objects = scratch.notes.map(\.annotated)
    let repository = try open(scratch.path, for: answerer)
    let nothing = try ref.update(objects, in: repository, subject: "Record") { _, _ in nil }
    let before = try ref.tip(in: repository)
    #expect(nothing.written.isEmpty)
    #expect(before == nil)
    _ = try ref.update(objects, in: repository, subject: "Record", adding("line"))
    let tip = try ref.tip(in: repository)
    let same = try ref.update(objects, in: repository, subject: "Record", adding("line"))
    let after = try ref.tip(in: repository)
    #expect(same.written.isEmpty)
    #expect(after == tip)
    let one = try ref.update([objects[0], objects[0]], in: repository, subject: "Record", adding("more"))
    #expect(one.written == [objects[0]])
  }

  @Test(arguments: [false, true])
  func `a writer that comes between makes the update begin again`(exists: Bool) throws {
    let scratch = try NotedRepository(count: 2)
    let objects = scratch.notes.map(\.annotated)
    let repository = try open(scratch.path)
    if exists { _ = try ref.update(objects, in: repository, subject: "Record", adding("old")) }
    var calls = 0
    let update = try ref.update([objects[0]], in: repository, subject: "Record") { object, bodies in
      calls += 1
      if calls == 1 {
        let other = try open(scratch.path)
        _ = try ref.update(objects, in: other, subject: "Record", adding("between"))
      }
      return adding("late")(object, bodies)
    }
    #expect(calls == 2)
    #expect(update.written == [objects[0]])
    let bodies = (try ref.bodies(of: objects[0], in: repository), try ref.bodies(of: objects[1], in: repository))
    let old = exists ? "old\n" : ""
    #expect(bodies.0 == [Array("between\nlate\n\(old)".utf8)])
    #expect(bodies.1 == [Array("between\n\(old)".utf8)])
  }

  @Test(arguments: Answerer.allCases)
  func `a note whose blob is absent is never overwritten`(answerer: Answerer) throws {
    let scratch = try NotedRepository(count: 2)
    let repository = try open(scratch.path, for: answerer)
    let objects = scratch.notes.map(\.annotated)
    let absent = try id(String(repeating: "1", count: 40))
    try scratch.point(ref.name, at: scratch.tree(of: [("\(objects[0])", absent)]))
    let update = try ref.update(objects, in: repository, subject: "Record", adding("line"))
    #expect(update.absent == [objects[0]])
    #expect(update.written == [objects[1]])
    let kept = try NotesTree.blobs(annotating: objects[0], in: ref.root(in: repository), of: repository)
    #expect(kept == [absent])
  }

  @Test(arguments: Answerer.allCases)
  func `a lock left behind ends in words that name it`(answerer: Answerer) throws {
    let scratch = try NotedRepository(count: 1)
    let repository = try open(scratch.path, for: answerer)
    let lock = scratch.path + "/.git/refs/notes/kitty-telemetry.lock"
    try scratch.repository.write(".git/refs/notes/kitty-telemetry.lock", "")
    let clock = ContinuousClock()
    let start = clock.now
    let error = #expect(throws: NotesError.self) {
      _ = try ref.update(
        [scratch.notes[0].annotated], in: open(scratch.path, for: answerer), subject: "Record",
        within: .milliseconds(100),
        adding("line"))
    }
    #expect(start.duration(to: clock.now) < .seconds(5))
    #expect(error?.code == .contended)
    let reason =
      "another process has held its lock for 0.1 seconds; if no git command is running, delete "
      + "\(lock), or let repair do so in a minute"
    #expect(error?.description == "cannot write refs/notes/kitty-telemetry: \(reason)")
    try FileManager.default.removeItem(atPath: lock)
    _ = try ref.update([scratch.notes[0].annotated], in: repository, subject: "Record", adding("line"))
  }

  @Test func `a reference to something that is no commit is refused`() throws {
    let scratch = try NotedRepository(count: 1)
    try scratch.repository.git("update-ref", ref.name, "\(scratch.notes[0].blob)")
    let error = #expect(throws: NotesError.self) { _ = try ref.root(in: open(scratch.path)) }
    #expect(error?.code == .malformed)
  }

  @Test func `what the caller throws comes back as its refusal`() throws {
    struct TooLarge: Error {}
    let scratch = try NotedRepository(count: 1)
    let error = #expect(throws: NotesError.self) {
      _ = try ref.update([scratch.notes[0].annotated], in: open(scratch.path), subject: "Record") { _, _ in
        throw TooLarge()
      }
    }
    #expect(error?.code == .refused)
    #expect(error?.cause is TooLarge)
  }
}
