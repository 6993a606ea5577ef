import Git
import Notes
import TestSupport
import Testing

struct NotesTreeTests {
  @Test(arguments: [0, 1, 20, 64, 128, 300, 1000], Answerer.allCases)
  func `the tree is the one that git writes for the same notes`(count: Int, answerer: Answerer) throws {
    let scratch = try NotedRepository(count: count)
    let repository = try open(scratch.path, for: answerer)
    let ours = try NotesTree.setting(scratch.notes, in: nil, of: repository)
    guard count > 0 else { return #expect(try repository.tree(ours).isEmpty) }
    try scratch.writeNotesWithGit("git")
    #expect(try scratch.repository.git("rev-parse", "refs/notes/git^{tree}") == ours.description)
    let read = try NotesTree.notes(in: ours, of: repository)
    #expect(read == scratch.notes.sorted { $0.annotated < $1.annotated })
  }

  @Test func `names of 64 digits are laid out as git lays them out`() throws {
    let scratch = try NotedRepository(count: 300, "--object-format=sha256")
    let repository = try open(scratch.path)
    try scratch.writeNotesWithGit("theirs")
    let tree = try NotesTree.setting(scratch.notes, in: nil, of: repository)
    #expect(try scratch.repository.git("rev-parse", "refs/notes/theirs^{tree}") == "\(tree)")
    let notes = try NotesTree.notes(in: tree, of: repository)
    #expect(Set(notes) == Set(scratch.notes))
  }

  @Test(arguments: Answerer.allCases)
  func `notes written a few at a time give the same tree`(answerer: Answerer) throws {
    let scratch = try NotedRepository(count: 700)
    let repository = try open(scratch.path, for: answerer)
    var generator = SeededGenerator(seed: 7)
    var left = scratch.notes[...]
    var root: ObjectID?
    while !left.isEmpty {
      let batch = Array(left.prefix(Int.random(in: 1...9, using: &generator)))
      root = try NotesTree.setting(batch, in: root, of: repository)
      left = left.dropFirst(batch.count)
    }
    let whole = try NotesTree.setting(scratch.notes, in: nil, of: repository)
    #expect(root == whole)
  }

  @Test(arguments: Answerer.allCases)
  func `each note is found, and others are not`(answerer: Answerer) throws {
    let scratch = try NotedRepository(count: 300)
    let repository = try open(scratch.path, for: answerer)
    let root = try NotesTree.setting(scratch.notes, in: nil, of: repository)
    for note in scratch.notes {
      let blobs = try NotesTree.blobs(annotating: note.annotated, in: root, of: repository)
      #expect(blobs == [note.blob])
    }
    let absent = try id(String(repeating: "1", count: 40))
    let none = (
      try NotesTree.blobs(annotating: absent, in: root, of: repository),
      try NotesTree.blobs(annotating: absent, in: nil, of: repository)
    )
    #expect(none == ([], []))
  }

  @Test(arguments: Answerer.allCases)
  func `a tree with two levels of directories is followed`(answerer: Answerer) throws {
    let scratch = try NotedRepository(count: 3)
    let repository = try open(scratch.path, for: answerer)
    let first = scratch.notes[0]
    let hex = first.annotated.description
    let root = try scratch.tree(of: [(hex.spelled(2, 2), first.blob)])
    let found = try NotesTree.blobs(annotating: first.annotated, in: root, of: repository)
    #expect(found == [first.blob])

    let sibling = try id(String(hex.dropLast()) + (hex.hasSuffix("0") ? "1" : "0"))
    let changed = try NotesTree.setting([Note(annotated: sibling, blob: first.blob)], in: root, of: repository)
    let paths = try scratch.repository.git("ls-tree", "-r", "--name-only", "\(changed)")
    let expected = [hex.spelled(2, 2), sibling.description.spelled(2, 2)].sorted()
    #expect(paths.split(separator: "\n").map(String.init) == expected)
  }

  @Test(arguments: Answerer.allCases)
  func `a mixed tree becomes one that git can merge`(answerer: Answerer) throws {
    let scratch = try NotedRepository(count: 300)
    let repository = try open(scratch.path, for: answerer)
    let fanned = try NotesTree.setting(scratch.notes, in: nil, of: repository)
    // What libgit2 does where a directory is missing: flat entries beside the directories, one of them a second note.
    let late = try id(String(repeating: "ab", count: 20))
    let twice = scratch.notes[0].annotated
    let other = try repository.write(blob: Array("other\n".utf8))
    let mixed = try repository.writeTree(
      from: fanned,
      setting: [late, twice].map { TreeEntry(name: $0.description, id: other, kind: .blob) })
    let both = try NotesTree.blobs(annotating: twice, in: mixed, of: repository)
    #expect(Set(both) == [scratch.notes[0].blob, other])

    let written = scratch.notes[1]
    let clean = try NotesTree.setting([written], in: mixed, of: repository)
    let paths = try scratch.repository.git("ls-tree", "-r", "--name-only", "\(clean)").split(separator: "\n")
    #expect(paths.count == 301)
    #expect(paths.allSatisfy { $0.utf8.count == 41 })
    let joined = try NotesTree.blobs(annotating: twice, in: clean, of: repository)
    #expect(joined.count == 1)
    let text = try joined.first.flatMap { try repository.blob($0) }.map { String(decoding: $0, as: UTF8.self) }
    #expect(text == "other\nnote 0\n")

    try scratch.point("refs/notes/ours", at: clean)
    try scratch.point("refs/notes/theirs", at: fanned)
    try scratch.repository.git("notes", "--ref=ours", "merge", "-s", "cat_sort_uniq", "theirs")
    #expect(try scratch.repository.git("notes", "--ref=ours", "show", "\(twice)") == "note 0\nother")
  }

  @Test(arguments: Answerer.allCases)
  func `of two notes about one object none is lost when one is absent`(answerer: Answerer) throws {
    let scratch = try NotedRepository(count: 300)
    let repository = try open(scratch.path, for: answerer)
    let fanned = try NotesTree.setting(scratch.notes, in: nil, of: repository)
    let twice = scratch.notes[0].annotated
    let absent = try id(String(repeating: "1", count: 40))
    let mixed = try scratch.tree(from: fanned, with: (twice.description, absent))
    let changed = try NotesTree.setting([scratch.notes[1]], in: mixed, of: repository)
    let both = try NotesTree.blobs(annotating: twice, in: changed, of: repository)
    #expect(Set(both) == [scratch.notes[0].blob, absent])
  }

  @Test(arguments: Answerer.allCases)
  func `writing a note that has several spellings leaves one`(answerer: Answerer) throws {
    let scratch = try NotedRepository(count: 1)
    let repository = try open(scratch.path, for: answerer)
    let note = scratch.notes[0]
    let hex = note.annotated.description
    let root = try scratch.tree(of: [(hex, note.blob), (hex.spelled(2), note.blob), (hex.spelled(2, 2), note.blob)])
    let blobs = try NotesTree.blobs(annotating: note.annotated, in: root, of: repository)
    #expect(blobs.count == 3)
    let clean = try NotesTree.setting([note], in: root, of: repository)
    #expect(try scratch.repository.git("ls-tree", "-r", "--name-only", "\(clean)") == hex.spelled(2, 2))
  }

  @Test(arguments: [3, 300])
  func `entries that are no notes stay`(count: Int) throws {
    let scratch = try NotedRepository(count: count)
    let repository = try open(scratch.path)
    let foreign = ["README", "folder/file", "abc", "zz", "folder/\(scratch.notes[0].annotated)"]
    let root = try scratch.tree(of: foreign.map { ($0, scratch.notes[0].blob) })
    let written = try NotesTree.setting(scratch.notes, in: root, of: repository)
    let paths = try scratch.repository.git("ls-tree", "-r", "--name-only", "\(written)").split(separator: "\n")
    #expect(Set(foreign).isSubset(of: Set(paths.map(String.init))))
    #expect(paths.count == count + foreign.count)
    let notes = try NotesTree.notes(in: written, of: repository)
    #expect(notes.count == count)
  }

  @Test(arguments: Answerer.allCases)
  func `a file where a directory should be keeps its place`(answerer: Answerer) throws {
    let scratch = try NotedRepository(count: 300)
    let repository = try open(scratch.path, for: answerer)
    let digits = String(scratch.notes[0].annotated.description.prefix(2))
    let root = try scratch.tree(of: [(digits, scratch.notes[1].blob)])
    let written = try NotesTree.setting(scratch.notes, in: root, of: repository)
    let entry = try repository.entry(at: digits, in: written)
    #expect(entry?.kind == .blob)
    let notes = try NotesTree.notes(in: written, of: repository)
    #expect(notes == scratch.notes.sorted { $0.annotated < $1.annotated })
  }
}

extension String {
  /// Spells an object's name with directories of the given numbers of digits.
  fileprivate func spelled(_ directories: Int...) -> String {
    var rest = self[...]
    var parts: [Substring] = []
    for count in directories {
      parts.append(rest.prefix(count))
      rest = rest.dropFirst(count)
    }
    return (parts + [rest]).joined(separator: "/")
  }
}
