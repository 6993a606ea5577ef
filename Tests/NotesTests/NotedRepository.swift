import Git
import Notes
import TestSupport

/// A repository with blobs to annotate and a note for each of them, in no tree yet.
struct NotedRepository {
  let repository: TestRepository
  let notes: [Note]

  var path: String { repository.path }

  init(count: Int, _ options: String...) throws {
    repository = try TestRepository(options)
    let opened = try open(repository.path)
    var notes: [Note] = []
    for number in 0..<count {
      let annotated = try opened.write(blob: Array("object \(number)\n".utf8))
      notes.append(Note(annotated: annotated, blob: try opened.write(blob: Array("note \(number)\n".utf8))))
    }
    self.notes = notes
  }

  /// Has git itself write the notes to `refs/notes/<name>`.
  ///
  /// All but the last go in at once, as a flat tree; the last goes through `git notes`, which lays out all of them.
  func writeNotesWithGit(_ name: String) throws {
    var commands = "commit refs/notes/\(name)\ncommitter Test Person <test@example.com> 1700000000 +0000\ndata 0\n"
    for note in notes.dropLast() { commands += "M 100644 \(note.blob) \(note.annotated)\n" }
    if notes.count > 1 { try repository.git("fast-import", "--quiet", "--force", input: Array(commands.utf8)) }
    guard let last = notes.last else { return }
    try repository.git("notes", "--ref=\(name)", "add", "-C", "\(last.blob)", "\(last.annotated)")
  }

  /// Writes a tree with git, which takes any path and any name of an object.
  func tree(of entries: [(path: String, blob: ObjectID)]) throws -> ObjectID {
    try repository.git("read-tree", "--empty")
    for entry in entries {
      try repository.git("update-index", "--add", "--cacheinfo", "100644,\(entry.blob),\(entry.path)")
    }
    return try id(repository.git("write-tree", "--missing-ok"))
  }

  /// Writes `base` with one more entry, whether or not its blob exists.
  func tree(from base: ObjectID, with entry: (path: String, blob: ObjectID)) throws -> ObjectID {
    try repository.git("read-tree", "\(base)")
    try repository.git("update-index", "--add", "--cacheinfo", "100644,\(entry.blob),\(entry.path)")
    return try id(repository.git("write-tree", "--missing-ok"))
  }

  /// Commits `tree` and makes `reference` point to the commit.
  func point(_ reference: String, at tree: ObjectID) throws {
    try repository.git("update-ref", reference, repository.git("commit-tree", "\(tree)", "-m", "notes"))
  }
}
