import Events
import Git
import Notes
import TestSupport
import Testing

/// What other programs took out of the notes is found in their past.
struct NotesHistoryTests {
  private let scratch: TestRepository
  private let commit: ObjectID
  private let ref = NotesRef(name: "refs/notes/x")

  init() throws {
    scratch = try TestRepository()
    commit = try id(scratch.commit("work"))
  }

  private func join(_ line: String) throws {
    let repository = try open(scratch.path)
    _ = try ref.join([commit: EventSet(Array("\(line)\n".utf8))], in: repository, within: .seconds(1))
  }

  /// The texts of the past notes.
  private func past(since joined: ObjectID? = nil) throws -> [String] {
    let repository = try open(scratch.path)
    return try ref.pastNotes(since: joined, in: repository).map { note in
      String(decoding: try #require(try repository.blob(note.blob)), as: UTF8.self)
    }
  }

  private var tip: ObjectID {
    get throws { try id(scratch.git("rev-parse", "refs/notes/x")) }
  }

  @Test func `our own commits lose nothing, so nothing of theirs is returned`() throws {
    #expect(try past().isEmpty)
    for line in ["one", "two", "three"] { try join(line) }
    #expect(try past().isEmpty)
  }

  @Test func `a note that git has removed or replaced is returned once`() throws {
    try join("one")
    try scratch.git("notes", "--ref=x", "add", "-f", "-m", "something else", "\(commit)")
    #expect(try past() == ["one\n"])
    let joined = try tip
    try scratch.git("notes", "--ref=x", "remove", "\(commit)")
    #expect(try Set(past()) == ["one\n", "something else\n"])
    #expect(try past(since: joined) == ["something else\n"])
    #expect(try past(since: tip).isEmpty)
  }

  @Test func `a commit that another one has overtaken is found in the reflog`() throws {
    try join("one")
    let before = try tip
    try join("two")
    // What a program does that has read the reference before we moved it.
    let overtaking = try scratch.git("commit-tree", "\(before)^{tree}", "-p", "\(before)", "-m", "notes")
    try scratch.git("update-ref", "--create-reflog", "refs/notes/x", overtaking)
    #expect(try past() == ["one\ntwo\n"])
    #expect(try past(since: tip).isEmpty)
  }

  @Test func `what a merge of notes left out is returned from both sides`() throws {
    try join("one")
    let fork = try tip
    try join("two")
    let ours = try tip
    let theirs = try scratch.git("commit-tree", "\(fork)^{tree}", "-p", "\(fork)", "-m", "theirs")
    let merge = try scratch.git("commit-tree", "\(fork)^{tree}", "-p", theirs, "-p", "\(ours)", "-m", "merge")
    try scratch.git("update-ref", "refs/notes/x", merge)
    #expect(try past() == ["one\ntwo\n"])
  }

  @Test func `fetched notes are compared with our own`() throws {
    let repository = try open(scratch.path)
    try join("one")
    #expect(try ref.fetched(in: repository).isEmpty)
    try scratch.git("update-ref", "refs/notes/remotes/origin/x", "refs/notes/x")
    try scratch.git("update-ref", "refs/notes/remotes/origin/y", "refs/notes/x")
    let fetched = try ref.fetched(in: repository)
    #expect(fetched == [ref.fetched(from: "origin")])
    #expect(try ref.notes(missingFrom: fetched[0], in: repository).isEmpty)
    try scratch.git("notes", "--ref=remotes/origin/x", "append", "-m", "two", "\(commit)")
    #expect(try ref.notes(missingFrom: fetched[0], in: repository).map(\.annotated) == [commit])
  }
}
