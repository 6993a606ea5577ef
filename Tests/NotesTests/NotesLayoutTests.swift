import Git
import Notes
import TestSupport
import Testing

struct NotesLayoutTests {
  @Test(arguments: Answerer.allCases)
  func `a tree of git's is regular, and stays the one it is`(answerer: Answerer) throws {
    for count in [1, 20, 300] {
      let scratch = try NotedRepository(count: count)
      let repository = try open(scratch.path, for: answerer)
      let root = try NotesTree.setting(scratch.notes, in: nil, of: repository)
      #expect(try NotesTree.irregularities(of: root, in: repository).isEmpty)
      #expect(try NotesTree.regular(root, of: repository) == root)
    }
  }

  @Test func `a long flat tree becomes the one that git writes`() throws {
    let scratch = try NotedRepository(count: 300)
    let repository = try open(scratch.path)
    let flat = try scratch.tree(of: scratch.notes.map { ("\($0.annotated)", $0.blob) })
    #expect(try NotesTree.irregularities(of: flat, in: repository) == [.flat])
    let regular = try NotesTree.regular(flat, of: repository)
    let expected = try NotesTree.setting(scratch.notes, in: nil, of: repository)
    #expect(regular == expected)
  }

  @Test(arguments: Answerer.allCases)
  func `a note beside directories goes into one of them`(answerer: Answerer) throws {
    let scratch = try NotedRepository(count: 300)
    let repository = try open(scratch.path, for: answerer)
    let most = try NotesTree.setting(Array(scratch.notes.dropLast()), in: nil, of: repository)
    let last = try #require(scratch.notes.last)
    let mixed = try scratch.tree(from: most, with: ("\(last.annotated)", last.blob))
    #expect(try NotesTree.irregularities(of: mixed, in: repository) == [.mixed])
    let regular = try NotesTree.regular(mixed, of: repository)
    let expected = try NotesTree.setting(scratch.notes, in: nil, of: repository)
    #expect(regular == expected)
  }

  @Test func `what has changed between two trees is found, however they are laid out`() throws {
    let scratch = try NotedRepository(count: 300)
    let repository = try open(scratch.path)
    let all = try NotesTree.setting(scratch.notes, in: nil, of: repository)
    let flat = try scratch.tree(of: scratch.notes.map { ("\($0.annotated)", $0.blob) })
    let other = Note(annotated: scratch.notes[7].annotated, blob: scratch.notes[8].blob)
    let changed = try NotesTree.setting([other], in: all, of: repository)
    let changes = (
      forth: try NotesTree.changes(from: all, to: changed, in: repository),
      back: try NotesTree.changes(from: changed, to: all, in: repository),
      same: try NotesTree.changes(from: all, to: all, in: repository),
      laidOut: try NotesTree.changes(from: flat, to: changed, in: repository),
      none: try NotesTree.changes(from: all, to: nil, in: repository)
    )
    #expect(changes.forth == [other])
    #expect(changes.back == [scratch.notes[7]])
    #expect(changes.same.isEmpty && changes.none.isEmpty)
    #expect(changes.laidOut == [other])
    let every = try NotesTree.changes(from: nil, to: all, in: repository)
    #expect(Set(every) == Set(scratch.notes))
  }

  @Test(arguments: Answerer.allCases)
  func `the reference is laid out anew in one commit, and only where that is needed`(answerer: Answerer) throws {
    let scratch = try NotedRepository(count: 300)
    let repository = try open(scratch.path, for: answerer)
    let flat = try scratch.tree(of: scratch.notes.map { ("\($0.annotated)", $0.blob) })
    try scratch.point("refs/notes/x", at: flat)
    let ref = NotesRef(name: "refs/notes/x")
    #expect(try ref.regularise(in: repository, within: .seconds(1)))
    #expect(try !ref.regularise(in: repository, within: .seconds(1)))
    #expect(try scratch.repository.git("rev-list", "--count", "refs/notes/x") == "2")
    let notes = try ref.notes(in: repository)
    #expect(Set(notes) == Set(scratch.notes))
    try scratch.repository.git("fsck", "--strict")
  }
}
